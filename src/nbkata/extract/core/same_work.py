"""Blocks that do the same work: one function in place of several."""

import ast
import copy
import re
from collections.abc import Sequence
from dataclasses import replace

from nbkata.extract.core.candidate import Candidate, worth_of

# In the place of a statement that makes an estimator.
ESTIMATOR = "estimator"


def merged(found: Sequence[Candidate]) -> list[Candidate]:
    """Blocks of the same shape are one function, called several times."""
    alike: list[list[Candidate]] = []
    by_shape: dict[tuple[str, ...], list[Candidate]] = {}
    for item in found:
        made = _shape(item)
        shape = made if item.kind == "model" and ESTIMATOR in made else _renamed(item)
        if shape in by_shape:
            by_shape[shape].append(item)
        else:
            alike.append([item])
            by_shape[shape] = alike[-1]
    return [_joined(items) if len(items) > 1 else items[0] for items in alike]


def _joined(items: Sequence[Candidate]) -> Candidate:
    """One function in place of these."""
    joined = replace(
        items[0],
        cells=tuple(dict.fromkeys(cell for item in items for cell in item.cells)),
        repeats=len(items),
        side_effects=tuple(dict.fromkeys(effect for item in items for effect in item.side_effects)),
    )
    return replace(joined, worth=worth_of(joined))


def _shape(item: Candidate) -> tuple[str, ...]:
    """The statements with the estimator, the names and the numbers taken out."""
    return tuple(_statement_shape(fact.node) for fact in item.facts)


def _statement_shape(node: ast.stmt) -> str:
    made = isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    if made and isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        called = node.value.func
        if isinstance(called, ast.Name) and called.id[:1].isupper():
            return ESTIMATOR
    text = ast.dump(node)
    text = re.sub(r"Constant\(value=[^)]*\)", "constant", text)
    return re.sub(r"Name\(id='\w+', ctx=Store\(\)\)", "name", text)


def _renamed(item: Candidate) -> tuple[str, ...]:
    """The statements with the group's own names numbered, and its parameters in place of their values.

    So the same work on another frame, or with another seed, is the same.
    """
    given = {(one.line, one.columns[0]): one.name for one in item.constants}

    def with_parameters(node: ast.stmt) -> ast.stmt:
        node = copy.deepcopy(node)
        for child in ast.walk(node):
            if isinstance(child, ast.Constant):
                child.value = given.get((child.lineno, child.col_offset), child.value)
        return node

    return numbered_names(item, [with_parameters(fact.node) for fact in item.facts])


def numbered_names(item: Candidate, nodes: Sequence[ast.stmt]) -> tuple[str, ...]:
    """The kind and the statements of a group, with a number for each of its own names."""
    own = {name for fact in item.facts for name in fact.binds | fact.edits}
    sign = re.compile(
        "|".join(rf"'{name}'(?=, ctx=)" for name in {*item.inputs, *item.outputs, *own})
    )
    numbers: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], f"name {len(numbers)}")

    return (item.kind, *(sign.sub(numbered, ast.dump(node)) for node in nodes))
