"""Step 06: one function derives the titles, and a unit test notices when it is broken."""

import ast
import re
from textwrap import shorten

import pandas as pd
import pytest

from nbkata.common.shell.walk import files_in, visible
from nbkata.shape_tests.shell.argument_checks import arguments_changed, change_not_noticed
from nbkata.shape_tests.shell.learner import tables_in
from nbkata.shape_tests.shell.mistakes import Misreading
from nbkata.shape_tests.shell.outside_tables import is_frame
from nbkata.shape_tests.shell.made_columns import functions_that_make, own_columns
from nbkata.shape_tests.shell.shape_checks import never_called, not_noticed
from nbkata.shape_tests.shell.tables_in_code import tables_with

# The words that the codes 0 to 4 of the golden record stand for.
TITLES = ("Mr", "Mrs", "Miss", "Master", "Other")
RARE = "Dr|Rev|Col|Major|Capt|Sir|Don|Jonkheer|Lady|Dona|the Countess"
NET = "test_characterization.py"
# So many replacements are a table.
SEVERAL = 4
# Each kind of title that the guide names, the one it is taken for, and how a message names it.
KINDS = (
    ("Mlle|Ms", "Mr", "Mlle and Ms", "Test one of these, too."),
    ("Mme", "Mr", "Mme", "Test it, too."),
    (RARE, "Mr", "the rare titles", "Test one of these, too: Dr, say, or the Countess."),
    ("Mr|Mrs|Miss|Master", "Dr", "Mr, Mrs, Miss and Master", "Test one of these, too."),
)


@pytest.fixture(scope="module")
def functions(learner):
    """The functions that derive the titles, in words or in codes, a column or one by one."""
    results = learner.run.results
    codes = pd.concat([results["X_train"], results["X_test"]])["Title"].sort_index().tolist()
    words = [TITLES[code] for code in codes]
    return functions_that_make(learner, words, codes)


@pytest.fixture(scope="module")
def names(learner):
    return pd.read_csv(learner.workspace / learner.behaviour.takes)["Name"]


@pytest.fixture(scope="module")
def left_over(learner, functions):
    """What to say of a statement of the seam without which the titles are the same."""
    for path in learner.files:
        line = spare_line(learner, path, functions)
        if line is None:
            continue
        place = f"{learner.shown(path)}, line {line.lineno}"
        text = path.read_text(encoding="utf-8-sig").splitlines()[line.lineno - 1]
        text = shorten(text, 60, placeholder=" …")
        if calls_one(learner, line, functions):
            return (
                f"{place}: nobody takes what the function gives back, so train() has the same titles "
                f"without this line: {text}. Take it (df = ...), then delete the old lines."
            )
        return (
            f"{place} is left over: your function makes the titles, and train() has the same ones "
            f"without this line. Delete the old lines, this one first: {text}"
        )
    return ""


def spare_line(learner, path, functions):
    """A statement of the seam that makes titles or calls an own function, and changes no title."""
    tree = learner.tree(path)
    seam = next((n for n in tree.body if getattr(n, "name", "") == learner.behaviour.seam), None)
    statements = seam.body if isinstance(seam, ast.FunctionDef) else []
    making = [
        node
        for node in statements
        if stores_titles(node)
        or calls_one(learner, node, functions)
        and not stores_other(node)
    ]
    last = making[-1] if making and learner.run.functions else None
    if not isinstance(last, ast.Assign):
        return None
    frame = next(node.id for node in ast.walk(last.targets[0]) if isinstance(node, ast.Name))
    given = ast.parse(
        f"return {{'titles': list({frame}['Title']), "
        f"'all': repr([list({frame}[name]) for name in {frame}])}}"
    ).body

    def made(without):
        kept = [n for n in statements[: statements.index(last) + 1] if n is not without]
        seam.body = kept + given
        return learner.with_edited(path, ast.unparse(tree)) or {}

    all_of_them = made(without=None)
    tried = [one for one in making if "astype" not in called(one)]  # it may be for the type alone
    tried.sort(key=lambda node: calls_one(learner, node, functions))  # the old lines first
    for one in tried if all_of_them else ():
        # A function may make any column: a line with a call of it is spare if it makes none.
        what = "titles" if stores_titles(one) else "all"
        if made(without=one).get(what) == all_of_them[what]:
            return one
    return None


def stores_other(statement):
    """Whether it gives a frame another column: a function may make codes of any."""
    target = getattr(statement, "targets", [statement])[0]
    return isinstance(target, ast.Subscript) and not stores_titles(statement)


def stores_titles(statement):
    """Whether it gives a frame titles, itself or in a loop."""
    for node in ast.walk(statement):
        if isinstance(node, ast.keyword) and node.arg == "Title":
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            column = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else node.slice
            if getattr(column, "value", "") == "Title":
                return True
    return False


def calls_one(learner, statement, functions):
    """Whether it calls one of the functions; of a class, not another method of it or of another."""
    names = called(statement)
    seen = [one.qualified.split(".") for one in learner.run.functions]
    classes = {parts[0] for parts in seen if len(parts) == 2}
    for *around, name in (one.qualified.split(".") for one in functions):
        others = {parts[-1] for parts in seen if parts[:-1] == around} - {name}
        if "<locals>" in around:
            is_called = bool(names & {name, *around})
        elif name in names:
            is_called = not around or around[-1] in names or not names & classes
        else:
            is_called = bool(names.intersection(around)) and not names & others
        if is_called:
            return True
    return False


def called(statement):
    """The names of what it calls, or hands to another to be called: ``names.map(title_of)``."""
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
    parts = [part for call in calls for part in (call.func, *call.args)]
    return {getattr(part, "attr", getattr(part, "id", "")) for part in parts}


def test_no_line_makes_the_titles_once_more(left_over):
    assert not left_over, left_over


def test_a_function_of_its_own_derives_the_titles(learner, functions, names, left_over):
    if left_over:
        pytest.skip("said by the first test")
    raw = names.map(lambda name: name.split(",")[1].split(".")[0].strip()).tolist()
    half = [] if functions else functions_that_make(learner, raw)
    assert not half, (
        f"{half[0]} reads the titles and leaves them as they are, Mlle, Dr and all: they are put into "
        "groups outside of it. Let the function do both: one job, one name."
    )
    for path, node in [] if functions else never_called(learner):
        raise AssertionError(
            f"{learner.shown(path)}, line {node.lineno}: train() never calls {node.name}. Call it in the "
            f"place of the old lines (df = {node.name}(df) if it gives a frame back, df['Title'] = "
            f"{node.name}(...) if it gives the titles), run pytest, then delete those."
        )
    assert functions, (
        "No function derives the titles yet: while train() ran, none was called that makes a "
        "column with Mr, Mrs, Miss, Master and Other out of the names. The lines that do it lie "
        "open in train(). Write add_derived_title, test first, and call it."
    )


def test_nobodys_name_is_in_the_tests(learner, names):
    real = {short for name in names if re.search(r"\. .", short := name.partition("(")[0].strip())}
    for path in files_in(learner.workspace / "tests", visible, ".py"):
        for node in ast.walk(learner.tree(path)):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            found = [name for name in real if name in node.value]
            place = f"{path.relative_to(learner.workspace).as_posix()}, line {node.lineno}"
            assert not found, (
                f"{place}: {found[0]} was a passenger. Names of real people are personal data: make "
                "up a name with the same title."
            )


def test_it_looks_up_in_a_table(learner, functions):
    for path, node in parts(learner, functions):
        replaced = [n for n in ast.walk(node) if getattr(n, "attr", "") == "replace"]
        assert len(replaced) < SEVERAL, (
            f"{learner.shown(path)}, line {node.lineno}: {node.name} calls replace {len(replaced)} "
            "times. What differs is data: write one table of titles and their groups, and look them "
            "up in it."
        )


def test_no_loop_goes_over_the_rows(learner, functions):
    loops = [
        (path, node, node.attr)
        for path, node in learner.nodes()
        if getattr(node, "attr", "") in ("iterrows", "itertuples")
    ]
    loops += [
        (path, node, "apply with axis=1")
        for path, function in parts(learner, functions)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "apply"
        if any(word.arg == "axis" for word in node.keywords)
    ]
    for path, node, how in loops:
        raise AssertionError(
            f"{learner.shown(path)}, line {node.lineno}: {how} still goes over the passengers one by "
            "one. A whole column at once is shorter and quicker: str.split, str.strip, map."
        )


def parts(learner, functions):
    """The syntax of the functions that derive the titles, and of those that they call."""
    found = {function.name for function in functions}
    names = {
        name
        for function in functions
        if not {name for _, name in function.inside} & found  # does it, and does not just ask
        for name in (function.name, *(name for _, name in function.inside))
    }
    for path, node in learner.nodes():
        if isinstance(node, ast.FunctionDef) and node.name in names:
            yield path, node


def test_not_every_test_trains_the_model(functions, their_tests):
    if not functions:
        pytest.skip("said by the first test")
    units = [one for one in their_tests.as_they_are.tests if one.file != NET]
    small = [one for one in units if not any(asked["what"] == "fit" for asked in one.asked)]
    assert small or not units, (
        f"Your test {units[0].file}, {units[0].name}, trains the model, and so do all but those in "
        f"{NET}. A unit test calls the function itself, on a few rows that you made up: it says what "
        "moved, and in a hundredth of a second."
    )


def test_a_unit_test_notices_when_it_is_broken(learner, functions, their_tests):
    if not functions:
        pytest.skip("said by the first test")
    rows = sum(len(learner.run.results[name]) for name in ("X_train", "X_test"))

    def holds_titles(column):
        is_of_all = len(column) in (1, rows)
        return is_of_all and any(re.search(rf"\b({'|'.join(TITLES)})\b", str(x)) for x in column)

    mistaken = [
        Misreading(f"took {what} for {other}", ("words as", words, other), holds_titles, advice)
        for words, other, what, advice in KINDS
    ]
    message = not_noticed(learner, their_tests, functions, "derives the titles", mistaken)
    assert not message, message


def test_the_tests_say_themselves_what_they_expect(learner, functions, their_tests):
    if not functions:
        pytest.skip("said by the first test")
    groups = dict.fromkeys(("Miss", "Mrs", "Other"), "Nobody")
    files = files_in(learner.workspace / "tests", visible, ".py")
    texts = "\n".join(path.read_text(encoding="utf-8-sig") for path in files)
    for table in tables_with(learner.trees, ("Mlle", "Miss"), learner.data_files):
        if table.function or not re.search(rf"\b{re.escape(table.name)}\b", texts):
            continue  # no test reads it
        file = table.path.resolve().relative_to(learner.workspace.resolve()).as_posix()
        run = their_tests.with_broken(file=file, text=table.with_exchanged(groups))
        assert run.failed or run.trouble, (
            f"Your unit tests take what they expect from {table.name} ({file}), which your function "
            "reads as well: I wrote Nobody for each Miss, Mrs and Other in it, and all of them passed. "
            "Write the titles that you expect into the tests."
        )


def test_it_leaves_its_argument_alone(learner, functions):
    message = arguments_changed(learner, functions)
    assert not message, message


def test_a_unit_test_notices_when_its_argument_changes(learner, functions, their_tests):
    # Later on codes are made of them elsewhere.
    words = [one for one in functions if any(map(makes_words, one.calls))]
    functions = words or functions
    found = {one.name for one in functions}
    inner = [one for one in functions if not found & {name for _, name in one.inside}]
    own = {name for one in functions for name in (one.name, *(name for _, name in one.inside))}
    if any(one.name not in own and own_columns(learner, one) for one in learner.run.functions):
        return  # later on such a test of one function is enough: step 08 asks for it
    of_frames = [one for one in inner if any(map(frames_both, one.calls))]
    of_frames = of_frames or [one for one in functions if any(map(adds_one_column, one.calls))]
    of_frames = of_frames or [one for one in functions if any(map(is_given_passengers, one.calls))]
    message = change_not_noticed(learner, their_tests, of_frames, "derives the titles")
    assert not message, message


def makes_words(call):
    """Whether titles come out as words."""
    return any(set(map(str, column)) >= {"Mr", "Mrs", "Miss"} for _, column in tables_in(call.result))


def is_given_passengers(call):
    """Whether it is given a frame of them, or its object holds one, whatever it gives back."""
    given = [*call.arguments.values()]
    held = [one for value in given for one in getattr(value, "__dict__", {}).values()]
    return any("Name" in one.columns for one in filter(is_frame, [*given, *held]))


def frames_both(call):
    """Whether it works on a frame, or on one that its object holds, and gives one back, or an object with one."""
    return any(map(has_frame, call.arguments.values())) and has_frame(call.result)


def adds_one_column(call):
    """Whether it gives back a frame that it was given, with one more column: no chain of several."""
    given = {name for value in call.arguments.values() for name, _ in tables_in(value)}
    return frames_both(call) and len({name for name, _ in tables_in(call.result)} - given) == 1


def has_frame(value):
    return is_frame(value) or any(map(is_frame, getattr(value, "__dict__", {}).values()))
