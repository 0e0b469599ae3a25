"""Step 05: nothing is computed, imported or kept that does not reach the result."""

import ast
import io
import re
import tokenize
from textwrap import shorten

from nbkata.shape_tests.shell.shape_checks import (
    is_registered,
    not_passing,
    not_running,
    registering,
    the_first,
)
from nbkata.smells.core.annotate import annotations_in
from nbkata.smells.core.find import smells_in
from nbkata.smells.core.source import source_of_script
from nbkata.smells.core.symbols import Smell

DEAD = {
    Smell.DEAD_CODE: "is computed and reaches no result",
    Smell.COMMENTED_OUT_CODE: "is code in a comment",
    Smell.UNUSED_IMPORT: "imports what nobody uses",
    Smell.WILDCARD_IMPORT: "imports everything, and most of it for nobody",
    Smell.CHAINED_ASSIGNMENT: "changes a copy, so it does nothing",
    Smell.RESULT_DISCARDED: "computes something and throws it away",
    Smell.BLANKET_EXCEPT: "hides what fails (delete the line of the try that always does, and the try)",
    Smell.GLOBAL_SEED: "seeds draws that nobody makes: split and forest have a random_state",
    Smell.BLANKET_WARNING_FILTER: "hides warnings, those about lines that do nothing as well",
}


def test_nothing_is_computed_that_nobody_reads(learner):
    messages = []
    for path in learner.files:
        text = path.read_text(encoding="utf-8-sig")
        findings = list(smells_in(source_of_script(text, path.name), DEAD).findings)
        findings += smells_of_set_up(learner, text, SET_UP)
        for found in {(one.line, one.symbol): one for one in findings}.values():
            what = found.source
            if found.symbol == Smell.UNUSED_IMPORT:  # of a long line the names that it says
                what = re.split(" (?:is|are) imported", found.message)[0]
                if {*re.findall(r"\w+", what)} & registering(learner):
                    continue
            line = shorten(what, 60, placeholder=" …")
            place = f"{learner.shown(path)}, line {found.line}"
            messages.append(f"{place} {DEAD[found.symbol]}: {line}")
    assert not messages, the_first(messages, 4)


SET_UP = {Smell.GLOBAL_SEED, Smell.BLANKET_WARNING_FILTER}
"""Set-up of the notebook: in train() it does as much harm as above it."""


def smells_of_set_up(learner, text, kinds):
    """What the code smells of, with the lines of train() as in the notebook: under no function."""
    flat = without_seam(text, learner.behaviour.seam)
    return smells_in(source_of_script(flat, "train.py"), kinds).findings


def without_seam(text, seam):
    """The text with the seam's lines below ``if True:``, each at its own line."""
    lines = text.splitlines()
    for function in ast.parse(text).body:
        if not isinstance(function, ast.FunctionDef) or function.name != seam:
            continue
        first = function.body[0].lineno - 1
        if first < function.lineno:  # all in one line
            continue
        lines[function.lineno - 1 : first] = ["if True:"] + [""] * (first - function.lineno)
        inner = (ast.FunctionDef, ast.Lambda, ast.ClassDef)
        own = list(function.body)
        for node in own:
            own += [part for part in ast.iter_child_nodes(node) if not isinstance(node, inner)]
        for node in own:
            if isinstance(node, ast.Return):
                line, start = lines[node.lineno - 1], node.col_offset
                kept = line[start + len("return") :].lstrip()
                lines[node.lineno - 1] = line[:start] + ("given = " if node.value else "pass") + kept
    return "\n".join(lines) + "\n"


GONE = {
    *DEAD,
    Smell.SECRET_IN_CODE,
    Smell.MERGE_UNKEYED,
    Smell.DEPRECATED_API,
    Smell.NOT_SCALED,
    Smell.SCATTERED_IMPORT,
    Smell.OVERLOADED_NAME,
}
"""Kinds of smell that nothing has any more once the dead code is gone."""


def test_no_comment_names_a_smell_that_is_gone(learner):
    messages = []
    for path in learner.files:
        text = path.read_text(encoding="utf-8-sig")
        source = source_of_script(text, path.name)
        findings = [*smells_in(source, GONE).findings, *smells_of_set_up(learner, text, GONE)]
        found = {one.symbol for one in findings}
        messages += [
            f"{learner.shown(path)}, line {place.line}: nothing smells like this any more. Delete the "
            f"comment: # [code smell] {shorten(place.words, 60, placeholder=' …')}"
            for place in annotations_in(source)
            if place.symbols and GONE.difference(found).issuperset(place.symbols)
            if not has_other_meaning(place, text)
        ]
    assert not messages, the_first(messages)


def has_other_meaning(place, text):
    """Whether it marks as overloaded a name that is made from itself, ``df = df.drop(…)``, or twice."""
    if Smell.OVERLOADED_NAME not in place.symbols:
        return False
    lines = text.splitlines()
    made = [found[1] for line in lines if (found := re.match(r"\s*(\w+) ?= ?", line))]
    if any(made.count(word) > 1 for word in re.findall(r"\w+", place.words)):
        return True
    line = next((one for one in lines[place.line :] if not one.lstrip().startswith("#")), "")
    return bool(re.match(r"\s*(\w+) ?= ?\1\b", line))


def test_no_comment_speaks_of_a_name_that_is_gone(learner, files_before):
    """Only comments of before, and names that no prose has: ``WomanOrChild``, ``mean_fare``."""
    old = [path.read_text("utf-8-sig") for name, path in files_before.items() if name.endswith(".py")]
    had, kept = set().union(*map(code_words, old)), set().union(*map(comments, old))
    texts = {path: path.read_text("utf-8-sig") for path in learner.files}
    gone = had - set().union(*map(code_words, texts.values()))
    messages = [
        f"{learner.shown(path)}, line {number}: the comment speaks of {name}, which is not in the code "
        f"any more. Delete it: {shorten(comment, 60, placeholder=' …')}"
        for path, text in texts.items()
        for comment, number in comments(text).items()
        if comment in kept and not MARK.match(comment)
        for name in [name for name in CODE_NAME.findall(comment) if name in gone][:1]
    ]
    assert not messages, the_first(messages)


MARK = re.compile(r"#\s*\[code smell\]")
CODE_NAME = re.compile(r"\b(?:[A-Za-z]+_\w+|[A-Za-z]*[a-z][A-Z]\w*)\b")


def comments(text):
    """The comments of a Python file, each with its line."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.string: token.start[0] for token in tokens if token.type == tokenize.COMMENT}


def code_words(text):
    """The words in a Python file that are in no comment."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    code = (token.string for token in tokens if token.type != tokenize.COMMENT)
    return {word for string in code for word in re.findall(r"\w+", string)}


def test_no_line_fills_gaps_where_there_are_none(learner):
    assert learner.run
    for path in learner.files:
        for line in lines_without_gaps(learner, path, learner.tree(path)):
            raise AssertionError(
                f"{learner.shown(path)}, line {line} fills gaps where there are none. Delete the line."
            )


def lines_without_gaps(learner, path, tree):
    """The lines of the seam that find no gap to fill: it is run up to the last of those that fill."""
    seam = next((n for n in tree.body if getattr(n, "name", "") == learner.behaviour.seam), None)
    if not isinstance(seam, ast.FunctionDef):
        return []
    filling = [(place, node) for place, node in enumerate(seam.body) if fills(node)]
    if not filling:
        return []
    seam.body[filling[-1][0] + 1 :] = ast.parse("return {'lines': lines}").body
    for place, node in reversed(filling):
        column = ast.unparse(node.targets[0])
        asked = f"if not {column}.isna().any(): lines.append({node.lineno})"
        seam.body[place:place] = ast.parse(asked).body
    seam.body[:0] = ast.parse("lines = []").body
    return (learner.with_edited(path, ast.unparse(tree)) or {}).get("lines", [])


def fills(node):
    """Whether a statement gives a column its own values, the gaps filled."""
    function = getattr(getattr(node, "value", None), "func", None)
    return (
        isinstance(node, ast.Assign)
        and getattr(function, "attr", "") == "fillna"
        and ast.unparse(function.value) == ast.unparse(node.targets[0])
    )


def test_only_one_model_is_trained(learner):
    fits = [fit for tree in learner.trees.values() for fit in _fits(tree)]
    assert len(fits) <= 1, (
        f"{len(fits)} places still train a model, and train() gives back what one of them "
        "predicts. The others cost time and attention: delete them, one by one."
    )


def _fits(node):
    """Where a model is fitted; a class's own fit that hands on to one other model does not count."""
    found = []
    for inner in ast.iter_child_nodes(node):
        inside = _fits(inner)
        found += inside[1:] if getattr(inner, "name", "") == "fit" else inside
        if (
            isinstance(inner, ast.Call)
            and getattr(inner.func, "attr", "") == "fit"
            and len(inner.args) + len(inner.keywords) > 1  # without answers it is no model
        ):
            found.append(inner)
    return found


def test_no_name_in_the_seam_is_left_unread(learner):
    for path, node in learner.nodes():
        if not isinstance(node, ast.FunctionDef):
            continue
        stored, loaded = {}, set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                stored.setdefault(inner.id, inner.lineno)
            elif isinstance(inner, ast.Name):
                loaded.add(inner.id)
        loops = [n.target for n in ast.walk(node) if isinstance(n, ast.For | ast.comprehension)]
        beside = [n for target in loops if isinstance(target, ast.Tuple) for n in ast.walk(target)]
        loaded |= {"_", "i", *(n.id for n in beside if isinstance(n, ast.Name))}
        unread = {name: at for name, at in stored.items() if name not in loaded}
        name, line = next(iter(unread.items()), ("", 0))
        assert not unread, (
            f"{learner.shown(path)}, line {line}: nobody reads {name}. Delete the line, run "
            "pytest: if it stays green, it was dead."
        )


def test_no_name_at_the_top_of_a_module_is_left_unread(learner):
    tests = (learner.workspace / "tests").rglob("*.py")
    trees = [*learner.trees.values(), *(learner.tree(path) for path in tests)]
    for path, tree in learner.trees.items():
        for node in tree.body:
            for name in made_by(node) - {learner.behaviour.seam, "main"}:
                is_read = is_registered(node) or any(name in read_in(one, but=node) for one in trees)
                assert is_read or name.startswith("_"), (
                    f"{learner.shown(path)}, line {node.lineno}: nobody reads {name}. Delete it, run "
                    "pytest: if it stays green, it was dead."
                )


def made_by(statement):
    """The names that a statement of a module makes."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement]
    named = [getattr(target, "target", target) for target in targets]
    return {name.id for name in named if isinstance(name, ast.Name)}


def read_in(tree, but):
    """The names that a module reads or imports, in texts too; ``but`` is a statement passed over."""
    nodes = [n for statement in tree.body if statement is not but for n in ast.walk(statement)]
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute | ast.alias):
            yield getattr(node, "attr", "") or node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\w+", node.value)


def test_every_column_that_is_made_is_read(learner):
    for path in learner.files:
        text = path.read_text(encoding="utf-8-sig")
        for made in re.finditer(r"^\s*df\[[\"'](\w+)[\"']\] = ", text, re.MULTILINE):
            column = made[1]
            reads = [
                line
                for line in text.splitlines()
                if re.search(rf"[\"']{column}[\"']", line)
                and not re.match(rf"\s*df\[[\"']{column}[\"']\] = (?!.*[\"']{column}[\"'])", line)
            ]
            is_feature = column in learner.run.results["X_train"].columns
            number = text[: made.start()].count("\n") + 1
            assert reads or is_feature, (
                f"{learner.shown(path)}, line {number}: the column {column} is made, and nobody "
                "reads it. Delete its lines."
            )


def test_the_seam_prints_nothing(learner):
    called = {learner.behaviour.seam} | {function.name for function in learner.run.functions}
    for path, function in learner.nodes():
        if not isinstance(function, ast.FunctionDef) or function.name not in called:
            continue
        for node in ast.walk(function):
            assert not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "print", (
                f"{learner.shown(path)}, line {node.lineno}: {function.name}() prints, in each test that "
                "calls it as well. It gives back results: the last block prints the accuracy."
            )


def test_the_program_runs(learner):
    message = not_running(learner)
    assert not message, message


def test_the_tests_pass_as_they_are(their_tests):
    failing = not_passing(their_tests)
    assert not failing, failing
