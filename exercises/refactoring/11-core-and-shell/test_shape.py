"""Step 11: a pure core, and a thin shell that reads, calls and saves."""

import ast

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.shell.run_code import run_script
from nbkata.purity.core.verdict import Verdict
from nbkata.purity.shell.check import PurityRequest, check_purity
from nbkata.shape_tests.shell.shape_checks import not_passing

LIMIT_S = 60
LATER = ("test_model.py", "test_train.py")
"""What step 12 adds: it trains again and again, and calls nothing of the core that train() does not."""


@pytest.fixture(scope="module")
def core(learner):
    """The files of src/ beside the shell."""
    assert learner.run
    files = [path for path in learner.files if path.name != "train.py"]
    if not files:
        pytest.skip("said by the first test")
    return files


def test_there_are_modules_beside_the_shell(learner):
    assert [path for path in learner.files if path.name != "train.py"], (
        "All code is still in src/train.py. Move the feature functions to src/features.py and "
        "the model's to src/model.py: move only, change nothing."
    )


def test_the_tests_pass_as_they_are(their_tests):
    failing = not_passing(their_tests)
    assert not failing, failing


def test_features_and_model_do_not_stand_in_the_shell(learner, core):
    columns = list(learner.run.results["X_train"].columns)

    def makes_them(call):
        return list(getattr(call.result, "columns", ())) == columns

    makers = learner.functions_that(makes_them)
    if learner.composed_that(makes_them):
        composers = learner.functions_that(lambda call: hasattr(call.result, "transform"))
        makers += [function for function in composers if function.name != "fit"]
    trainers = learner.functions_that(lambda call: hasattr(call.result, "predict"))
    for found, what, where in ((makers, "features", "features"), (trainers, "model", "model")):
        outside = [function for function in found if function.path.name != "train.py"]
        assert outside, (
            f"What makes the {what} is still in src/train.py. Put the function that does it "
            f"into src/{where}.py, and import it."
        )


@pytest.mark.slow("calling the functions of the core again")
def test_every_function_of_the_core_is_pure(learner, core):
    modules = tuple(path.relative_to(learner.workspace).as_posix() for path in core)
    tests = files_in(learner.workspace / "tests", visible, ".py")
    calling = tuple(
        path.relative_to(learner.workspace).as_posix()
        for path in tests
        if path.name.startswith("test_") and path.name not in LATER
    )
    report = check_purity(PurityRequest(modules, learner.workspace, calling))
    assert not isinstance(report, Refusal), str(report)
    impure = [function for function in report.functions if function.verdict is Verdict.IMPURE]
    messages = [
        f"{function.name} in src/{function.module.replace('.', '/')}.py is not pure: line "
        f"{function.reasons[0].line}: {function.reasons[0].message}. {function.reasons[0].fix}"
        for function in impure[:3]
    ]
    assert not messages, "\n".join(messages) + (
        "\nA function of the core gives the same answer for the same arguments, and touches nothing "
        "else. Of a class, fit may learn: it changes its own object, and nothing else may."
    )


def test_the_core_reads_and_writes_nothing_and_does_not_know_the_shell(learner, core):
    for path in core:
        for node in ast.walk(learner.tree(path)):
            called = getattr(node, "attr", "") or getattr(node, "id", "")
            assert called not in ("read_csv", "to_csv", "open", "print", "dump"), (
                f"{learner.shown(path)}, line {node.lineno}: {called} touches the world. That is "
                "the shell's work: do it in src/train.py and hand over the result."
            )
            imported = getattr(node, "module", "") or ""
            assert imported != "train", (
                f"{learner.shown(path)}, line {node.lineno} imports train: the core must not know "
                "who calls it. Turn it round: train imports the core."
            )


def test_the_shell_takes_arguments_and_saves_the_model(learner, core, tmp_path):
    saved = tmp_path / "model.joblib"
    data = learner.workspace / learner.behaviour.takes
    options = ("--data", str(data), "--model", str(saved))
    code, last = run_script(learner.workspace, "src/train.py", options, LIMIT_S, (tmp_path,))
    last = last.replace(str(saved), "model.joblib")
    assert code == 0, (
        "python src/train.py --data data/titanic.csv --model model.joblib does not work yet: "
        f"{last[:160]}. argparse reads the two arguments; the shell hands them on."
    )
    assert saved.exists(), (
        "python src/train.py --model FILE saves no model. Let the shell write the trained model "
        "to that file, with joblib.dump."
    )
    predicted = learner.predicted(saved, "X_test")
    assert predicted == learner.run.results["Y_pred"].tolist(), (
        "The saved model predicts something else than train() gives back: save the model that "
        "was scored."
    )


def test_the_shell_runs_if_no_model_is_asked_for(learner, core):
    data = str(learner.workspace / learner.behaviour.takes)
    code, last = run_script(learner.workspace, "src/train.py", ("--data", data), LIMIT_S)
    assert code == 0, (
        "python src/train.py --data data/titanic.csv, without --model, does not work: "
        f"{last[:160].rstrip('.')}. Save the model only if a file is given for it."
    )
    assert last, (
        "python src/train.py --data data/titanic.csv prints nothing. Print the accuracy: it is the "
        "answer that the program is for."
    )
