"""How long a large cohort takes on many workers: a simulation (seeded) with measured task times.

    python benchmarks/bench_scaling.py [--write] [--measure 24] [--tasks N --workers N --losses-hours H]

Without options it prints the table of docs/scaling.md; ``--write`` puts it there. ``--measure`` checks so many
workspaces that are made by chance, one after the other, and prints what each takes: the figures of `MEASURED`. Give it a
quiet machine, or one with cgroups (version 1), by which CPU-seconds are counted. With
``--tasks`` or ``--workers`` it prints one line for your own numbers.

What is simulated: a client that packs, sends and keeps one workspace after the other; workers that take the next as soon
as they are free; machines that are lost, at random, with all their workers, and come back after a while. The task
that a lost worker had begins again.
"""

import argparse
import heapq
import os
import random
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]
PAGE = ROOT / "docs" / "scaling.md"
BEGIN, END = "<!-- simulated -->\n", "<!-- /simulated -->"

# CPU seconds of 24 checks in the sandbox (`--measure 25`), of workspaces made by chance (seed 1) as bench_cohort.py
# makes them: of all steps but 04, whose planted changes take about a minute.
MEASURED = (
    *(2.7, 3.2, 6.4, 3.6, 3.6, 2.6, 3.2, 9.2, 3.5, 3.6, 2.1, 3.3),
    *(2.7, 3.6, 2.5, 3.2, 4.3, 3.6, 3.7, 3.4, 2.6, 3.3, 5.5, 4),
)
# Of one workspace: what is sent of it, and the result that comes back, in bytes.
SENT, RESULT = 48_213, 7_216
# What the client does for each, one after the other: packing, handing out, keeping the result (8.6 ms measured, of
# which the disk takes most, and about 1 ms of Dask's scheduler).
CLIENT_S = 0.01
# A worker that may be lost with its task so many times more than once is no accident: `LOST_WORKERS` of the engine.
ALLOWED = 2
# Workers of one machine, which are lost together, and the seconds until another has started.
MACHINE, START_S = 16, 180
COHORT = 100_000


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a cohort takes."""

    hours: float
    core_hours: float  # of all workers, idle or not
    efficiency: float  # the share of these in which checks were made that count
    machines_lost: int
    again: int  # checks that were begun again
    given_up: int  # checks that were lost more often than is allowed


def simulate(
    seconds: Sequence[float],
    workers: int,
    *,
    loss_hours: float = 0,
    client_s: float = CLIENT_S,
    machine: int = MACHINE,
    start_s: float = START_S,
    seed: int = 1,
) -> Simulated:
    """Simulate tasks of these seconds on so many workers.

    A machine runs ``loss_hours`` on average until it is lost; 0: none is lost.
    """
    chance = random.Random(seed)
    machines = -(-workers // machine)
    losses = [0.0] * machines  # when each is lost next
    lost: set[tuple[int, float]] = set()
    tries: Counter[int] = Counter()
    waiting = deque(range(len(seconds)))
    free = [(0.0, worker) for worker in range(workers)]
    sent = end = 0.0
    while waiting:
        at, worker = heapq.heappop(free)
        task, own = waiting.popleft(), worker // machine
        sent += 0 if tries[task] else client_s  # the scheduler has it already
        begun = max(at, sent)
        while loss_hours and losses[own] <= begun:
            losses[own] += 3600 * chance.expovariate(1 / loss_hours)
        done = begun + seconds[task]
        if loss_hours and losses[own] < done:
            lost.add((own, losses[own]))
            tries[task] += 1
            waiting.append(task)
            heapq.heappush(free, (losses[own] + start_s, worker))
            continue
        end = max(end, done)
        heapq.heappush(free, (done, worker))
    return Simulated(
        end / 3600,
        workers * end / 3600,
        sum(seconds) / (workers * end),
        len(lost),
        sum(tries.values()),
        sum(count > ALLOWED for count in tries.values()),
    )


def cohort(count: int = COHORT, seed: int = 1) -> list[float]:
    """The seconds of so many checks, drawn from the measured ones."""
    return random.Random(seed).choices(MEASURED, k=count)


# Workers, and the hours that a machine runs on average until it is lost.
SHOWN = ((2, 0), (16, 0), (128, 0), (256, 0), (512, 0), (1024, 0), (256, 10), (256, 1))


def table() -> str:
    """The figures of docs/scaling.md, as Markdown."""
    ordered, seconds = sorted(MEASURED), cohort()
    middle = ordered[len(ordered) // 2]
    lines = [
        f"One check takes {min(MEASURED):.1f} to {max(MEASURED):.1f} CPU-seconds, {sum(MEASURED) / len(MEASURED):.1f} on average"
        f" (the middle one: {middle:.1f}; {len(MEASURED)} workspaces measured, of all steps but 04, which takes about a minute), so {COHORT:,} take {sum(seconds) / 3600:.0f} core"
        f" hours of work. They are {COHORT * SENT / 1e9:.1f} GB to send and {COHORT * RESULT / 1e9:.1f} GB of results. The client"
        f" needs {CLIENT_S * 1000:.0f} ms for each, one after the other: {COHORT * CLIENT_S / 60:.0f} minutes in all.",
        "",
        "| workers | a machine is lost | hours | core hours | efficiency | machines lost | checks begun again |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for workers, hours in SHOWN:
        lines.append(row(workers, hours, simulate(seconds, workers, loss_hours=hours)))
    return "\n".join(lines) + "\n"


def row(workers: int, hours: float, found: Simulated) -> str:
    """A line of the table."""
    often = f"every {hours:g} hours" if hours > 1 else "every hour" if hours else "never"
    given_up = f", {found.given_up} given up" if found.given_up else ""
    return (
        f"| {workers:,} | {often} | {found.hours:.2f} | {found.core_hours:,.0f} | {found.efficiency:.0%} "
        f"| {found.machines_lost:,} | {found.again:,}{given_up} |"
    )


def page_with(text: str, figures: str) -> str:
    """The page with these figures in the place of the old ones."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}{figures}{END}{rest.partition(END)[2]}"


@contextmanager
def clock() -> Iterator[Callable[[], float]]:
    """Yield what tells the CPU-seconds so far of this process and all that it starts, or else the time.

    The system's own count misses what is in a sandbox: bubblewrap does not wait for it.
    """
    place = Path("/sys/fs/cgroup/cpuacct", f"bench-{os.getpid()}")
    try:
        place.mkdir()
        (place / "cgroup.procs").write_text("0", encoding="ascii")
    except OSError:
        print("seconds by the clock: there are no cgroups to count those of the processors")
        yield time.perf_counter
        return
    try:
        yield lambda: int((place / "cpuacct.usage").read_text(encoding="ascii")) / 1e9
    finally:
        for number in (place / "cgroup.procs").read_text(encoding="ascii").split():
            with suppress(OSError):
                (place.parent / "cgroup.procs").write_text(number, encoding="ascii")
        with suppress(OSError):
            place.rmdir()


def measure(count: int) -> None:
    """Check workspaces one after the other, and print what each takes; then what the client does for one."""
    # pylint: disable=import-outside-toplevel # the simulation needs no kit
    from concurrent.futures import Executor, Future

    from bench_cohort import made

    from nbkata.cohort.core.result import Result
    from nbkata.cohort.shell.checks import Job, check_job
    from nbkata.cohort.shell.engine import Engine
    from nbkata.cohort.shell.run import check_all, packed
    from nbkata.kata.shell.kit import Kit, load_kit

    kit = load_kit()
    assert isinstance(kit, Kit)
    results: list[Result] = []

    class AtOnce(Executor):
        """Gives back a result without any work."""

        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            done: Future[Result] = Future()
            done.set_result(results[0])
            return done

    with tempfile.TemporaryDirectory() as folder, clock() as seconds:
        jobs = made(kit, Path(folder), count, random.Random(1))
        for job, path in jobs:
            content = packed(path)
            assert isinstance(content, bytes), content
            begun = seconds()
            results.append(check_job(job._replace(content=content)))
            took, size = seconds() - begun, len(str(results[-1].as_json()))
            shown = f"{job.step}: {results[-1].ended.value}, {took:.1f} s"
            print(f"{shown}, {len(content)} B, {size} B", flush=True)
        many: list[tuple[Job, Path]] = []
        for number in range(20):
            many += [
                (job._replace(id=f"{job.id}-{number}", step=f"{number}"), path)
                for job, path in jobs
            ]
        engine = Engine("at once", AtOnce(), 16, True, lambda: None)
        begun = time.perf_counter()
        check_all(many, engine, Path(folder, "out"), "1", lambda result, is_kept: None)
        took = time.perf_counter() - begun
        print(f"the client: {1000 * took / len(many):.1f} ms each")


def main() -> int:
    """Print the figures, or write them into the page."""
    parser = argparse.ArgumentParser(description="Simulate the check of a large cohort.")
    parser.add_argument("--write", action="store_true", help="write the table into docs/scaling.md")
    parser.add_argument("--measure", type=int, default=0, help="check so many workspaces instead")
    parser.add_argument("--tasks", type=int, default=COHORT)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--losses-hours", type=float, default=0, help="a machine's life")
    options = parser.parse_args()
    if options.measure:
        measure(options.measure)
    elif options.workers:
        found = simulate(cohort(options.tasks), options.workers, loss_hours=options.losses_hours)
        print(row(options.workers, options.losses_hours, found))
    elif options.write:
        PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), table()), encoding="utf-8")
    else:
        print(table(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
