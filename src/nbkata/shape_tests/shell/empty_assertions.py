"""Assertions of a learner's that say nothing: true whatever the code does, dropped, or hidden."""

import ast
from collections.abc import Iterator
from pathlib import Path

from nbkata.common.shell.walk import files_in, visible
from nbkata.shape_tests.shell.same_sides import ASKING, compared_in


def asserts_nothing(folder: Path) -> str:
    """Where a test is hidden by another, or an assertion is true whatever the code does."""
    for path in files_in(folder, visible, ".py"):
        text = path.read_text(encoding="utf-8-sig")
        tree = ast.parse(text)
        raising = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.With | ast.AsyncWith)
            for inner in ast.walk(node)
        }
        for hidden, line in _same_names(tree):
            return (
                f"Your test {path.name}, line {hidden.lineno}, never runs: {hidden.name} is in line "
                f"{line} once more, and Python keeps the last. Give it a name of its own."
            )
        for node in ast.walk(tree):
            place = f"Your test {path.name}, line {getattr(node, 'lineno', 0)}"
            for found in compared_in(node) if isinstance(node, ast.FunctionDef) else ():
                if found.is_same and not found.calls:
                    place = f"Your test {path.name}, line {found.line}"
                    what = (
                        "Another name for a frame is no copy: make one before, with .copy()"
                        if found.other_names
                        else "Compare with what you expect, or with a copy from before (gaps: notna().all())"
                    )
                    return (
                        f"{place}, compares a thing with itself: {found.text}. Nothing can make "
                        f"it fail. {what}."
                    )
            if isinstance(node, ast.Expr) and node not in raising and _is_question(node.value):
                shown = ast.unparse(node)[:70]
                return f"{place}, asks and drops the answer: {shown}. Write assert in front of it."
            asked, said, instead = _assertion(node)
            if asked is None:
                continue
            place += ", asserts less than it seems to"
            shown = ast.unparse(node).splitlines()[0][:70]
            if _is_no_message(said):
                return f"{place}: {shown}. What follows the comma is only the message. {instead}"
            if isinstance(asked, ast.Tuple | ast.Constant):
                return f"{place}: {shown}. That is always true. Compare something."
    return ""


def _same_names(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, int]]:
    """Tests that another one of the same name hides, and the line of that."""
    classes = [one.body for one in tree.body if isinstance(one, ast.ClassDef)]
    for body in (tree.body, *classes):
        tests = [one for one in body if isinstance(one, ast.FunctionDef)]
        last = {one.name: one.lineno for one in tests if one.name.startswith("test")}
        yield from ((one, last[one.name]) for one in tests if one.lineno < last.get(one.name, 0))


def _is_question(value: ast.expr) -> bool:
    """Whether a statement of it alone does nothing: ``a == b``, ``frame.equals(other)``."""
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Attribute) and value.func.attr in ASKING
    return isinstance(value, ast.Compare)


def _assertion(node: ast.AST) -> tuple[ast.expr | None, ast.expr | None, str]:
    """What an assertion asks to be true, its message, and how to compare two; else nothing."""
    if isinstance(node, ast.Assert):
        instead = "Put what you compare into parentheses: assert (a, b) == (1, 2)."
        return node.test, node.msg, instead
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "assertTrue" and node.args:
        asked, *more = node.args
        return asked, more[0] if more else None, "To compare two: self.assertEqual(a, b)."
    return None, None, ""


def _is_no_message(said: ast.expr | None) -> bool:
    if isinstance(said, ast.Constant):
        return not isinstance(said.value, str | None)
    return isinstance(said, ast.Compare | ast.List | ast.Tuple | ast.Dict | ast.Set)
