"""Step 05: nothing is computed, imported or kept that does not reach the result."""

import ast
import re
from textwrap import shorten

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
}


def test_nothing_is_computed_that_nobody_reads(learner):
    messages = []
    for path in learner.files:
        text = path.read_text(encoding="utf-8-sig")
        for found in smells_in(source_of_script(text, path.name), DEAD).findings:
            line = shorten(found.source, 60, placeholder=" …")
            messages.append(f"src/{path.name}, line {found.line} {DEAD[found.symbol]}: {line}")
    more = f"\nAnd {len(messages) - 4} more." if len(messages) > 4 else ""
    assert not messages, "\n".join(messages[:4]) + more


def test_only_one_model_is_trained(learner):
    fits = {
        (path.name, node.lineno)
        for path, node in learner.nodes()
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "fit"
        and len(node.args) + len(node.keywords) > 1  # what is fitted without answers is no model
    }
    assert len(fits) <= 1, (
        f"{len(fits)} places still train a model, and train() gives back what one of them "
        "predicts. The others cost time and attention: delete them, one by one."
    )


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
        unread = {n: at for n, at in stored.items() if n not in loaded and n not in ("_", "i")}
        name, line = next(iter(unread.items()), ("", 0))
        assert not unread, (
            f"src/{path.name}, line {line}: nobody reads {name}. Delete the line, run pytest: if "
            "it stays green, it was dead."
        )


def test_every_column_that_is_made_is_read(learner):
    for path in learner.files:
        text = path.read_text(encoding="utf-8-sig")
        for made in re.finditer(r"^\s*df\[[\"'](\w+)[\"']\] = ", text, re.MULTILINE):
            column = made[1]
            reads = [
                line
                for line in text.splitlines()
                if re.search(rf"[\"']{column}[\"']", line)
                and "drop(" not in line
                and not re.match(rf"\s*df\[[\"']{column}[\"']\] = (?!.*[\"']{column}[\"'])", line)
            ]
            is_feature = column in learner.run.results["X_train"].columns
            number = text[: made.start()].count("\n") + 1
            assert reads or is_feature, (
                f"src/{path.name}, line {number}: the column {column} is made, and nobody reads it "
                "before it is dropped. Delete its lines, and its name in the drop."
            )
