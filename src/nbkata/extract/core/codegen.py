"""The text of an extracted function and of its first test."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from nbkata.extract.core.candidate import Candidate, estimator_name
from nbkata.extract.core.constants import distinct_constants
from nbkata.extract.core.facts import Fact, read_before_bound
from nbkata.extract.core.lines import Code


@dataclass(frozen=True, slots=True)
class Example:
    """A few real rows: what goes in, what comes out."""

    given: Mapping[str, Sequence[Any]]
    expected: Mapping[str, Sequence[Any]]
    extra: Mapping[str, Any]  # other inputs, by name, as source


def function_source(item: Candidate, code: Code) -> str:
    """The block as a function that leaves its arguments alone."""
    body = _body(item, code)
    parameters = list(item.takes)
    constants = distinct_constants(item.constants)
    if constants:
        parameters = [*parameters, *(f"{constant.name}={constant.value}" for constant in constants)]
    outputs = item.returns
    copies = [f"{name} = {copied.format(name)}" for name, copied in _copied(item)]
    lines = [*copies, *body, *([f"return {', '.join(outputs)}"] if outputs else [])]
    head = f"def {item.name}({', '.join(parameters)}):"
    if len(head) > 100:
        inner = "".join(f"    {parameter},\n" for parameter in parameters)
        head = f"def {item.name}(\n{inner}):"
    return "\n".join([head, *(f"    {line}".rstrip() for line in lines)]) + "\n"


def _copied(item: Candidate) -> Iterator[tuple[str, str]]:
    """The arguments that the block changes in place, and how each is copied first."""
    for name in item.takes:
        for fact in item.facts:
            is_extended = name in item.lists & fact.binds & read_before_bound(fact.node)
            if (name in fact.edits or is_extended) and name != estimator_name(item):
                yield name, "clone({})" if _is_fitted(name, fact.node) else "{}.copy()"
            if name in fact.edits | fact.binds:
                break
    if estimator_name(item):
        yield estimator_name(item), "clone({})"


def _is_fitted(name: str, node: ast.stmt) -> bool:
    for call in ast.walk(node):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=own), attr=method)):
                if own == name and method.startswith(("fit", "partial_fit")):
                    return True
    return False


def _body(item: Candidate, code: Code) -> list[str]:
    facts: Sequence[Fact] = item.facts[1:] if estimator_name(item) else item.facts
    lines: list[str] = []
    for fact in facts:
        for number in range(fact.first, fact.last + 1):
            line = _named_constants(item, number, code.lines[number - 1])
            lines = [*lines, line] if line not in lines[-1:] or ";" not in line else lines
    return _written_out("\n".join(lines), item).split("\n")


def _written_out(code: str, item: Candidate) -> str:
    """``x -= 1`` would change the caller's array: ``x = x - 1`` makes a new one. Lists are copied."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return code
    found = [node for node in ast.walk(tree) if isinstance(node, ast.AugAssign)]
    data = code.encode("utf-8")  # columns are counted in bytes
    starts = [0, *accumulate(len(line) + 1 for line in data.split(b"\n"))]
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        name = node.target.id if isinstance(node.target, ast.Name) else ""
        if name in item.takes and name not in item.lists:
            value = ast.get_source_segment(code, node.value) or ""
            value = value if isinstance(node.value, _ATOMS) else f"({value})"
            sign = ast.unparse(node).removeprefix(name).partition("=")[0].strip()
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
            data = data[:start] + f"{name} = {name} {sign} {value}".encode() + data[end:]
    return data.decode("utf-8")


# They need no brackets as an operand.
_ATOMS = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Call, ast.List, ast.ListComp)


def _named_constants(item: Candidate, number: int, line: str) -> str:
    """The line with its literals replaced by the parameters' names, the last first."""
    text = line.encode("utf-8")
    here = [constant for constant in item.constants if constant.line == number]
    for constant in sorted(here, key=lambda constant: -constant.columns[0]):
        start, end = constant.columns
        text = text[:start] + constant.name.encode("utf-8") + text[end:]
    return text.decode("utf-8")


def first_test(item: Candidate, example: Example | None, module: str = "") -> str:
    """Arrange, act, assert: with real rows where there are any; by default from its module."""
    module = module or item.module
    head = (
        f"import pandas as pd\n\nfrom {module} import {item.name}\n\n\n"
        if item.frame
        else (f"from {module} import {item.name}\n\n\n")
    )
    if item.kind == "drop":
        return head + _drop_test(item)
    if not item.frame or example is None:
        return head + _schematic_test(item)
    frame = item.frame
    given = _frame_text(example.given)
    extra = "".join(f"    {name} = {value}\n" for name, value in example.extra.items())
    arguments = ", ".join(item.inputs)
    asserts = [
        f"    assert result[{column!r}].tolist() == {_expected(values)}"
        for column, values in example.expected.items()
    ]
    approx = any("pytest.approx" in line for line in asserts)
    return (
        ("import pytest\n" if approx else "")
        + head
        + f"def test_{item.name}_on_rows_of_the_data():\n"
        + f"    {frame} = {given}\n{extra}\n"
        + f"    result = {item.name}({arguments})\n\n"
        + "\n".join(asserts)
        + "\n"
    )


def _frame_text(columns: Mapping[str, Sequence[Any]]) -> str:
    inner = "".join(
        f"            {name!r}: {_list_text(values)},\n" for name, values in columns.items()
    )
    return "pd.DataFrame(\n        {\n" + inner + "        }\n    )"


def _list_text(values: Sequence[Any]) -> str:
    return "[" + ", ".join(value_text(value) for value in values) + "]"


def value_text(value: Any) -> str:
    """A value's source; gaps are ``None`` or ``float("nan")``."""
    if isinstance(value, float) and value != value:
        return 'float("nan")'
    return repr(value)


def _expected(values: Sequence[Any]) -> str:
    text = _list_text(values)
    uneven = any(
        isinstance(value, float) and value != int(value) for value in values if value == value
    )
    return f"pytest.approx({text})" if uneven else text


def _drop_test(item: Candidate) -> str:
    columns = list(item.columns_dropped)
    given = "{" + ", ".join(f"{column!r}: [1]" for column in [*columns, "kept"]) + "}"
    return (
        f"def test_{item.name}_keeps_the_others():\n"
        f"    {item.frame} = pd.DataFrame({given})\n\n"
        f"    result = {item.name}({', '.join(item.inputs)})\n\n"
        '    assert list(result.columns) == ["kept"]\n'
    )


def _schematic_test(item: Candidate) -> str:
    arranged = "".join(f"    {name} = ...  # a small one\n" for name in item.takes)
    results = ", ".join(item.returns) or "result"
    asserted = item.returns[-1] if item.returns else results
    if item.frame and item.columns_written:
        results, asserted = "result", f"result[{item.columns_written[0]!r}].tolist()"
    return (
        f"def test_{item.name}():\n"
        f"{arranged}\n"
        f"    {results} = {item.name}({', '.join(item.takes)})\n\n"
        f"    assert {asserted} == ...\n"
    )
