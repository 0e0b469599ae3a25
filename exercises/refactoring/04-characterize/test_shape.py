"""Step 04: a seam, and tests around it that notice changes and never fail by themselves."""

import ast
import re
from pathlib import Path

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.shell.run_code import run_script
from nbkata.shape_tests.shell.seen_green import SeenGreen
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
BUGS = 5
"""That the guide lists."""
ONE_ROW = 0.1
"""Of the accuracy: one of about a thousand rows, in per cent."""
TABLES = (".csv", ".json", ".parquet", ".pickle", ".pkl", ".feather", ".npy", ".npz", ".txt")
"""Files in tests/ that something is compared with."""
READABLE = (".csv", ".json", ".txt")
"""Of these, those that come out the same each time."""
WRITES = re.compile(r"\.(to|write|save|dump)(_\w+|z?)\(|\bopen\([^)]*[\"'][wx]b?[\"']")
LIMIT_S = 120
IS_RIGHT = f"{TESTS_PASS} test_the_bugs_are_written_down"
"""What the slow tests need: what is missing is said at once, and they wait until it is there."""
HASH_SEEDS = 5
"""Under which the runs are spread; each costs a Python that starts."""


def test_importing_the_script_does_not_train(learner):
    opened = learner.opened
    assert not opened, (
        f"Importing src/train.py reads {opened[0]}: a test that imports it would train the models "
        "before it begins. Put the work into train(path), and the call below "
        'if __name__ == "__main__":'
    )


def test_the_imports_are_at_the_top(learner):
    path = learner.workspace / learner.behaviour.file
    inside = [
        (node.lineno, function.name)
        for function in learner.tree(path).body
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    more = f" And {len(inside) - 1} more." if len(inside) > 1 else ""
    assert not inside, (
        f"{learner.shown(path.resolve())}, line {inside[0][0]}: an import is inside "
        f"{inside[0][1]}(). Move all imports to the top of the file.{more}"
    )


def test_the_program_runs(learner):
    if learner.opened:
        pytest.skip("said by the test before")
    message = not_running(learner)
    assert not message, message


@pytest.fixture(scope="module")
def bugs(learner):
    """The lines of BUGS.md."""
    notes = learner.workspace / "BUGS.md"
    text = notes.read_text(encoding="utf-8-sig", errors="replace") if notes.is_file() else ""
    return [line for line in text.splitlines() if re.search(r"\w", line)]


def test_the_bugs_are_written_down(bugs):
    assert bugs, (
        "BUGS.md is not there yet, or empty. Write the bugs into it that your net pins, beside src/ "
        "and tests/: step 13 corrects them one by one."
    )
    assert len(bugs) >= BUGS, (
        f"BUGS.md says too little: the guide of this step lists {BUGS} bugs that your net pins, one a "
        "line. Write down all of them: step 13 corrects them one by one."
    )


@pytest.fixture(scope="module")
def net(learner, their_tests, bugs):
    """The workspace, once its tests pass, and write nothing, and it does not train at import."""
    if learner.opened or their_tests.written or len(bugs) < BUGS:
        return ""
    return "" if not_passing(their_tests) else learner.workspace


def test_the_tests_pass_as_they_are(learner, their_tests):
    assert learner.opened is not None  # what train() gives back is the other light's
    failing = not_passing(their_tests)
    assert not failing, failing


def test_the_net_has_its_own_file(learner, their_tests):
    if not_passing(their_tests):
        pytest.skip("said by the test before")
    files = sorted({test.file for test in their_tests.as_they_are.tests})
    assert "test_characterization.py" in files, (
        f"Your tests are in {', '.join(files)}. Call the file of those that call train() "
        "tests/test_characterization.py: the later steps leave it out when they try your unit tests."
    )


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
def golden(learner):
    """The files that the tests compare with, by their paths in the workspace."""
    files = files_in(learner.workspace / "tests", visible)
    return [p.relative_to(learner.workspace).as_posix() for p in files if p.suffix in TABLES]


@pytest.mark.slow("looking at how what they compare with is written", needs=IS_RIGHT)
def test_a_program_of_its_own_writes_the_golden_files(net, golden, learner, their_tests):
    if not net or not golden:
        pytest.skip("said by a test before, or there is nothing to write")
    place = their_tests.place
    program = place / "tests" / "approve.py"
    others = files_in(learner.workspace, visible, ".py")
    outside = [path for path in others if learner.source_folder not in path.resolve().parents]
    assert any(WRITES.search(path.read_text("utf-8", "replace")) for path in outside), (
        f"No program writes {golden[0]}: on the day on which train() is to change, nobody will know "
        "how it was made. Write it down as tests/approve.py: it calls train() and writes the files."
    )
    if not program.is_file():
        return  # it may have another name, or options
    before = {name: (place / name).read_bytes() for name in golden if name.endswith(READABLE)}
    ended = run_script(place, "tests/approve.py", (), LIMIT_S, (place,))
    assert ended.code == 0, (
        f"python tests/approve.py does not work: {ended.last_line[:160].rstrip('.')}. It must find src/: see "
        "sys.path in the guide of this step."
    )
    for name, was in before.items():
        path = place / name
        assert path.is_file() and path.read_bytes().split() == was.split(), (
            f"python tests/approve.py writes another {name} than the one that your tests compare "
            "with. Run it, and look at the diff before you commit it."
        )


@pytest.fixture(scope="module")
def missed_results(learner, their_tests, net):
    """The results of train() that no test compares; None if the tests cannot be asked yet."""
    if not net:
        return None
    seam = {"module": Path(learner.behaviour.file).stem, "seam": learner.behaviour.seam}
    missed = []
    for name in learner.behaviour.results:
        value = learner.run.results[name]
        nearly = round(value + ONE_ROW, 2) if isinstance(value, int | float) else None
        if not their_tests.with_broken(result=name, **seam).failed:
            missed.append(name)
        elif nearly and not their_tests.with_broken(result=name, instead=nearly, **seam).failed:
            missed.append(f"{name} closely enough ({nearly} for {value})")
    return missed


@pytest.fixture(scope="module")
def not_missed(missed_results, golden, their_tests):
    """The files that the tests pass without; none if the tests cannot be asked yet."""
    if missed_results is None or missed_results:
        return []
    return [
        name for name in golden if not their_tests.with_broken(file=name, text=None).failed
    ]


@pytest.fixture(scope="module")
def seen(learner):
    """What was said of these very files when all was green."""
    return SeenGreen(learner.workspace, "04-characterize")


@pytest.fixture(scope="module")
def strength(net, missed_results, not_missed, progress, seen):
    """How many planted changes the tests notice; None if it is clear already that they miss some."""
    if not net or missed_results or not_missed or seen.note:
        return None
    request = StrengthRequest(net, targets=("src/train.py",), sample=PLANTED, enough=ENOUGH)
    verdicts = []

    def tell(done, planted, verdict):
        verdicts.append(verdict)
        known = Strength(tuple(verdicts), 0)
        is_told = known.total >= FIRST_COUNTED
        progress(done, planted, f"{known.caught} of {known.total} caught" if is_told else "")

    return measure_strength(request, tell)


@pytest.mark.slow("changing one result of train() at a time", needs=IS_RIGHT)
def test_the_tests_notice_when_a_result_changes(missed_results):
    if missed_results is None:
        pytest.skip("said by a test before")
    assert not missed_results, (
        f"No test compares {', '.join(missed_results)}: I let train() give back something else for "
        "it, one result at a time, and all your tests passed. Compare each of the six with what is "
        "golden."
    )


@pytest.mark.slow("taking away what they compare with, one file at a time", needs=IS_RIGHT)
def test_the_tests_fail_without_a_golden_file(missed_results, not_missed):
    if missed_results is None or missed_results:
        pytest.skip("said by a test before")
    assert not not_missed, (
        f"Your tests pass without {not_missed[0]}. If nobody compares with it, delete it. If a test "
        "writes it because it is missing, let the test fail instead: what it writes then is "
        "whatever train() gives, right or wrong."
    )


@pytest.mark.slow("planting changes in src/train.py", needs=IS_RIGHT)
def test_the_tests_notice_planted_changes(net, strength, seen, record_property):
    if net and seen.note:
        record_property("note", seen.note)
        return
    if not strength:
        pytest.skip("said by a test before")
    assert not isinstance(strength, Refusal), str(strength)
    missed = strength.survivors
    record_property("note", counted(strength))
    shown = f"\nFor example:\n{missed[0].diff.strip()}" if missed else ""
    assert strength.percent >= ENOUGH, (
        f"I planted changes in src/train.py, one at a time, and of the first {strength.total} that "
        f"move the results your tests noticed {strength.caught}: too few to reach {ENOUGH} %. "
        f"{never_looked_at(missed)}{shown}"
    )


def counted(strength):
    """How many mutants were caught, and which were not."""
    survived = "".join(
        f"\nSurvived, src/train.py, line {m.line}:\n{m.diff.strip()}" for m in strength.survivors
    )
    return f"{strength.caught} of {strength.total} mutants (planted changes) caught{survived}"


def never_looked_at(missed):
    """What moved in the changes that no test noticed, and how to look at it."""
    moved = re.findall(r"train\(\) returns\['(\w+)'\]", " ".join(one.seen_by for one in missed))
    if not moved:
        return "Call train(), and compare what it gives back with a golden record."
    seen = ", ".join(dict.fromkeys(moved))
    return f"What moved, and no test compares to the last bit: {seen}."


@pytest.mark.slow(f"running your tests {RUNS} times", needs=IS_RIGHT)
def test_the_tests_never_fail_by_themselves(net, strength, seen, progress):
    if net and seen.note:
        return
    if not strength or isinstance(strength, Strength) and strength.percent < ENOUGH:
        pytest.skip("one thing at a time: said by a test before")
    runs = count_flakes(StrengthRequest(net), RUNS, progress, HASH_SEEDS, until_failed=True)
    assert not isinstance(runs, Refusal), str(runs)
    flakes, which = runs
    assert not flakes, (
        f"With nothing changed, your tests fail in some runs: {', '.join(which[:2])}. Nobody trusts "
        "a test that is sometimes red: take out what is left to chance."
    )
    seen.keep(counted(strength))
