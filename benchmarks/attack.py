"""An attack on three promises: no work is lost, nothing is left behind, no light is faked.

    python benchmarks/attack.py [--minutes N] [--trials N] [--seed N] [--kind NAME]...

Makes trial after trial of each kind in turn until the time is over, each has had its trials, or Ctrl-C.
Prints a table of how many were tried, and in how many of them something was lost, left or faked; each
of these with the kind, the number and the seed that bring it back. Exit code 1 if there is any. A kind
is a generator of trials in `attacks/` (see `attacks/trial.py`) and a line in `KINDS`.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from attacks import learner_code, notebooks, writes
from attacks.trial import Kind, Trial

# By name, in the order of the table.
KINDS: Mapping[str, Kind] = {
    "hostile code: fakes": learner_code.fakes,
    "hostile code: never ends": learner_code.never_ends,
    "writes: kills": writes.kills,
    "writes: saves": writes.saves,
    "writes: disk full": writes.full_disks,
    "hostile notebooks": notebooks.hostile,
}


def main() -> int:
    """Attack and print the table; 1 if anything was lost, left or faked."""
    parser = argparse.ArgumentParser(description="Attack the kit, and count what breaks.")
    parser.add_argument("--minutes", type=float, default=10, help="stop after so many (10)")
    parser.add_argument("--trials", type=int, help="stop each kind after so many")
    parser.add_argument("--seed", type=int, default=1, help="of all chance (1)")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only this; repeatable")
    given = parser.parse_args()
    kinds = {name: KINDS[name] for name in given.kind or KINDS}
    end = time.monotonic() + 60 * given.minutes
    found: dict[str, list[Trial]] = {name: [] for name in kinds}
    with suppress(KeyboardInterrupt):  # the table so far
        attack(kinds, given.seed, given.trials or sys.maxsize, end, found)
    print(table(found))
    return int(any(any(trial) for trials in found.values() for trial in trials))


def attack(
    kinds: Mapping[str, Kind], seed: int, most: int, end: float, found: dict[str, list[Trial]]
) -> None:
    """Add the trials of each kind: ``most`` at most, and none is begun after ``end`` (monotonic)."""
    with ExitStack() as stack:
        at_work: dict[str, Generator[Trial]] = {}
        for name, kind in kinds.items():
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nbkata-attack-"))
            trials = kind(random.Random(f"{seed} {name}"), Path(folder).resolve())
            at_work[name] = stack.enter_context(closing(trials))
        while any(len(trials) < most for trials in found.values()) and time.monotonic() < end:
            for name, trials in at_work.items():
                if len(found[name]) < most:
                    trial = next(trials)
                    found[name].append(trial)
                    _tell(name, len(found[name]), seed, trial)


def _tell(name: str, number: int, seed: int, trial: Trial) -> None:
    for what, output in trial._asdict().items():
        if output:
            print(f"{what}: {name}, trial {number}, seed {seed}: {output}", flush=True)


def table(found: Mapping[str, list[Trial]]) -> str:
    """One row a kind, and how many trials it had and went wrong in each way."""
    head = ("kind", "tried", *Trial._fields)
    rows = [
        (
            name,
            str(len(trials)),
            *(str(sum(bool(getattr(trial, what)) for trial in trials)) for what in Trial._fields),
        )
        for name, trials in found.items()
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join(
        "  ".join(
            text.rjust(width) if place else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (head, *rows)
    )


if __name__ == "__main__":
    sys.exit(main())
