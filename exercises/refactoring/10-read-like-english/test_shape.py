"""Step 10: names say what a row is, the features are one sentence, train() is short."""

import ast
import io
import re
import tokenize
from textwrap import shorten

import pandas as pd
import pytest

from nbkata.shape_tests.shell.argument_checks import arguments_changed
from nbkata.shape_tests.shell.outside_tables import is_frame
from nbkata.shape_tests.shell.shape_checks import TESTS_PASS, not_passing, the_first
from nbkata.shape_tests.shell.since_before import new_untested
from nbkata.smells.core.annotate import annotations_in
from nbkata.smells.core.find import smells_in
from nbkata.smells.core.source import source_of_script
from nbkata.smells.core.symbols import Smell

WHICH = "new|old|my|the|raw|clean|full|out|result|copy"
VAGUE = re.compile(
    rf"_?(({WHICH})_)?(df|data|dataset|tmp|temp|x|frame|dataframe)(_({WHICH}))?_?\d*$|clf$"
)
LONGEST = 10
"""Statements in train()."""


def functions(learner):
    return [(path, node) for path, node in learner.nodes() if isinstance(node, ast.FunctionDef)]


@pytest.fixture(scope="module")
def vague(learner):
    """File, lines and name of what is called by its type; of each function the first line."""
    lines = {}
    classes = [node for _, node in learner.nodes() if isinstance(node, ast.ClassDef)]
    methods = {inner for node in classes for inner in ast.walk(node)}
    for path, function in functions(learner):
        own = {}
        for node in ast.walk(function):
            if function in methods and given_name(node) == "frame":  # its class says what a row is
                continue
            if VAGUE.match(name := given_name(node)) and not is_path(function, name):
                own[name] = min(node.lineno, own.get(name, node.lineno))
        for name, line in own.items():
            lines.setdefault((learner.shown(path), name), set()).add(line)
    found = [(shown, sorted(them), name) for (shown, name), them in lines.items()]
    return sorted(found)


def test_names_say_what_is_in_them(learner, vague):
    assert learner.run
    named = [
        (f"{shown}, line{'s' if lines[1:] else ''} {', '.join(map(str, lines))}", name)
        for shown, lines, name in vague
    ]
    others = ", ".join(f"{name} ({place})" for place, name in named[1:])
    better = "What is one row? A passenger: then the frame is passengers."
    if named and named[0][1] == "clf":
        better = "A classifier: what is it for? Call it model."
    assert not named, (
        f"{named[0][0]}: {named[0][1]} says what type it has, not what is in it. "
        + better
        + (f" And so does {others}." if others else "")
    )


def given_name(node):
    """The name that a parameter (a lambda's, too) or an assignment gives; else none."""
    if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
        return getattr(node, "id", "") or node.attr
    return node.arg if isinstance(node, ast.arg) else ""


def is_path(function, name):
    """Whether what has the name is read as a file: then ``data`` says where the data are."""
    return any(
        isinstance(node, ast.Call)
        and (getattr(node.func, "attr", "") or getattr(node.func, "id", "")) in READS
        and any(getattr(given, "id", "") == name for given in node.args)
        for node in ast.walk(function)
    )


READS = ("read_csv", "open", "Path", "train")


GONE = {
    Smell.VAGUE_NAME,
    Smell.ROW_ITERATION,
    Smell.MAGIC_NUMBER,
    Smell.DUPLICATE_CODE,
    Smell.DUPLICATE_RESPONSIBILITY,
    Smell.NOT_IDEMPOTENT,
    Smell.MUTATED_SHARED_FRAME,
    Smell.NO_FUNCTIONS,
    Smell.OVERLOADED_NAME,
    Smell.SCATTERED_IMPORT,
}
"""Kinds of smell that nothing has any more at the end of this step."""


def test_each_comment_says_what_the_code_does_not(learner, vague):
    messages = []
    for path in learner.files:
        text = path.read_text(encoding="utf-8-sig")
        source = source_of_script(text, path.name)
        found = {one.symbol for one in smells_in(source, GONE).findings}
        if any(shown == learner.shown(path) for shown, _, _ in vague):
            found.add(Smell.VAGUE_NAME)
        messages += [
            f"{learner.shown(path)}, line {place.line}: nothing smells like this any more. Delete "
            f"the comment: # [code smell] {shorten(place.words, 60, placeholder=' …')}"
            for place in annotations_in(source)
            if place.symbols and (GONE - found).issuperset(place.symbols)
        ]
        messages += [
            f"{learner.shown(path)}, line {line}: the comment only repeats the line below it: "
            f"{comment}. Delete it. Keep those that say why."
            for line, comment in repeating(text)
        ]
    assert not messages, the_first(messages)


def repeating(text):
    """The comments of a line of their own of which each word is in the line below, too."""
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        number, column = token.start
        below = next((one for one in lines[number:] if one.strip()), "").lower()
        words = [word for word in re.findall(r"[a-z]+", token.string.lower()) if word not in FILLING]
        if (
            token.type == tokenize.COMMENT
            and not lines[number - 1][:column].strip()
            and words
            and not below.lstrip().startswith("#")
            and all(word in below for word in words)
        ):
            yield number, token.string


FILLING = ("a", "an", "the", "and", "of", "to", "in", "is", "it", "we", "by", "for", "with", "then")


def test_the_tests_pass_as_they_are(their_tests):
    failing = not_passing(their_tests)
    assert not failing, failing


@pytest.mark.slow("breaking your new functions on purpose", needs=TESTS_PASS)
def test_a_unit_test_holds_each_new_function(learner, their_tests, files_before):
    if not_passing(their_tests):
        pytest.skip("said by a test before")
    message = new_untested(learner, their_tests, files_before, old_too=True)
    assert not message, message


def test_no_function_changes_the_frame_that_it_was_given(learner):
    message = arguments_changed(learner)
    assert not message, message


@pytest.fixture(scope="module")
def makers(learner):
    """The functions that give the model's columns and nothing else."""
    results = learner.run.results
    columns, rows = list(results["X_train"].columns), len(results["X_train"])

    def makes_them(call):
        given = call.arguments.values()
        return (
            is_frame(call.result)
            and list(call.result.columns) == columns
            and len(call.result) >= rows
            and not any(is_frame(value) and list(value.columns) == columns for value in given)
        )

    return learner.functions_that(makes_them) + learner.composed_that(makes_them)


def test_one_function_gives_all_features_and_nothing_else(learner, makers):
    columns = list(learner.run.results["X_train"].columns)
    assert makers, (
        f"No function gives back the model's columns ({', '.join(columns[:3])}, ...) and nothing "
        "else. Let one function, derive_features, chain the others with pipe and pick the columns "
        "at its end."
    )


def test_the_chain_leaves_each_job_to_a_function(learner, makers):
    own = {node.name for _, node in functions(learner)}
    names = {maker.name for maker in makers}
    for path, function in functions(learner):
        for node in ast.walk(function) if function.name in names else ():
            if computes_column(node) and not own & names_in(node):
                raise AssertionError(
                    f"{learner.shown(path)}, line {node.lineno}: {function.name} does this job itself: "
                    f"{shorten(ast.unparse(node), 60, placeholder=' …')}. Give it a function with a "
                    "name, test first: then the chain reads like a table of contents."
                )


def computes_column(node):
    """Whether a statement works out what it puts into a column."""
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    if not isinstance(node, ast.Assign | ast.AugAssign) or not isinstance(targets[0], ast.Subscript):
        return False
    return isinstance(node, ast.AugAssign) or any(
        isinstance(inner, ast.BinOp | ast.Compare)
        or isinstance(inner, ast.Call) and getattr(inner.func, "attr", "") not in ("astype", "copy")
        for inner in ast.walk(node)
    )


def names_in(node):
    return {getattr(inner, "id", getattr(inner, "attr", "")) for inner in ast.walk(node)}


def test_a_new_column_in_the_data_changes_nothing(learner):
    data = learner.workspace / learner.behaviour.takes
    passengers = pd.read_csv(data)
    with_more = passengers.assign(Berth=range(len(passengers))).to_csv(index=False)
    after = learner.with_edited(data, with_more)
    columns = list(learner.run.results["X_train"].columns)
    assert after is not None and list(after["X_train"].columns) == columns, (
        "I added a column to the data, Berth, and "
        + ("the program stopped." if after is None else "the model was given it.")
        + " Pick the model's columns by name, in one list: then what else is in the data does not "
        "matter."
    )


def test_columns_are_picked_once_and_not_dropped_all_over(learner):
    drops = [
        (path.name, node.lineno)
        for path, node in learner.nodes()
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "drop"
    ]
    places = ", ".join(f"src/{name}, line {line}" for name, line in drops[:3])
    assert len(drops) <= 1, (
        f"Columns are dropped in {len(drops)} places ({places}). To know what is left, one has to "
        "read all of them. Say once which columns the model gets."
    )


def test_train_reads_as_a_sentence(learner):
    seam, columns = learner.behaviour.seam, set(learner.run.results["X_train"].columns)
    handed_on = {one.name for one in learner.functions_that(lambda call: gives_all(learner, call))}
    for path, function in functions(learner):
        # one that the seam only hands its work on to is no shorter by another name
        statements = [n for n in ast.walk(function) if isinstance(n, ast.stmt)][1:]
        if function.name != seam and function.name not in handed_on:
            continue
        assert len(statements) <= LONGEST, (
            f"{learner.shown(path)}: {function.name}() has {len(statements)} statements. Read it "
            "aloud: passengers, features, split, model, answer. What is not in that sentence belongs "
            "into a function with a name."
        )
        for node in statements:
            assert not changes_column(node, columns, learner.behaviour.results), (
                f"{learner.shown(path)}, line {node.lineno}: {function.name}() changes a column here "
                f"({shorten(ast.unparse(node), 60, placeholder=' …')}). Give the job a name and a function."
            )


def gives_all(learner, call):
    given = call.result if isinstance(call.result, dict) else getattr(call.result, "__dict__", {})
    is_alone = set(learner.behaviour.results) <= set(given)
    return is_alone and not any(is_frame(value) for value in call.arguments.values())


def changes_column(node, columns, results):
    """Whether a statement puts something into a column, by ``[...] =`` or by ``assign(Fare=...)``."""
    target = getattr(node, "targets", [getattr(node, "target", None)])[0]
    if isinstance(node, ast.Assign | ast.AugAssign) and isinstance(target, ast.Subscript):
        return getattr(target.slice, "value", None) not in results
    return any(
        getattr(call.func, "attr", "") == "assign" and any(one.arg in columns for one in call.keywords)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    )
