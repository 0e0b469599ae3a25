"""Made-up arguments for the first test of a function: of the kinds that the run saw, with no row of its data."""

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from nbkata.extract.core.candidate import Candidate
from nbkata.record.core.record import INDEX, Column, Fingerprint, Kind, number

Value = int | float | str
ROWS = 6
_INTEGERS, _FLOATS = (3, 1, 4, 1, 5, 9), (3.0, 1.5, 4.0, 1.5, 5.0, 9.5)
_TEXTS, _DAYS = ("a", "b", "a", "c", "b", "a"), (0, 1, 31, 61, 62, 400)
# A function with one of these looks at gaps.
_GAPS = frozenset("fillna ffill bfill interpolate dropna isna isnull notna notnull Imputer".split())


# One with one of these asks columns for their type, or makes numbers of words.
_TYPES = frozenset(
    """select_dtypes dtype dtypes get_dummies LabelEncoder OneHotEncoder OrdinalEncoder
    make_column_selector""".split()
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The function, and how far the values are turned: two arguments are not alike."""

    tree: ast.Module
    turn: int

    def turned(self, values: Sequence[Value]) -> Sequence[Value]:
        """From another place on."""
        at = self.turn % ROWS
        return [*values[at:], *values[:at]]


def made_up(item: Candidate, source: str, seen: Mapping[str, Fingerprint]) -> dict[str, str] | None:
    """For each parameter the code that makes it; none if one is of a kind that cannot be made up."""
    tree = ast.parse(source)
    arguments: dict[str, str] = {}
    for place, name in enumerate(item.takes):
        made = _argument(name, seen.get(name), item, _Asked(tree, 2 * place))
        if not made:
            return None
        arguments[name] = made
    return arguments


def _argument(name: str, value: Fingerprint | None, item: Candidate, asked: _Asked) -> str:
    if value is None:
        return ""
    match value.kind:
        case Kind.FRAME:
            return _frame(name, value, item, asked)
        case Kind.SERIES:
            own = [column for column in value.columns if not column.name.startswith(INDEX)]
            return f"pd.Series({_values(own[0], asked)})" if own else ""
        case Kind.ARRAY if value.columns and len(value.shape) == 1:
            return f"np.array({_values(value.columns[0], asked)})"
        case Kind.ARRAY if len(value.shape) == 2 and 0 < value.shape[1] <= 3:
            rows = [[n + place for place in range(value.shape[1])] for n in _FLOATS]
            return f"np.array({rows})"
        case Kind.SCALAR:
            held = number(value)
            known = held is not None and math.isfinite(held)
            return (
                repr(int(held) if "int" in value.type else held)
                if known and held is not None
                else ""
            )
        case Kind.CONTAINER:
            return value.value if _holds_numbers(value.value) else ""
    return ""


def _holds_numbers(text: str) -> bool:
    """Whether it is a short list of numbers: no text, which may be of a person."""
    try:
        held = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return False
    return isinstance(held, list | tuple) and all(isinstance(one, int | float) for one in held)


def _frame(name: str, value: Fingerprint, item: Candidate, asked: _Asked) -> str:
    wanted = {
        column
        for fact in item.facts
        for frame, column in fact.columns_read | fact.columns_dropped
        if frame == name
    }
    columns = [one for one in value.columns if one.name in wanted]
    if not columns:  # it does something to the table as a whole
        if name != item.frame and item.columns_read:
            return ""
        columns = [Column("a", "int64", ""), Column("b", "float64", "")]
        if _names(asked.tree) & _TYPES:
            columns.append(Column("c", "str", ""))
    inner = ", ".join(
        f"{column.name!r}: {_values(column, replace(asked, turn=asked.turn + place))}"
        for place, column in enumerate(columns)
    )
    index = next((one for one in value.columns if one.name.startswith(INDEX)), None)
    dated = index is not None and index.dtype.startswith("datetime")
    rows = f', index=pd.date_range("2024-01-29", periods={ROWS})' if dated else ""
    return f"pd.DataFrame({{{inner}}}{rows})"


def _values(column: Column, asked: _Asked) -> str:
    """Six values of the column's type, with the limits and the texts that the function asks for."""
    tree = asked.tree
    kind = column.dtype.rstrip("0123456789").lower()
    if kind.startswith("datetime"):
        return f"pd.to_datetime([{', '.join(map(repr, _days('%Y-%m-%d')))}])"
    if kind == "bool":
        return "[True, False, False, True, True, False]"
    values: Sequence[Value]
    if kind in ("int", "uint"):
        values = (0, 1, 1, 0, 1, 0) if (column.low, column.high) == ("0", "1") else _INTEGERS
        values = _with(_around(tree, whole=True), asked.turned(values))
    elif kind == "float":
        values = _with(_around(tree, whole=False), asked.turned(_FLOATS))
    else:
        values = _texts(tree)
    shown = [repr(one) for one in values]
    if kind in ("float", "str", "object") and _looks_at_gaps(tree):
        shown[2] = 'float("nan")' if kind == "float" else "None"
    return f"[{', '.join(shown)}]"


def _with(first: Sequence[Value], others: Sequence[Value]) -> Sequence[Value]:
    return [*first[: ROWS - 1], *others][:ROWS]


def _around(tree: ast.Module, *, whole: bool) -> list[Value]:
    """The limits that it compares with, and what is just below and above them."""
    limits = [
        node.value
        for compared in ast.walk(tree)
        if isinstance(compared, ast.Compare)
        for node in compared.comparators
        if isinstance(node, ast.Constant)
        if isinstance(node.value, int | float) and not isinstance(node.value, bool)
    ]
    steps = [n + step for n in dict.fromkeys(limits) for step in (-1, 0, 1)]
    return [int(n) if whole else float(n) for n in steps]


def _texts(tree: ast.Module) -> Sequence[Value]:
    """Texts that it looks for; or numbers and days as texts, if it reads such."""
    called = {node.attr: node for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if "to_datetime" in called:
        forms = [
            n.value for n in ast.walk(tree) if isinstance(n, ast.keyword) and n.arg == "format"
        ]
        form = next((n.value for n in forms if isinstance(n, ast.Constant)), "%Y-%m-%d")
        return _days(str(form))
    if called.keys() & {"to_numeric", "astype"}:
        return [str(n) for n in _INTEGERS]
    return _with(list(dict.fromkeys(_looked_for(tree))), _TEXTS)


def _looked_for(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        parts: Sequence[ast.expr | None] = ()
        match node:
            case ast.Dict(keys=keys):
                parts = keys
            case ast.Compare(comparators=others):
                parts = others
            case ast.Call(func=ast.Attribute(attr="replace" | "isin" | "contains"), args=[one, *_]):
                parts = one.elts if isinstance(one, ast.List) else [one]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def _days(form: str) -> list[str]:
    return [(date(2024, 1, 29) + timedelta(days=n)).strftime(form) for n in _DAYS]


def _looks_at_gaps(tree: ast.Module) -> bool:
    names = _names(tree)
    return bool(names & _GAPS) or any(name.endswith("Imputer") for name in names)


def _names(tree: ast.Module) -> set[str]:
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def made_up_test(item: Candidate, arguments: Mapping[str, str], asserts: Sequence[str]) -> str:
    """A first test that runs: made-up arguments, and what the function gives for them today."""
    text = "\n".join([*arguments.values(), *asserts])
    imports = [
        f"import {module}\n"
        for module, sign in (
            ("numpy as np", "np."),
            ("pandas as pd", "pd."),
            ("pytest", "pytest."),
        )
        if sign in text
    ]
    results = ", ".join(item.returns)
    return (
        f"{''.join(imports)}\nfrom {item.module} import {item.name}\n\n\n"
        f"def test_{item.name}_on_made_up_values():\n"
        + "".join(f"    {name} = {made}\n" for name, made in arguments.items())
        + f"\n    {results} = {item.name}({', '.join(item.takes)})\n\n"
        + "".join(f"    {line}\n" for line in asserts)
    )
