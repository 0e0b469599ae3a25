"""Step 08: one function fills all gaps, nothing else fills any, held by a unit test."""

import ast

import pandas as pd
import pytest

from nbkata.shape_tests.shell.argument_checks import arguments_changed, change_not_noticed
from nbkata.shape_tests.shell.learner import listed, tables_in
from nbkata.shape_tests.shell.mistakes import Misfilling, Misreading
from nbkata.shape_tests.shell.shape_checks import WHOLE, not_noticed

# The words that the codes 0 to 4 of the golden record stand for.
TITLES = ("Mr", "Mrs", "Miss", "Master", "Other")
FILLING = ("fillna", "ffill", "bfill", "interpolate", "combine_first")
ASKING = ("isnull", "isna")
"""Code that asks for gaps may keep them; code that assigns to them fills them."""


def gaps(value):
    """The columns with gaps, but for those that are mostly gap."""
    columns = [(name, column) for name, column in tables_in(value) if hasattr(column, "dtype")]
    return {name for name, column in columns if 0 < pd.isna(column).mean() < 0.5}


def filled(call):
    """The columns that went in with gaps, and came out without any."""
    before = {name for value in call.arguments.values() for name in gaps(value)}
    after = {name for name, _ in tables_in(call.result)} - gaps(call.result)
    return before & after


def fills_all(call):
    return len(filled(call)) >= 3


def fills_most(call):
    return len(filled(call)) == 2


def does_more(call):
    """The columns, beside those it fills, that it gives back as it was not given them."""
    given = [column for value in call.arguments.values() for _, column in tables_in(value)]
    return [
        name
        for name, after in tables_in(call.result)
        if not any(is_kept(before, after, whole=True) for before in given)
    ]


def does_it_alone(function):
    return any(not does_more(call) for call in function.calls)


def only_fills(call):
    """Whether what was known stayed as it was, and no column is new."""
    before = {
        name: column for value in call.arguments.values() for name, column in tables_in(value)
    }
    after = dict(tables_in(call.result))
    return all(name in before and is_kept(before[name], after[name]) for name in after)


def is_kept(before, after, whole=False):
    """Whether what was known stayed; ``whole`` numbers of it, where they became such, are as good."""
    if len(before) != len(after):
        return False
    old, new = pd.Series(listed(before)), pd.Series(listed(after))
    old, new = old[old.notna()], new[old.notna()]
    if whole and pd.api.types.is_integer_dtype(new) and pd.api.types.is_numeric_dtype(old):
        old = old.astype(int)
    return old.tolist() == new.tolist()


@pytest.fixture(scope="module")
def filling(learner):
    """The innermost functions that fill all gaps: what calls them may do other things as well."""
    found = learner.functions_that(fills_all) + learner.composed_that(fills_all)
    return [function for function in found if mentions_filling(learner, function)] or found


@pytest.fixture(scope="module")
def functions(filling):
    """The same without those that know of no gap."""
    return for_gaps_alone(filling, fills_all)


def for_gaps_alone(functions, fill):
    """Without those that make other columns in other calls, if there are any: they know of no gap."""
    return [one for one in functions if all(map(fill, one.calls))] or functions


@pytest.fixture(scope="module")
def left_over(learner, functions):
    """Where gaps are filled beside the function that fills all, or most of them."""
    most = functions or for_gaps_alone(learner.functions_that(fills_most), fills_most)
    return filled_elsewhere(learner, most) if most else ""


def mentions_filling(learner, function):
    node = learner.written(function)
    return node is not None and any(
        getattr(inner, "attr", "") in FILLING + ASKING for inner in ast.walk(node)
    )


def test_one_function_fills_every_gap(functions, left_over):
    if left_over:
        pytest.skip("said by the next test")
    assert functions, (
        "No function fills all gaps yet: while train() ran, none was called with gaps in ages, "
        "fares and ports and gave back a frame without any. Bring the lines together first, one "
        "move at a time; then extract them as fill_gaps."
    )


def test_nothing_else_fills_gaps(functions, left_over):
    if functions and not any(does_it_alone(function) for function in functions):
        pytest.skip("said by the next test")
    assert not left_over, left_over


def filled_elsewhere(learner, functions):
    names = {(function.module, function.name) for function in functions}
    for function in functions:
        if any(map(only_fills, function.calls)):
            names |= function.inside  # what it leaves to helpers, or to the steps of a pipeline
    inside = {
        (path, getattr(inner, "lineno", 0))
        for path, node in learner.nodes()
        if isinstance(node, ast.FunctionDef) and (module_of(learner, path), node.name) in names
        for inner in ast.walk(node)
    }
    in_tables = made_before_the_run(learner)
    itself = min(functions, key=lambda one: len(one.inside))
    ran = {learner.behaviour.seam, *(one.name for one in learner.run.functions)}
    unused = {
        inner
        for _, node in learner.nodes()
        if isinstance(node, ast.FunctionDef) and node.name not in ran
        for inner in ast.walk(node)
    }
    # What ran first: a function that nobody calls yet is no place where gaps are filled.
    for path, node in sorted(learner.nodes(), key=lambda found: found[1] in unused):
        if node in in_tables:
            continue
        fills = getattr(node, "attr", "") in FILLING
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            fills = any(getattr(n, "attr", "") in ASKING for n in ast.walk(node.targets[0]))
        line = ast.unparse(node).splitlines()[0][-60:] if fills else ""
        if fills and (path, node.lineno) not in inside and not fills_its_own(learner, path, node):
            return (
                f"{learner.shown(path)}, line {node.lineno} still fills gaps: {line}. One job, one "
                f"place: move it into {itself.shown}; or delete it, if no gap can be left there."
            )
    return ""


def made_before_the_run(learner):
    """The code of lambdas that no function made as it ran, those in a table, say: who calls them is in no text."""
    called = {learner.behaviour.seam, *(one.name for one in learner.run.functions)}
    trees = learner.trees.values()
    functions = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    ran = {inner for one in functions if one.name in called for inner in ast.walk(one)}
    lambdas = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Lambda)]
    return {inner for one in lambdas if one not in ran for inner in ast.walk(one)}


def fills_its_own(learner, path, filling):
    """Whether a function closes gaps that its own lookup made, and leaves those that it was given."""
    around = [
        node
        for node in ast.walk(learner.tree(path))
        if isinstance(node, ast.FunctionDef) and node.lineno < filling.lineno <= node.end_lineno
    ]
    if not around:
        return False
    function, module = around[-1], module_of(learner, path)
    calls = [
        call
        for one in learner.run.functions
        if (one.module, one.name) == (module, function.name)
        for call in one.calls
    ]
    made = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    receiver = getattr(filling, "value", filling)
    names = {node.id for node in ast.walk(receiver) if isinstance(node, ast.Name)}
    sources = [receiver, *(made[name] for name in names & made.keys())]
    is_made = any(isinstance(node, ast.Call) for one in sources for node in ast.walk(one))
    return is_made and bool(calls) and not any(map(filled, calls))


def test_the_function_that_fills_gaps_does_nothing_else(functions):
    if any(does_it_alone(function) for function in functions):
        return
    for function in functions:
        more = ", ".join(does_more(function.calls[0]))
        raise AssertionError(
            f"{function} fills the gaps, and does more: it also makes or changes {more}. One job, "
            "one place: let a function of its own fill the gaps, and nothing else."
        )


def module_of(learner, path):
    parts = path.relative_to(learner.source_folder).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def test_a_unit_test_notices_when_it_is_broken(learner, functions, their_tests):
    if not functions:
        pytest.skip("said by the first test")
    names = [name for name in FILLED_WITH if not learning(learner, functions, name)]
    message = not_noticed(learner, their_tests, functions, "fills the gaps", misreadings(learner))
    assert not message, message
    broken = misfillings(learner, functions, names)
    message = not_noticed(learner, their_tests, functions, "fills the gaps", broken, usual=())
    assert not message, message


def test_a_unit_test_notices_when_the_argument_is_changed(learner, filling, their_tests):
    if not filling:
        pytest.skip("said by the first test")
    message = change_not_noticed(learner, their_tests, filling, "fills the gaps")
    assert not message, message


def test_a_unit_test_notices_when_other_values_are_learnt(learner, functions, their_tests):
    if not functions:
        pytest.skip("said by the first test")
    for name in FILLED_WITH:
        found = learning(learner, functions, name)
        if found:
            broken = misfillings(learner, functions, [name], learnt=True)
            message = not_noticed(learner, their_tests, found, "learns", broken, usual=())
            assert not message, message


def learning(learner, functions, name):
    """The functions that give back what others fill a column's gaps with."""
    filling = {(function.module, function.qualified) for function in functions}
    broken = list(misfillings(learner, functions, [name], learnt=True))[:1]
    return [
        function
        for function in learner.run.functions
        if (function.module, function.qualified) not in filling
        and any(one.breakage(function)["places"] for one in broken)
    ]


# By column: what its gaps may get instead of what is right, and how a test notices.
FILLED_WITH = {
    "Age": [
        (
            "mean",
            "the mean of all ages",
            "Let two of your passengers have different titles, each with ages of its own.",
        )
    ],
    "Fare": [
        (
            "mean",
            "the mean of all fares",
            "Let the mean and the median of your fares differ, in a test that calls it.",
        ),
        ("commonest", "the commonest fare", "Let the commonest and the median fare differ."),
    ],
    "Embarked": [
        ("rarest", "the rarest port", "Let one port be the commonest, and let there be another.")
    ],
}


def misfillings(learner, functions, names, learnt=False):
    """Each column's gaps filled with another value; or that value learnt, and other ones at all."""
    data = pd.read_csv(learner.workspace / learner.behaviour.takes)
    for name in names:
        gaps = data[name].isna()

        def has_gaps(column, gaps=gaps):
            return len(column) == len(gaps) and gaps_in(column) == gaps.tolist()

        filling = filled_with(functions, has_gaps, gaps)

        def is_filled(value, filling=filling, learnt=learnt, gaps=gaps):
            items = list(value.values()) if isinstance(value, dict) else value
            if not hasattr(items, "__len__") or isinstance(items, str):
                return learnt and filling == {items}
            if learnt:
                return len(items) < len(gaps) and filling <= {i for i in items if is_hashable(i)}
            return len(items) == len(gaps) and set(pd.Series(list(items))[gaps]) == filling

        if learnt and filling:
            what = f"learnt something else to fill each gap in {name} with"
            advice = f"{WHOLE} If bands hide the number there, look at what is learnt itself."
            yield Misfilling(what, "another", has_gaps, is_filled, advice)
        for instead, words, advice in FILLED_WITH[name] if filling else ():
            what = f"had each gap in {name} filled with {words}"
            yield Misfilling(what, instead, has_gaps, is_filled, advice)


def gaps_in(column):
    """Of each value whether it is a gap; what type they could have in common need not be found out."""
    return pd.isna(pd.Series(listed(column), dtype=object)).tolist()


def is_hashable(value):
    return getattr(value, "__hash__", None) is not None


def filled_with(functions, has_gaps, gaps):
    """The values that a column's gaps got."""
    for function in functions:
        for call in function.calls:
            given = [c for value in call.arguments.values() for _, c in tables_in(value)]
            for column in filter(has_gaps, given):
                for _, after in tables_in(call.result):
                    if len(after) == len(gaps) and is_kept(column, after):
                        filled = set(pd.Series(listed(after))[gaps])
                        if not any(map(pd.isna, filled)):
                            return filled
    return set()


def misreadings(learner):
    """Each column's gaps taken for a value, and each title for the first of them."""
    data = pd.read_csv(learner.workspace / learner.behaviour.takes)
    results = learner.run.results
    codes = pd.concat([results["X_train"], results["X_test"]])["Title"].sort_index().tolist()
    words = [TITLES[code] for code in codes]

    def with_gaps_of(name):
        gaps = data[name].isna().tolist()
        return lambda column: len(column) == len(gaps) and gaps_in(column) == gaps

    # No port is called nowhere: Q would be the right one in a test whose commonest port it is.
    for name, value in (("Embarked", "nowhere"), ("Fare", 0.0), ("Age", 0.0)):
        what = f"took each gap in {name} for {value}"
        advice = f"Let one of your passengers have a gap in {name}, and compare what fills it."
        yield Misreading(what, ("gaps as", value), with_gaps_of(name), advice)
    what = "took everybody for the same Title"
    advice = "Let a passenger of another title have another age."
    for titles in (words, codes):
        yield Misreading(what, ("always", titles[0]), titles.__eq__, advice)


def test_no_function_changes_the_frame_that_it_was_given(learner):
    message = arguments_changed(learner)
    assert not message, message
