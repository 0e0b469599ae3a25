"""Step 09: bands and codes are decided by tables, and nowhere else."""

import ast
import copy
import re
from itertools import takewhile
from numbers import Real

import numpy as np
import pandas as pd
import pytest

from nbkata.shape_tests.shell.argument_checks import arguments_changed
from nbkata.shape_tests.shell.learner import listed, tables_in
from nbkata.shape_tests.shell.made_columns import adds_column, functions_that_make
from nbkata.shape_tests.shell.mistakes import Misreading
from nbkata.shape_tests.shell.shape_checks import not_noticed
from nbkata.shape_tests.shell.tables_in_code import tables_with

FARE_EDGES = (7.5, 9, 15, 50, 200)
AGE_EDGES = (12, 20, 40, 64)
OLDER_THAN_ANYBODY = 120
"""What is above it in a test is a fare: one function may band both."""
RARE_TITLES = set("Mlle Ms Mme Dr Rev Col Major Capt Sir Don Jonkheer Lady Dona".split())
NO_FUNCTION = (
    "No function gives the fares their bands yet: train() does it itself, and no unit test can take "
    "hold of that. Let a function do it, test first."
)
NO_PIN = (
    "No function bands the ages and leaves those over 64 as they are: train() does one of the two itself, "
    "and no unit test can pin that. Let a function do both, test first."
)
ALL_WORDS = {
    "Sex": {"male", "female"},
    "Embarked": {"S", "C", "Q"},
    "Title": {"Mr", "Mrs", "Miss", "Master", "Other"},
}
WORDS = {"Sex": ("male", "female"), "Embarked": ("S", "C"), "Title": ("Mr", "Mrs")}


def follows(learner, tables, column, exchanged):
    """Whether the features move when entries of one of the tables are exchanged for others."""
    before = learner.run.results["X_train"][column]
    for table in tables:
        after = learner.with_edited(table.path, table.with_exchanged(exchanged))
        if after is None:  # it does not work without the old entry: it reads the table
            return True
        if not after["X_train"][column].equals(before):
            return True
    return False


@pytest.mark.parametrize(
    ("edges", "column", "old", "new", "what"),
    [
        (FARE_EDGES, "Fare", 7.5, 8.5, "the edges of the fares' bands (7.5, 9, 15, 50, 200)"),
        (AGE_EDGES, "Age", 40, 30, "the edges of the ages' bands (12, 20, 40, 64)"),
    ],
    ids=["fares", "ages"],
)
def test_a_table_decides_about_the_bands(learner, edges, column, old, new, what):
    tables = [table for table in tables_with(learner.trees, edges, learner.data_files) if not table.function]
    assert tables, (
        f"No table holds {what} yet. Put them into a list with a name, at the top of the module, "
        "and let one function band by it."
    )
    assert follows(learner, tables, column, {old: new}), (
        f"{tables[0].name} holds {what}, but when I change {old} to {new} in it, {column} stays the "
        "same: the numbers that decide stand somewhere else. Let the function read the table."
    )


@pytest.mark.parametrize(
    ("edges", "column", "more"),
    [(FARE_EDGES, "Fare", 250), (AGE_EDGES, "Age", 75)],
    ids=["fares", "ages"],
)
def test_a_new_band_is_a_new_entry(learner, edges, column, more):
    if any(edges_in(node) for _, node in learner.nodes() if isinstance(node, ast.FunctionDef)):
        pytest.skip("said by the test of edges in functions")
    tables = tables_with(learner.trees, edges, learner.data_files)
    text = with_one_more(tables[0], edges[-1], more) if len(tables) == 1 else ""
    after = learner.with_edited(tables[0].path, text) if text else None
    if after is None:
        return  # there is no such table, or an entry is more than its edge
    rows = pd.read_csv(learner.workspace / learner.behaviour.takes).loc[after["X_train"].index]
    shared = rows["Fare"] / (rows["SibSp"] + rows["Parch"] + 1)
    # from step 13 on the oldest have a band, and tickets are capped at 300
    other = shared > more if column == "Fare" else rows["Age"] > edges[-1]
    before = learner.run.results["X_train"][column]
    why = "Let a function go through the whole table, however long it is: pd.cut does."
    for path, line, name in constants_of(learner, edges[-1]):
        why = (
            f"{learner.shown(path)}, line {line} has {edges[-1]} once more: {name}. Delete it, and take "
            f"the last entry of {tables[0].name}."
        )
    assert not before[other].equals(after["X_train"][column][other]), (
        f"{tables[0].name} holds the edges, but when I add one more to it ({more}), nobody comes into "
        f"another band of {column}: a new band is still a new line of code. {why}"
    )


def constants_of(learner, edge):
    """File, line and name of what is this number alone, outside functions."""
    return [
        (path, node.lineno, ast.unparse(node.targets[0]))
        for path, tree in learner.trees.items()
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.value, "value", None) == edge
    ]


def with_one_more(table, last, more):
    """The file with one more edge behind the last in the one list of the table that holds it."""
    tree = copy.deepcopy(getattr(table, "tree", ast.parse("")))
    place = list(ast.walk(table.tree)).index(table.node) if hasattr(table, "tree") else 0
    lists = [
        node
        for node in ast.walk(list(ast.walk(tree))[place])
        if isinstance(node, ast.List | ast.Tuple | ast.Set)
        and any(getattr(edge, "value", None) == last for edge in node.elts)
    ]
    if len(lists) != 1 or any(isinstance(edge, ast.Tuple | ast.List) for edge in lists[0].elts):
        return ""
    edges = lists[0].elts
    behind = next(place for place, edge in enumerate(edges) if getattr(edge, "value", None) == last)
    edges.insert(behind + 1, ast.Constant(more))
    return ast.unparse(tree)


@pytest.mark.parametrize("column", WORDS, ids=["sexes", "ports", "titles"])
def test_a_table_decides_about_the_codes(learner, column):
    words = WORDS[column]
    tables = [table for table in tables_with(learner.trees, words, learner.data_files) if is_one_for_all(table)]
    shown = " and ".join(words)
    assert tables, (
        f"No table gives {shown} their codes yet. Put the codes of {column} into a table at the "
        "top of the module, beside the others: a dictionary, or a list of the words in the order "
        "of their codes."
    )
    assert follows(learner, tables, column, dict(zip(words, reversed(words), strict=True))), (
        f"{tables[0].name} has codes for {shown}, but when I exchange the two, {column} stays the "
        "same. Let the function read the table."
    )


def is_one_for_all(table) -> bool:
    """Whether it is at the top of its module, or holds the words of several columns."""
    return not table.function or sum(table.holds(words) for words in WORDS.values()) > 1


def test_no_edge_stands_in_a_function(learner):
    for path, node in learner.nodes():
        if isinstance(node, ast.FunctionDef):
            for number in edges_in(node):
                raise AssertionError(
                    f"{learner.shown(path)}, line {number.lineno}: {number.value} is in {node.name}: "
                    "nobody sees what it means or where else it is. Read it from the table."
                )


def edges_in(function):
    """The edges that something is compared with, or that are there together: 12 alone may be a depth."""
    nodes, numbers = list(ast.walk(function)), []
    compared = [inner for node in nodes if isinstance(node, ast.Compare) for inner in ast.walk(node)]
    for edges in (set(FARE_EDGES) - {9}, set(AGE_EDGES)):
        found = [
            node
            for node in nodes
            if isinstance(node, ast.Constant) and type(node.value) is not bool and node.value in edges
        ]
        are_together = len({number.value for number in found}) > 2
        numbers += [number for number in found if are_together or number in compared]
    return numbers


def test_no_function_compares_with_a_title(learner):
    for path, node in learner.nodes():
        if not isinstance(node, ast.FunctionDef):
            continue
        for compared in ast.walk(node):
            if not isinstance(compared, ast.Compare):
                continue
            words = [word for word in ast.walk(compared) if isinstance(word, ast.Constant)]
            titles = [word.value for word in words if word.value in RARE_TITLES]
            assert not titles, (
                f"{learner.shown(path)}, line {compared.lineno}: {node.name} compares with "
                f"{titles[0]}, so a new title is a new line of code. Put the titles and their "
                "groups into a table, and let the function look them up."
            )


@pytest.fixture(scope="module")
def encoding(learner):
    """By column, the functions and composers that give its words their codes."""
    results = learner.run.results
    rows = pd.concat([results["X_train"], results["X_test"]]).sort_index()
    return {column: makers(learner, rows[column].tolist()) for column in WORDS}


def makers(learner, wanted):
    return functions_that_make(learner, wanted) + learner.composed_that(
        lambda call: adds_column(call, wanted)
    )


def test_a_function_walks_the_tables_of_codes(encoding):
    without = ", ".join(column for column, functions in encoding.items() if not functions)
    assert not without, (
        f"No function gives the words of {without} their codes yet: train() does it itself. Let one "
        "function walk the tables, test first: encode(passengers, codes)."
    )


def test_a_unit_test_notices_when_the_encoding_is_broken(learner, encoding, their_tests):
    asked = []
    for functions in encoding.values():
        if functions and functions not in asked:
            message = not_noticed(learner, their_tests, functions, "gives words their codes")
            assert not message, message
            asked.append(functions)
            # It walks the tables: that one column's words differ is enough.
            columns = [column for column, others in encoding.items() if others == functions]
            said = (for_one_word(learner, functions, their_tests, column) for column in columns)
            messages = [*takewhile(bool, said)]
            assert len(messages) < len(columns), messages[0]


def for_one_word(learner, functions, their_tests, column):
    """Where no unit test notices that each word of a column is taken for the first."""
    first, rows = WORDS[column][0], len(pd.read_csv(learner.workspace / learner.behaviour.takes))

    def holds_words(values):
        texts = set(map(str, values))
        return len(values) in (1, rows) and bool(texts) and texts <= ALL_WORDS[column]

    others = [word for name, words in ALL_WORDS.items() if name != column for word in sorted(words)]
    wrong = Misreading(
        f"took each word of {column} for {first}",
        ("always but", first, others),  # in a test with one column of words it may be another one
        holds_words,
        f"Let two of your passengers differ in {column}.",
    )
    return not_noticed(learner, their_tests, functions, "gives words their codes", [wrong], usual=())


@pytest.fixture(scope="module")
def banding_fares(learner):
    results = learner.run.results
    fares = pd.concat([results["X_train"], results["X_test"]])["Fare"].sort_index().tolist()
    return makers(learner, fares) or [
        function
        for function in learner.run.functions
        if any(re.search(r"(?<!def )\b(cut|digitize|searchsorted)\(", line)
               for line in source_of(learner, function))
    ]  # fmt: skip


def past_the_edge(example, edges, is_column):
    return Misreading(
        f"took each number for a little more ({example})",
        ("more", 0.01, edges[-1]),
        lambda column: is_numeric(column) and (len(column) == 1 or is_column(column)),
        "Let one of your values be an edge: it belongs to the band that ends with it.",
    )


def test_unit_tests_notice_when_the_banding_is_broken(learner, banding_fares, their_tests):
    assert banding_fares, NO_FUNCTION
    rows = len(learner.run.results["X_train"]) + len(learner.run.results["X_test"])
    wrong = past_the_edge("7.51 for 7.5", FARE_EDGES, lambda column: len(column) == rows)
    message = not_noticed(learner, their_tests, banding_fares, "sorts into bands", [wrong])
    assert not message, message


def test_a_unit_test_pins_that_the_oldest_keep_their_years(learner, banding_fares, their_tests):
    ages = pd.read_csv(learner.workspace / learner.behaviour.takes)["Age"]

    def is_ages(column):
        """In whatever type of number they were read."""
        if len(column) != len(ages) or not is_numeric(column):
            return False
        return np.allclose(np.array(column, float), ages, equal_nan=True)

    def bands_all_but_the_oldest(call):
        given = [column for value in call.arguments.values() for _, column in tables_in(value)]
        return any(map(is_ages, given)) and any(
            is_numeric(listed(column))
            and kept(column) == kept(ages)
            and pd.Series(listed(column)).nunique() < ages.nunique()
            for _, column in tables_in(call.result)
        )

    def says_one_by_one(function):
        said = function.small_results
        return is_numeric(said) and oldest(said) == oldest(ages) and pd.Series(said).nunique() < ages.nunique()

    keeping = learner.functions_that(bands_all_but_the_oldest)
    keeping += learner.composed_that(bands_all_but_the_oldest)
    keeping += filter(says_one_by_one, learner.run.functions)
    if not keeping and not oldest(learner.run.results["X_train"]["Age"]):
        return  # step 13 fixed it
    assert keeping, NO_PIN

    def has_the_oldest(column):
        return len(column) == len(ages) and kept(column) == kept(ages)

    banded = Misreading(
        f"took {AGE_EDGES[-1]} for the age of everybody who is older",
        ("at most", AGE_EDGES[-1], OLDER_THAN_ANYBODY),
        lambda column: is_numeric(column) and (len(column) == 1 or has_the_oldest(column)),
        "Pin the bug: let one of your ages be 70.5, and stay so.",
    )
    message = not_noticed(learner, their_tests, keeping, "bands the ages", [banded])
    assert not message, message
    of_fares = {(one.module, one.name) for one in banding_fares}
    alone = [one for one in keeping if not one.inside & of_fares]  # else the edge of a fare is enough
    wrong = past_the_edge("12.01 for 12", AGE_EDGES, has_the_oldest)
    message = alone and not_noticed(learner, their_tests, alone, "bands the ages", [wrong], usual=())
    assert not message, message


def test_no_function_changes_the_frame_that_it_was_given(learner):
    message = arguments_changed(learner)
    assert not message, message


def is_numeric(column):
    return all(isinstance(value, int | float | Real) for value in column)


def kept(column):
    """The ages that no band holds, by their places."""
    return {place: age for place, age in enumerate(column) if age > AGE_EDGES[-1]}


def oldest(column):
    return [age for age in column if age > AGE_EDGES[-1]]


def source_of(learner, function):
    node = learner.written(function)
    return ast.unparse(node).splitlines() if node else []
