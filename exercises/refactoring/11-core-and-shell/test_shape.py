"""Step 11: a pure core, and a thin shell that reads, calls and saves."""

import ast
import re
import shutil
from textwrap import shorten

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.shell.run_code import run_script
from nbkata.purity.core.verdict import Verdict
from nbkata.purity.shell.check import PurityRequest, check_purity
from nbkata.shape_tests.shell.outside_tables import is_frame
from nbkata.shape_tests.shell.learner import tables_in
from nbkata.shape_tests.shell.made_columns import own_columns
from nbkata.shape_tests.shell.shape_checks import not_passing

LIMIT_S = 60
OTHER = 301
"""Lines of the data that the shell is given once more, to see whether it reads them."""
WORLD = {"argparse", "joblib", "logging", "pathlib", "pickle", "shutil"}
"""Modules by which a program reads or writes; joblib's Parallel only computes."""
DECIDES = {
    "train_test_split": "the split",
    "accuracy_score": "the score",
    "score": "the score",
    "mean": "the score",
    "fillna": "a feature",
    "cut": "a feature",
}
"""What a shell calls that decides; mean of a comparison only."""
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
        return is_frame(call.result) and list(call.result.columns) == columns

    makers = learner.functions_that(makes_them)
    if learner.composed_that(makes_them):
        composers = learner.functions_that(lambda call: hasattr(call.result, "transform"))
        makers += [function for function in composers if function.name != "fit"]
    trainers = learner.functions_that(lambda call: hasattr(call.result, "predict"))
    for found, what, where in ((makers, "features", "features"), (trainers, "model", "model")):
        outside = [function for function in found if function.path.name != "train.py"]
        program = (learner.source_folder / "train.py").read_text("utf-8-sig")
        assert found or what == "features" or ".fit(" in program, (
            "No function gives back a model: something with a method predict, which takes the features "
            "and gives an answer for each row. What is saved must have it as well."
        )
        assert outside, (
            f"What makes the {what} is still in src/train.py. Put the function that does it "
            f"into src/{where}.py, and import it."
        )
    whole = learner.functions_that(lambda call: makes_them(call) and is_given_passengers(call))
    inside = [one for one in whole if one.path.name == "train.py"]
    assert len(inside) < len(whole) or not inside, (
        f"{inside[0]} makes all features of the passengers, and it is still in the shell. Move it to "
        f"{home(learner, core, 'a feature')}, and import it."
    )


def is_given_passengers(call):
    """Whether it is given them as they are in the file, and no feature yet."""
    return any(
        "Name" in names and not names & {"Title", "IsAlone", "Expensive"}
        for names in ({name for name, _ in tables_in(value)} for value in call.arguments.values())
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


@pytest.fixture(scope="module")
def shell(learner, core):
    """The syntax tree of train.py."""
    return learner.tree(learner.source_folder / "train.py")


def test_what_was_moved_is_not_in_the_shell_any_more(learner, core, shell):
    moved = {
        name: (path, node)
        for path in core
        for node in learner.tree(path).body
        for name in defined_in(node)
    }
    imported = {alias.name for node in imports_in(shell) for alias in node.names}
    for node in shell.body:
        for name in defined_in(node):
            if name not in moved or name == learner.behaviour.seam:
                continue
            path, twin = moved[name]
            assert ast.dump(node) != ast.dump(twin) and name not in imported, (
                f"{name} exists twice: in {learner.shown(path)}, line {twin.lineno}, and still in "
                f"src/train.py, line {node.lineno}. Delete the one in src/train.py."
            )


def test_no_module_keeps_a_copy_of_what_is_in_another(learner, core):
    used = {function.path.resolve() for function in learner.run.functions}
    homes = {}
    for path in sorted(core, key=lambda path: path not in used):
        for node in filter(is_named, learner.tree(path).body):
            home, twin = homes.setdefault(ast.dump(node), (path, node))
            assert home == path, (
                f"{node.name} exists twice: in {learner.shown(home)}, line {twin.lineno}, and once "
                f"more in {learner.shown(path)}, line {node.lineno}. A move leaves no copy behind: "
                "keep one of the two, and let the others import it."
            )


def defined_in(node):
    """The names that a statement of a module gives to functions, classes and tables."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    return [target.id for target in targets if isinstance(target, ast.Name)]


def imports_in(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def test_the_shell_decides_nothing(learner, core, shell):
    own = {node.name for path in core for node in ast.walk(learner.tree(path)) if is_named(node)}
    methods = {
        inner.name
        for path in core
        for node in ast.walk(learner.tree(path))
        if isinstance(node, ast.ClassDef)
        for inner in node.body
        if is_named(inner)
    }
    modules = {alias.asname or alias.name for node in imports_in(shell) for alias in node.names}
    for node in ast.walk(shell):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
        is_method = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) not in modules
        what = DECIDES.get(called) if called not in (methods if is_method else own) else None
        if called == "mean" and not any(isinstance(one, ast.Compare) for one in ast.walk(node)):
            what = None
        assert not what, (
            f"src/train.py, line {node.lineno}: {what} is still made here: "
            f"{shorten(ast.unparse(node), 60, placeholder=' …')}. Make a function of it in "
            f"{home(learner, core, what)}, and call that."
        )
    if learner.run.composed:
        return  # a pipeline may compute what a function gives back
    for function in learner.run.functions:
        assert function.path.name != "train.py" or not own_columns(learner, function), (
            f"{function} computes a column, and it is still in the shell. Move it to "
            f"{home(learner, core, 'a feature')}, and call it from the function there that derives the "
            "features."
        )


def home(learner, core, what):
    """The learner's module for it, where one alone can be meant; else the guide's."""
    usual = "features.py" if what == "a feature" else "model.py"
    training = [path for path in core if ".fit(" in ast.unparse(learner.tree(path))]
    fitting = [path for path in core if path not in training] if what == "a feature" else training
    others = [path for path in core if path.name != "features.py"]
    known = [path for path in core if path.name == usual] or fitting or others
    return learner.shown(known[0]) if len(known) == 1 else f"src/{usual}"


def is_named(node):
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


TOUCHING = ("read_csv", "to_csv", "open", "print", "dump")


def test_the_core_reads_and_writes_nothing_and_does_not_know_the_shell(learner, core):
    for path in core:
        text = path.read_text(encoding="utf-8-sig")
        tree = learner.trees[path]
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        inside = {node for one in functions for node in ast.walk(one)}  # the test of purity says it
        for node in ast.walk(tree):
            place = f"{learner.shown(path)}, line {getattr(node, 'lineno', 0)}"
            called = getattr(node, "attr", "") or getattr(node, "id", "")
            assert called not in TOUCHING or node in inside, (
                f"{place}: {called} touches the world. That is "
                "the shell's work: do it in src/train.py and hand over the result."
            )
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [getattr(node, "module", "") or alias.name for alias in node.names]
            assert "train" not in names, (
                f"{place} imports train: the core must not know "
                "who calls it. Turn it round: train imports the core."
            )
            found = WORLD.intersection(name.partition(".")[0] for name in names)
            assert not found or "Parallel" in text, (
                f"{place} imports {', '.join(found)}, which is for reading and writing: the "
                "shell's work. Take the import out; what needs it belongs to src/train.py."
            )


def test_the_shell_leaves_it_to_the_caller_where_the_data_are(learner, core, shell):
    texts = [node for node in ast.walk(shell) if isinstance(getattr(node, "value", None), str)]
    files = {  # a text of several words, the help or what it is about, opens nothing
        node.value: node.lineno for node in texts if re.fullmatch(r"\S+\.csv", node.value)
    }
    lines = [str(line) for line in sorted(set(files.values()))]
    assert len(files) < 2, (
        f"src/train.py, line{'s'[: len(lines) - 1]} {' and '.join(lines)}, still guesses where "
        f"the data are: {' or '.join(sorted(files))}. Keep one as the default of --data: whoever calls "
        "says where else they are."
    )


HAND_OVER = (
    "A test must be able to hand arguments over: def main(arguments=None), and in it "
    "parser.parse_args(arguments)."
)


def test_a_test_can_hand_arguments_to_the_shell(learner, core, shell):
    functions = {node.name: node for node in ast.walk(shell) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(shell):
        is_empty = isinstance(node, ast.Call) and not node.args and not node.keywords
        assert not is_empty or getattr(node.func, "attr", "") != "parse_args", (
            f"src/train.py, line {node.lineno}: {ast.unparse(node)} reads the command line and "
            f"nothing else. {HAND_OVER}"
        )
    for block in shell.body:
        if not isinstance(block, ast.If) or "__main__" not in ast.unparse(block.test):
            continue
        called = {node.func.id for node in ast.walk(block) if is_call_by_name(node)}
        known = {*imported_from(shell), *(node.name for node in shell.body if is_class(node))}
        starts = [functions[name] for name in called if name in functions]
        starts = [function for function in starts if function.name != learner.behaviour.seam]
        takes = any(one.args.args or one.args.vararg or one.args.posonlyargs for one in starts)
        assert takes or called & known - {learner.behaviour.seam}, (
            f"src/train.py, line {block.lineno}: "
            + (
                f"{starts[0].name}() takes no arguments. {HAND_OVER}"
                if starts
                else f"no test can call what is below this line. Put it into a function. {HAND_OVER}"
            )
        )


def is_call_by_name(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def is_class(node):
    return isinstance(node, ast.ClassDef)


def imported_from(tree):
    """The names that modules of the learner's may have, libraries' left out."""
    libraries = ("argparse", "pathlib", "joblib", "pandas", "sys", "os", "sklearn")
    return {
        alias.asname or alias.name
        for node in imports_in(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").partition(".")[0] not in libraries
        for alias in node.names
    }


def test_the_shell_takes_arguments_and_saves_the_model(learner, core, tmp_path):
    saved = tmp_path / "model.joblib"
    options = ("--model", str(saved))
    ended = run_script(learner.workspace, "src/train.py", options, LIMIT_S, (tmp_path,))
    last = ended.last_line.replace(str(saved), "model.joblib")
    assert ended.code == 0, (
        f"python src/train.py --model model.joblib does not work yet: {last[:160].rstrip('.')}. "
        "argparse reads --model and --data, which is data/titanic.csv if nobody says another; the "
        "shell hands them on."
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
    printed = ended.output.replace(str(saved), "")
    assert not printed.strip() or shown_in(printed, learner.run.results["accuracy"]), (
        f"python src/train.py prints this at last, and nowhere the accuracy: {last[:80]}. Print "
        f"{learner.run.results['accuracy']}: it is the answer that the program is for."
    )


def shown_in(printed, accuracy):
    """The numbers that are the accuracy, as they are printed: in per cent or as a share, rounded."""
    numbers = re.findall(r"\d+(?:\.\d+)?", printed)
    return [n for n in numbers if min(abs(float(n) * by - float(accuracy)) for by in (1, 100)) < 0.6]


def test_the_shell_trains_on_the_data_that_it_is_given(learner, core, tmp_path):
    lines = (learner.workspace / learner.behaviour.takes).read_text(encoding="utf-8").splitlines()
    data = tmp_path / "other.csv"
    data.write_text("\n".join(lines[:OTHER]) + "\n", encoding="utf-8")
    copy = tmp_path / "workspace"  # what it writes beside its code would stay, or replace a file
    shutil.copytree(learner.workspace, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    before = written(copy)
    ended = run_script(copy, "src/train.py", ("--data", str(data)), LIMIT_S, (tmp_path,))
    last = ended.last_line.replace(str(data), "other.csv")
    assert ended.code == 0, (
        "python src/train.py --data other.csv, without --model, does not work: "
        f"{last[:160].rstrip('.')}. Save the model only if a file is given for it."
    )
    more = sorted(path.relative_to(copy).as_posix() for path, _ in written(copy) - before)
    assert not more, (
        f"python src/train.py --data other.csv, without --model, writes {', '.join(more)}. Save the "
        "model only if a file is given for it."
    )
    printed = ended.output.replace(str(data), "")
    assert printed.strip(), (
        "python src/train.py --data data/titanic.csv prints nothing. Print the accuracy: it is the "
        "answer that the program is for."
    )
    assert str(learner.run.results["accuracy"]) not in shown_in(
        printed, learner.run.results["accuracy"]
    ), (
        f"python src/train.py --data other.csv says {last[:60]} as well: other.csv holds "
        f"{OTHER - 1} of the passengers, so it read data/titanic.csv. Let main() give train() "
        "the path that --data says."
    )


def written(folder):
    """The files, each with when it was written; Python's own copies of the code left out."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {(path, path.stat().st_mtime_ns) for path in files}
