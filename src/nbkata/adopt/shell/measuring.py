"""Measuring an adopted notebook's net: as many planted changes as there is time for."""

import re
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from nbkata.adopt.shell.stage_cache import StageCache
from nbkata.adopt.shell.stage_results import strength_from_json, strength_to_json
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import cores
from nbkata.strength.core.strength import Strength, of_what_runs
from nbkata.strength.shell.protocol import StrengthRequest
from nbkata.strength.shell.strength import measure_strength

# Runs of the unchanged tests, and the part of the time that they may take.
FEWEST_RUNS, FLAKE_RUNS, FLAKES_SHARE = 3, 20, 0.25
# The start of a process that runs tests.
WARM_S = 6
# A run of tests by pytest, however little they do.
QUICKEST_S = 0.2
FEWEST_MUTANTS, MOST_MUTANTS = 6, 200
SPIN_S, MOST_BUSY = 0.1, 4.0
# What the meter takes before the first change: one run is traced and counts twice.
BASELINE_RUNS = 4


def measured(
    name: str,
    building: Path,
    run_s: float,
    stages: StageCache,
    say: Callable[[str], None],
    until: float,
) -> Strength | str:
    """How strong the tests of ``src/NAME.py`` are; or why that is not measured.

    ``run_s``: what one run of the tests takes. ``until``: when to have ended, on the clock of
    ``perf_counter``.
    """
    tests = building / "tests" / "test_characterization.py"
    key = f"strength-{sha256(tests.read_bytes()).hexdigest()[:16]}"
    kept = stages.get(key)
    if kept is not None:
        return strength_from_json(kept)
    each = max(QUICKEST_S, run_s)
    left = until - time.perf_counter() - WARM_S * busy()
    runs, mutants = affordable(left, each, cores())
    if mutants < FEWEST_MUTANTS:
        return f"the tests take {each:.0f} s; measure it when there is time, with nbkata strength"
    request = StrengthRequest(
        building,
        (f"tests/{tests.name}",),
        (f"src/{name}.py",),
        sample=min(MOST_MUTANTS, 2 * mutants),  # one that is caught early takes less
        repeat=runs,
    )
    try:
        found = measure_strength(
            request,
            lambda done, of, _: say(f"planting changes, {done} of {of}"),
            lambda done, of: say(f"the unchanged tests, run {done} of {of}"),
            lambda done: done >= FEWEST_MUTANTS and time.perf_counter() > until - each,
        )
    except RuntimeError as error:
        return str(error)
    if isinstance(found, Refusal):
        return str(found)
    found = of_what_runs(found)
    stages.keep(key, strength_to_json(found))
    return found


def moved_by_themselves(strength: Strength | str) -> set[str]:
    """Names of results whose tests failed although nothing was changed."""
    failed = [strength] if isinstance(strength, str) else strength.flaky
    return {
        name
        for text in failed
        for name in re.findall(r"_(?:as_approved|in_its_range)\[(\w+)\]", text)
    }


def busy() -> float:
    """How many times as long a moment of computing takes as on a quiet machine; at most four."""
    used, started = time.thread_time(), time.perf_counter()
    while time.thread_time() - used < SPIN_S:
        pass
    return min(MOST_BUSY, max(1.0, (time.perf_counter() - started) / SPIN_S))


def affordable(left_s: float, each_s: float, workers: int) -> tuple[int, int]:
    """Runs of the unchanged tests, and mutants, in so many seconds; a quarter of them in reserve."""
    runs = max(FEWEST_RUNS, min(FLAKE_RUNS, int(left_s * FLAKES_SHARE * workers / each_s)))
    left_s = left_s * 0.75 - (BASELINE_RUNS + runs / workers) * each_s
    return runs, min(MOST_MUTANTS, int(left_s * workers / each_s))
