"""The check of a cohort: hostile workspaces, right verdicts, speed-up on two workers, Dask beside threads.

    python benchmarks/bench_cohort.py [--hostile] [--workspaces 200] [--seed 1] [--alone 200] [--dask]

``--hostile`` checks the hostile set instead (`attacks/workspaces.py`): each must be contained, and named for what it is.
Else so many workspaces are made by chance (seeded) from the checkpoints and wrong states of the shipped kata: each step
once, then the dear ones seldom. All are checked by two workers; of the first ``--alone`` the lights are compared
with what `nbkata check` says. Of a part, a fifth, one worker is compared with two, and with ``--dask`` two worker
processes of dask.distributed, and these once more with one of them killed in the middle.
``--tiny``: of the kata of one step that the tests use.
"""

import argparse
import getpass
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

# pylint: disable=wrong-import-position
from attacks.workspaces import MARK, hostile_set
from support.till import TILL, make_till_kata

from nbkata.authoring.shell.wrong_states import make_wrong, wrong_states
from nbkata.child.shell import sandbox
from nbkata.cohort.core.result import Result
from nbkata.cohort.shell.checks import Job, check_job
from nbkata.cohort.shell.engine import Engine, dask, kit_version, local
from nbkata.cohort.shell.run import check_all
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace

# What decides how often a step is drawn: CPU-seconds of its check, when each process imported the libraries anew.
COSTS = {
    "00": 10.0, "02": 4.0, "03": 3.0, "04": 60.0, "05": 6.0, "07": 8.0, "09": 10.0, "11": 18.0, "12": 12.0, "13": 12.0,
}  # fmt: skip
USUAL_COST = 7.0
# For a hostile workspace's run; a right one takes a second.
HOSTILE_S = 20


def main() -> int:
    """Measure and print; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description="Measure the check of a cohort.")
    parser.add_argument("--hostile", action="store_true", help="the hostile set instead")
    parser.add_argument(
        "--only", default="", help="of the hostile set, those with this in their name"
    )
    parser.add_argument("--limit", type=int, default=HOSTILE_S, help="seconds for a hostile run")
    parser.add_argument("--engine", default="", help="bubblewrap, podman or docker alone")
    parser.add_argument("--workspaces", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", type=int, default=4)
    parser.add_argument("--part", type=int, default=0, help="for the comparisons; else a fifth")
    parser.add_argument("--out", default="", help="keep the results there, as they come")
    parser.add_argument("--tiny", action="store_true", help="of the tiny kata: a second each")
    parser.add_argument("--dask", action="store_true")
    options = parser.parse_args()
    if options.engine:
        name = options.engine.replace("bubblewrap", "bwrap")
        sandbox.ENGINES = tuple(one for one in sandbox.ENGINES if one[0] == name)
    problem = sandbox.sandbox_problem()
    if problem is not None:
        print(f"Nothing measured: {problem}")
        return 0
    print(f"sandbox: {sandbox.sandbox_name()}, as {getpass.getuser()}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        return (
            attacked(Path(folder), options.only, options.limit)
            if options.hostile
            else measured(Path(folder), options)
        )


def attacked(folder: Path, only: str, limit: int) -> int:
    """Check the hostile set; 1 if one was not contained, or is called something else."""
    kit = make_till_kata(folder / "kit")
    secret = folder / "secret.txt"
    secret.write_text("REACHED", encoding="utf-8")
    os.environ |= {"NBKATA_KIT": str(kit), "BENCH_SECRET_TOKEN": "hunter2"}
    before = kit_version("till")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as hidden:
        port = server.getsockname()[1]
        hidden.bind(f"\0nbkata{port}")
        hidden.listen()
        cases = [one for one in hostile_set(str(kit), port, str(secret)) if only in one.name]
        bad = 0
        with local(2) as engine:
            jobs = [Job(c.name, c.content, "till", "00-add-up", timeout_s=limit) for c in cases]
            for case, result in zip(cases, engine.executor.map(check_job, jobs), strict=True):
                said = " ".join(result.messages)
                ok = result.ended.value in case.ends and "REACHED" not in said
                bad += not ok
                print(
                    f"{'ok ' if ok else 'BAD'} {result.seconds:6.1f} s  {case.name}: {result.ended}"
                    f"{'' if result.ended == 'green' else ', ' + said[:90]!r}",
                    flush=True,
                )
    left = subprocess.run(
        ["pgrep", "-f", f"^sleep {MARK}"], capture_output=True, text=True, check=False
    )
    groups = [
        p
        for kind in ("pids", "memory", "")
        for p in Path("/sys/fs/cgroup", kind).glob(f"nbkata-{os.getpid()}-*")
    ]
    print(
        f"{len(cases) - bad} of {len(cases)} contained and named. Processes left: {len(left.stdout.split())}; "
        f"cgroups left: {len(groups)}; the kit is {'as it was' if kit_version('till') == before else 'CHANGED'}."
    )
    return int(bool(bad or left.stdout or groups or kit_version("till") != before))


def measured(folder: Path, options: argparse.Namespace) -> int:
    """Check a cohort made by chance, and compare; a line of each part as soon as it is there."""
    if options.tiny:
        os.environ["NBKATA_KIT"] = str(make_till_kata(folder / "kit"))
    kit = load_kit(name="till" if options.tiny else "refactoring")
    assert isinstance(kit, Kit)
    chance = random.Random(options.seed)
    jobs = (made_tiny if options.tiny else made)(kit, folder, options.workspaces, chance)
    mix = Counter(job.step[:2] for job, _ in jobs)
    shown_mix = ", ".join(f"{step}: {count}" for step, count in sorted(mix.items()))
    print(f"seed {options.seed}: {len(jobs)} workspaces, by step: {shown_mix}", flush=True)
    part = jobs[: options.part or max(len(jobs) // 5, 2)]
    took: dict[str, float] = {}
    answers: dict[str, dict[str, Result]] = {}

    def check(name: str, engine: Engine, some: Sequence[tuple[Job, Path]]) -> None:
        out = Path(options.out or folder, name.replace(" ", "-"))
        took[name], answers[name] = timed(some, engine, out, name)

    with local(2) as engine:
        check("all, 2 workers", engine, jobs)
    wrong = compared(jobs[: options.alone], answers["all, 2 workers"])
    for workers in (1, 2):
        with local(workers) as engine:
            check(f"part, {workers} workers", engine, part)
    said(
        "speed-up of 2 workers over 1", took["part, 1 workers"] / took["part, 2 workers"], 1.8, True
    )
    if options.dask:
        with dask("", "local", 2) as begun:
            assert isinstance(begun, Engine), begun
            check("part, Dask", begun, part)
        said("Dask over threads", took["part, Dask"] / took["part, 2 workers"], 1.2, False)
        with dask("", "local", 2) as begun:
            assert isinstance(begun, Engine), begun
            threading.Timer(took["part, Dask"] / 3, kill_a_worker).start()
            check("part, Dask, one killed", begun, part)
    first = verdicts(answers["all, 2 workers"])
    differ = [
        name
        for name, found in answers.items()
        if verdicts(found) != {one: first[one] for one in found}
        or len(found) != len(jobs if name.startswith("all") else part)
    ]
    print(f"parts that say something else, or lost something: {differ or 'none'}", flush=True)
    return int(bool(differ or wrong))


def said(what: str, value: float, limit: float, at_least: bool) -> None:
    """Print a figure beside its bar."""
    met = value >= limit if at_least else value <= limit
    bound = "at least" if at_least else "at most"
    print(
        f"{what}: {value:.2f} (bar: {bound} {limit:g}: {'met' if met else 'NOT MET'})", flush=True
    )


def compared(jobs: Sequence[tuple[Job, Path]], found: dict[str, Result]) -> list[str]:
    """Those of which `nbkata check`, alone, says something else; two are checked at a time."""
    wrong, begun = [], time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        alone = pool.map(lambda one: lights_alone(one[1], one[0].step), jobs)
        for number, ((job, _), lights) in enumerate(zip(jobs, alone, strict=True), 1):
            if lights != shown(found[job.id]):
                wrong.append(f"{job.id} at {job.step}")
                print(f"WRONG: {wrong[-1]}: alone {lights}, {found[job.id]}", flush=True)
            if not number % EACH:
                print(f"  alone: {number}, {len(wrong)} differ", flush=True)
    took = time.perf_counter() - begun
    right = f"{len(jobs) - len(wrong)} of {len(jobs)}"
    print(
        f"verdicts as `nbkata check` says alone: {right} {wrong or ''} ({took:.0f} s)", flush=True
    )
    return wrong


# Checks between two lines that say how far it is.
EACH = 20


def made(kit: Kit, folder: Path, count: int, chance: random.Random) -> list[tuple[Job, Path]]:
    """Workspaces from the checkpoints and wrong states: each step once, then by chance, the dear ones seldom."""
    steps = sorted(kit.kata.steps, key=lambda step: COSTS.get(step.slug[:2], USUAL_COST))
    weights = [1 / COSTS.get(step.slug[:2], USUAL_COST) ** 2 for step in steps]
    chosen = [*steps, *chance.choices(steps, weights, k=max(count - len(steps), 0))][:count]
    chance.shuffle(chosen)
    jobs = []
    for number, step in enumerate(chosen):
        path = create_workspace(folder / "cohort" / f"{number:04}", kit).path
        lay_out(kit, step, path)
        state = chance.choice([None, *(s for s in wrong_states(kit, step.slug) if not s.green)])
        if state is not None:
            make_wrong(path, state)
        jobs.append((Job(path.name, b"", kit.name, step.slug), path))
    return jobs


def made_tiny(kit: Kit, folder: Path, count: int, chance: random.Random) -> list[tuple[Job, Path]]:
    """Workspaces of the tiny kata: right, of another shape, of other results, and one that raises."""
    jobs = []
    for number in range(count):
        path = create_workspace(folder / "cohort" / f"{number:04}", kit).path
        old, new = chance.choice(
            [("", ""), ("add_up", "added"), ("sum(", "1 + sum("), ("return sum", "raise Oh")]
        )
        script = path / "src" / "till.py"
        text = script.read_text(encoding="utf-8").replace(old, new) if old else TILL
        script.write_text(f"{text}# {number}\n", encoding="utf-8")
        jobs.append((Job(path.name, b"", kit.name, kit.kata.steps[0].slug), path))
    return jobs


def timed(
    jobs: Sequence[tuple[Job, Path]], engine: Engine, out: Path, name: str
) -> tuple[float, dict[str, Result]]:
    """The seconds that a cohort takes, and its results."""
    begun = time.perf_counter()
    done: list[Result] = []

    def on_result(result: Result, _: bool) -> None:
        done.append(result)
        if not len(done) % EACH:
            print(f"  {name}: {len(done)} in {time.perf_counter() - begun:.0f} s", flush=True)

    results = check_all(jobs, engine, out, "bench", on_result)
    took = time.perf_counter() - begun
    rate = 60 * len(results) / took
    ends = ", ".join(f"{count} {end}" for end, count in Counter(r.ended for r in results).items())
    print(
        f"{name} ({engine.name}): {len(results)} in {took:.1f} s, {rate:.1f} a minute: {ends}",
        flush=True,
    )
    return took, {one.id: one for one in results}


def verdicts(found: dict[str, Result]) -> dict[str, tuple[str, bool, bool]]:
    """Of each workspace how it ended, and its lights."""
    return {name: (one.ended.value, one.behaviour, one.shape) for name, one in found.items()}


def lights_alone(path: Path, step: str) -> tuple[bool, bool]:
    """What `nbkata check` says of a workspace; code that does not run is red, and has no shape."""
    command = [sys.executable, "-m", "nbkata", "check", step, "--json", "--workspace", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 2:
        return False, False
    answer = json.loads(done.stdout)
    return answer["behaviour"]["ok"], answer["shape"]["ok"]


def shown(result: Result) -> tuple[bool, bool]:
    """The same of a result."""
    return result.behaviour, result.shape


def kill_a_worker() -> None:
    """Kill one of the worker processes that this process has started."""
    found = subprocess.run(
        ["pgrep", "-P", str(os.getpid())], capture_output=True, text=True, check=False
    )
    for number in map(int, found.stdout.split()):
        if "spawn_main" in Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8"):
            os.kill(number, signal.SIGKILL)
            print(f"killed worker {number}", flush=True)
            return


if __name__ == "__main__":
    sys.exit(main())
