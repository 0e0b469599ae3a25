"""Step 04: a seam, and tests around it that notice changes and never fail by themselves."""

import re
from pathlib import Path

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.shape_tests.shell.shape_checks import TESTS_PASS, not_passing, not_running
from nbkata.strength.core.strength import Strength
from nbkata.strength.shell.protocol import StrengthRequest
from nbkata.strength.shell.strength import count_flakes, measure_strength

ENOUGH = 90
"""Per cent of the planted changes that must be caught."""
PLANTED = 40
"""Of them about half change behaviour; the others are not counted."""
FIRST_COUNTED = 5
"""Mutants that count, after which their number is shown while the others are tried."""
RUNS = 20
HASH_SEEDS = 5
"""Under which the runs are spread; each costs a Python that starts."""


def test_importing_the_script_does_not_train(learner):
    opened = learner.opened
    assert not opened, (
        f"Importing src/train.py reads {opened[0]}: a test that imports it would train the models "
        "before it begins. Put the work into train(path), and the call below "
        'if __name__ == "__main__":'
    )


def test_the_program_runs(learner):
    if learner.opened:
        pytest.skip("said by the test before")
    message = not_running(learner)
    assert not message, message


def test_the_bugs_are_written_down(learner):
    notes = learner.workspace / "BUGS.md"
    assert notes.is_file() and notes.read_text(encoding="utf-8-sig", errors="replace").strip(), (
        "BUGS.md is not there yet, or empty. Write the bugs into it that your net pins, beside src/ "
        "and tests/: step 13 corrects them one by one."
    )


@pytest.fixture(scope="module")
def net(learner, their_tests):
    """The workspace, once its tests pass, and write nothing, and it does not train at import."""
    if learner.opened or their_tests.written:
        return ""
    return "" if not_passing(their_tests) else learner.workspace


def test_the_tests_pass_as_they_are(learner, their_tests):
    assert learner.opened is not None  # what train() gives back is the other light's
    failing = not_passing(their_tests)
    assert not failing, failing


def test_the_tests_do_not_write_what_they_compare_with(learner, their_tests):
    assert learner.opened is not None
    if not_passing(their_tests):
        pytest.skip("said by the test before")
    written = [name for name in their_tests.written if name.startswith("tests/")]
    assert not written, (
        f"Your tests write {written[0]} while they run. A test that writes what it compares with "
        "passes whatever train() gives. Let a script of its own write it, tests/approve.py, that "
        "you run on purpose; without the file the test must fail."
    )


@pytest.fixture(scope="module")
def missed_results(learner, their_tests, net):
    """The results of train() that no test compares; None if the tests cannot be asked yet."""
    if not net:
        return None
    seam = {"module": Path(learner.behaviour.file).stem, "seam": learner.behaviour.seam}
    return [
        name
        for name in learner.behaviour.results
        if not their_tests.with_broken(result=name, **seam).failed
    ]


@pytest.fixture(scope="module")
def strength(net, missed_results, progress):
    """How many planted changes the tests notice; None if it is clear already that they miss some."""
    if not net or missed_results:
        return None
    request = StrengthRequest(net, targets=("src/train.py",), sample=PLANTED, enough=ENOUGH)
    verdicts = []

    def tell(done, planted, verdict):
        verdicts.append(verdict)
        known = Strength(tuple(verdicts), 0)
        is_told = known.total >= FIRST_COUNTED
        progress(done, planted, f"{known.caught} of {known.total} caught" if is_told else "")

    return measure_strength(request, tell)


@pytest.mark.slow("changing one result of train() at a time", needs=TESTS_PASS)
def test_the_tests_notice_when_a_result_changes(missed_results):
    if missed_results is None:
        pytest.skip("said by a test before")
    assert not missed_results, (
        f"No test compares {', '.join(missed_results)}: I let train() give back something else for "
        "it, one result at a time, and all your tests passed. Compare each of the six with what is "
        "golden."
    )


@pytest.mark.slow("planting changes in src/train.py", needs=TESTS_PASS)
def test_the_tests_notice_planted_changes(strength, record_property):
    if not strength:
        pytest.skip("said by a test before")
    assert not isinstance(strength, Refusal), str(strength)
    missed = strength.survivors
    survived = "".join(
        f"\nSurvived, src/train.py, line {m.line}:\n{m.diff.strip()}" for m in missed
    )
    record_property(
        "note", f"{strength.caught} of {strength.total} mutants (planted changes) caught{survived}"
    )
    shown = f"\nFor example:\n{missed[0].diff.strip()}" if missed else ""
    assert strength.percent >= ENOUGH, (
        f"I planted changes in src/train.py, one at a time. Of the first {strength.total} that move "
        f"the results, your tests noticed {strength.caught}: {ENOUGH} in a hundred are out of "
        f"reach. {never_looked_at(missed)}{shown}"
    )


def never_looked_at(missed):
    """What moved in the changes that no test noticed, and how to look at it."""
    moved = re.findall(r"train\(\) returns\['(\w+)'\]", " ".join(one.seen_by for one in missed))
    if not moved:
        return "Call train(), and compare what it gives back with a golden record."
    seen = ", ".join(dict.fromkeys(moved))
    return f"What moved, and no test compares to the last bit: {seen}."


@pytest.mark.slow(f"running your tests {RUNS} times", needs=TESTS_PASS)
def test_the_tests_never_fail_by_themselves(net, strength, progress):
    if not strength or isinstance(strength, Strength) and strength.percent < ENOUGH:
        pytest.skip("one thing at a time: said by a test before")
    counted = count_flakes(StrengthRequest(net), RUNS, progress, HASH_SEEDS, until_failed=True)
    assert not isinstance(counted, Refusal), str(counted)
    flakes, which = counted
    assert not flakes, (
        f"With nothing changed, your tests fail in some runs: {', '.join(which[:2])}. Nobody trusts "
        "a test that is sometimes red: take out what is left to chance."
    )
