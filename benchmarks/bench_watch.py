"""From a save to the verdict in `nbkata watch`, beside a cold `pytest` on the same tests.

    python benchmarks/bench_watch.py [--quick]

At the ends of steps 04, 08 and 12: one more line of code in src/train.py is saved, and the time
until both lights are known is taken; then `python -m pytest` runs the learner's tests once, in
turn. Such a save leaves what the models learn from as it was, as a refactoring does, and watch
remembers what they learnt; a save that splits the rows otherwise is timed beside it. Where a step
has checks that take their time (planted changes, models broken on purpose), two figures are given:
until the quick checks have lit both lights, which is what is compared, and until all have.
At last, what an idle watch takes: per cent of a core and memory, all its processes together.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.watch.shell.watch import Lit, StepChecked, Watch

STEPS = ("04", "08", "12")
WAITS_FOR_ALL = ("08", "12")
"""At step 04 planting changes takes a minute: it is not waited for."""
SPLIT = "test_size=0.2"
TARGET_S, TARGET_RATIO = 0.6, 5.0
TARGET_CPU, TARGET_MB = 1.0, 400
IDLE_S = 20


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, one a save."""

    lit: list[float]
    """Until both lights are known, slow checks apart."""
    checked: list[float]
    """Until all is known; empty where that is not waited for."""
    moved: list[float]
    """Until both lights are known after a save that changes what the models learn from."""
    cold: list[float]
    """Of pytest."""


def main() -> int:
    """Print the figures of each step; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description="Time nbkata watch beside a cold pytest.")
    parser.add_argument("--quick", action="store_true", help="fewer saves, a shorter idle time")
    quick = parser.parse_args().quick
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as after ./go, which compiles the kit
    kit = load_kit()
    assert not isinstance(kit, Refusal), kit
    missed = False
    for number in STEPS:
        step = kit.kata.step(number)
        assert isinstance(step, Step)
        with TemporaryDirectory(prefix="nbkata-bench-") as folder:
            times, idle = measured(kit, step, Path(folder), 5 if quick else 20, number == STEPS[-1])
        ratio = statistics.median(times.cold) / statistics.median(times.lit)
        print(f"step {number}: both lights {shown(times.lit)}; cold pytest {shown(times.cold)}")
        if times.checked:
            print(f"         all checks {shown(times.checked)}")
        print(f"         rows split otherwise {shown(times.moved)}")
        print(f"         {ratio:.1f} times as fast (target {TARGET_RATIO:.0f})")
        missed |= statistics.median(times.lit) > TARGET_S or ratio < TARGET_RATIO
    assert idle is not None
    print(f"idle: {idle[0]:.2f} % of a core (target {TARGET_CPU:.0f}), {idle[1]:.0f} MB", end="")
    print(f" (target {TARGET_MB})")
    return int(missed or idle[0] > TARGET_CPU or idle[1] > TARGET_MB)


def measured(
    kit: Kit, step: Step, folder: Path, saves: int, then_idle: bool
) -> tuple[Times, tuple[float, float] | None]:
    """Save and time; the idle figures where they are asked for."""
    workspace = create_workspace(folder / "workspace", kit)
    lay_out(kit, step, workspace.path)
    source = workspace.path / "src" / "train.py"
    text = source.read_text(encoding="utf-8")
    watch = Watch(kit, workspace, step)
    splits = next(path for path in source.parent.glob("*.py") if SPLIT in path.read_text("utf-8"))
    times = Times([], [], [], [])
    to_the_end = step.number in WAITS_FOR_ALL
    try:
        until_checked(watch, False)
        for number in range(saves):
            started = time.perf_counter()
            source.write_text(f"{text}\nassert {number} >= 0\n", encoding="utf-8")
            lit, checked = until_checked(watch, to_the_end)
            times.lit.append(lit - started)
            if checked:
                times.checked.append(checked - started)
            times.cold.append(cold_pytest(workspace.path))
            before = splits.read_text(encoding="utf-8")
            started = time.perf_counter()
            splits.write_text(before.replace(SPLIT, f"{SPLIT}{number + 1}"), encoding="utf-8")
            times.moved.append(until_checked(watch, to_the_end)[0] - started)
            splits.write_text(before, encoding="utf-8")
            until_checked(watch, to_the_end)
        return times, idle_cost(watch) if then_idle else None
    finally:
        watch.end()


def until_checked(watch: Watch, to_the_end: bool) -> tuple[float, float | None]:
    """Turn by turn as the command does; when both lights were first known, and when all was."""
    lit, behaviour = None, False
    while True:
        for event in watch.step_on():
            if isinstance(event, Lit):
                behaviour = behaviour or event.behaviour is not None
                if behaviour and (event.shape is not None or watch.slow_part) and lit is None:
                    lit = time.perf_counter()
            if isinstance(event, StepChecked):
                assert not isinstance(event.verdict, Refusal), event.verdict
                now = time.perf_counter()
                return lit or now, now
        if lit is not None and not to_the_end:
            return lit, None
        time.sleep(watch.pause_s)


def cold_pytest(workspace: Path) -> float:
    """Seconds of `python -m pytest` in the workspace, as anyone would run it."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q"]
    subprocess.run(command, cwd=workspace, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def idle_cost(watch: Watch) -> tuple[float, float]:
    """Per cent of a core, and MB in memory, of this process and the warm one."""
    warm = watch.warm.process
    watch.files.saved_at = -math.inf  # as after a while without a save: then it looks less often
    before, started = time.process_time(), time.perf_counter()
    while time.perf_counter() - started < IDLE_S:
        watch.step_on()
        time.sleep(watch.pause_s)
    used = time.process_time() - before
    share = 100 * used / (time.perf_counter() - started)
    numbers = ["self", str(warm.pid)] if warm else ["self"]
    return share, sum(resident_mb(number) for number in numbers)


def resident_mb(process: str) -> float:
    """As /proc tells it; 0 where there is none."""
    try:
        lines = Path("/proc", process, "status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def shown(seconds: list[float]) -> str:
    """Median and 95th percentile."""
    high = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    return f"{statistics.median(seconds):.2f} s (95th percentile {high:.2f})"


if __name__ == "__main__":
    sys.exit(main())
