"""What the cells show: names for it, so that tests can hold it, and how it differs from what was saved.

``model.score(X, y)`` on a cell's last line becomes ``shown_12 = model.score(X, y)``, and in
``print("R2:", model.score(X, y))`` the score gets its name before it is printed. Each stays on its line.
"""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose, prod
from typing import Any, TypeGuard

from nbkata.adopt.core.paths import parsed
from nbkata.adopt.core.results import is_kept
from nbkata.adopt.core.translate import Translated
from nbkata.record.core.record import Record
from nbkata.strength.core.mutant_rules import is_display

# A larger table is computed to be looked at in part.
MOST_VALUES = 100_000


@dataclass(frozen=True, slots=True)
class Shown:
    """The cells with names for what they show."""

    cells: tuple[Translated, ...]
    names: Mapping[str, str]  # with the name that is shown, if it is a mere name
    last: Mapping[int, str]  # of the cells whose last line is named, the name
    # What is shown and gets no name that holds it all, with its place and the reason.
    unheld: tuple[str, ...]


def with_shown(cells: Sequence[Translated], only: frozenset[str] | None = None) -> Shown:
    """Name what the cells show; ``only``: give a name to these alone."""
    words = {word for cell in cells for word in re.findall(r"\w+", cell.code)}
    prefix = "shown"
    while any(re.fullmatch(rf"{prefix}_\d+(_\d+)?", word) for word in words):
        prefix += "_"
    named: list[Translated] = []
    names: dict[str, str] = {}
    last: dict[int, str] = {}
    unheld: list[str] = []
    for cell in cells:
        tree = parsed(cell.code)
        found = _Cell(cell, f"{prefix}_{cell.cell}", only)
        if tree is not None and tree.body:
            found.read(tree.body, "")
            name = found.last(tree.body[-1])
            last |= {cell.cell: name} if name else {}
        named.append(replace(cell, code=found.code()))
        names |= found.names
        unheld += found.unheld
    return Shown(tuple(named), names, last, tuple(unheld))


class _Cell:
    """One cell on its way."""

    def __init__(self, cell: Translated, prefix: str, only: frozenset[str] | None) -> None:
        self.cell, self.prefix, self.only = cell, prefix, only
        self.lines = cell.code.encode("utf-8").split(b"\n")
        self.edits: list[tuple[ast.stmt, str | None, str]] = []
        self.names: dict[str, str] = {}
        self.unheld: list[str] = []
        self.count = 0

    def read(self, body: Sequence[ast.stmt], where: str) -> None:
        """Collect the edits of these statements; ``where`` they are if that is in a loop or function."""
        for node in body:
            inner = where or _PLACES.get(type(node), "")
            for block in ("body", "orelse", "finalbody", "handlers"):
                for item in getattr(node, block, []):
                    self.read(item.body if isinstance(item, ast.ExceptHandler) else [item], inner)
            if isinstance(node, ast.Expr) and _is_print(node.value):
                self._print(node, node.value, where)

    def last(self, node: ast.stmt) -> str:
        """Add the edit of the cell's last statement, if its value is shown; its name."""
        after = self.lines[(node.end_lineno or 1) - 1][node.end_col_offset or 0 :].strip()
        if not isinstance(node, ast.Expr) or after.startswith(b";") or _is_print(node.value):
            return ""
        if not _computes(node.value) or _draws(node.value) or _is_fit(node.value):
            return ""
        name = self._name()
        if not self._gets(name, node.value):
            return ""
        self.edits.append((node, None, f"{name} = "))
        return name

    def _print(self, node: ast.Expr, call: ast.Call, where: str) -> None:
        taken: list[tuple[str, ast.expr]] = []

        def name_of(part: ast.expr) -> ast.expr:
            name = self._name()
            if not self._gets(name, part):
                return part
            taken.append((name, part))
            return ast.Name(name, ast.Load())

        arguments = [_renamed(arg, name_of) for arg in call.args]
        changed = ast.Call(call.func, arguments, call.keywords)
        if where and taken:
            held = "; only the last round is held" if where == "loop" else ""
            place = f"cell {self.cell.cell}, line {node.lineno}"
            self.unheld.append(f"{place}: printed in a {where}{held}")
        if not taken or where == "function":
            self.names = {name: of for name, of in self.names.items() if name not in dict(taken)}
            return
        first = [f"{name} = {ast.unparse(part)}" for name, part in taken]
        self.edits.append((node, "; ".join([*first, ast.unparse(changed)]), ""))

    def _name(self) -> str:
        self.count += 1
        return self.prefix if self.count == 1 else f"{self.prefix}_{self.count}"

    def _gets(self, name: str, value: ast.expr) -> bool:
        wanted = self.only is None or name in self.only
        if wanted:
            self.names[name] = value.id if isinstance(value, ast.Name) else ""
        return wanted

    def code(self) -> str:
        """The cell's text with all edits; as many lines as before."""
        for node, text, before in sorted(self.edits, key=_place, reverse=True):
            first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
            head = self.lines[first][: node.col_offset]
            if text is None:
                self.lines[first] = head + before.encode() + self.lines[first][node.col_offset :]
                continue
            tail = self.lines[last][node.end_col_offset or 0 :]
            new = [head + text.encode("utf-8") + tail, *([b""] * (last - first))]
            self.lines[first : last + 1] = new
        return b"\n".join(self.lines).decode("utf-8")


def _place(edit: tuple[ast.stmt, str | None, str]) -> tuple[int, int]:
    return edit[0].lineno, edit[0].col_offset


_PLACES: dict[type[ast.AST], str] = {
    ast.For: "loop", ast.While: "loop", ast.AsyncFor: "loop", ast.FunctionDef: "function",
    ast.AsyncFunctionDef: "function", ast.ClassDef: "function",
}  # fmt: skip


def _is_print(call: ast.expr) -> TypeGuard[ast.Call]:
    if not isinstance(call, ast.Call):
        return False
    to_file = any(word.arg in ("file", None) for word in call.keywords)
    is_name = isinstance(call.func, ast.Name) and call.func.id in ("print", "display", "pprint")
    return is_name and not to_file


def _is_fit(value: ast.expr) -> bool:
    """Whether it answers with an object that has a name: ``model.fit(X, y)``."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr="fit")):
            return True
    return False


def _draws(value: ast.expr) -> bool:
    """Whether it is drawn: nothing that could be compared."""
    if not isinstance(value, ast.Call):
        return False
    called = {node.attr for node in ast.walk(value.func) if isinstance(node, ast.Attribute)}
    return is_display(value) or bool(called & _DRAWINGS)


_DRAWINGS = {"plot", "hist", "boxplot", "show", "info", "plotting"}


def _computes(value: ast.expr) -> bool:
    """Not a mere name or constant: those hold what they hold."""
    nodes = [type(node) for node in ast.walk(value)]
    is_plain = isinstance(value, ast.Name | ast.Constant | ast.Starred)
    binds = any(kind in (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom) for kind in nodes)
    return not is_plain and not binds and (ast.Name in nodes or ast.Call in nodes)


def _renamed(value: ast.expr, name_of: Callable[[ast.expr], ast.expr]) -> ast.expr:
    """The expression with each computed part replaced, in the order in which they are evaluated."""

    def inner(part: ast.expr) -> ast.expr:
        return _renamed(part, name_of)

    if isinstance(value, ast.JoinedStr):
        parts = [
            (
                ast.FormattedValue(inner(part.value), part.conversion, part.format_spec)
                if isinstance(part, ast.FormattedValue)
                else part
            )
            for part in value.values
        ]
        return ast.JoinedStr(parts)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod) and _is_text(value.left):
        return ast.BinOp(value.left, value.op, inner(value.right))
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and _has_text(value):
        return ast.BinOp(inner(value.left), value.op, inner(value.right))
    if isinstance(value, ast.Tuple):
        return ast.Tuple([inner(part) for part in value.elts], ast.Load())
    if isinstance(value, ast.Call):
        is_format = isinstance(value.func, ast.Attribute) and value.func.attr == "format"
        is_str = isinstance(value.func, ast.Name) and value.func.id in ("str", "repr")
        if is_str or is_format and _is_text(getattr(value.func, "value", value)):
            words = [ast.keyword(word.arg, inner(word.value)) for word in value.keywords]
            return ast.Call(value.func, [inner(part) for part in value.args], words)
    return name_of(value) if isinstance(value, ast.Name) or _computes(value) else value


def _is_text(value: ast.expr) -> bool:
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return is_text or isinstance(value, ast.JoinedStr)


def _has_text(value: ast.expr) -> bool:
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return _has_text(value.left) or _has_text(value.right)
    return _is_text(value)


def worth_holding(record: Record, shown: Mapping[str, str]) -> frozenset[str]:
    """Those of the shown values that say something which no other name says at the end.

    A number may be as another by chance; it is only left out where the name that is shown still holds it.
    """
    last = record.last
    known = {(name, one.digest) for name, one in last.items() if name not in shown}
    tables = {one.digest for name, one in last.items() if name not in shown and one.shape}
    found = set()
    for name, of in shown.items():
        value = last.get(name)
        if value is None or value.type == "NoneType" or not is_kept(value):
            continue
        if prod(value.shape) > MOST_VALUES or value.digest in tables or (of, value.digest) in known:
            continue
        found.add(name)
        known |= {(of, value.digest)} if of else set()
        tables |= {value.digest} if value.shape else set()
    return frozenset(found)


def outputs_of(document: Mapping[str, Any]) -> dict[int, str]:
    """The texts that each code cell of a notebook shows, without warnings and pictures."""
    texts = {}
    for index, cell in enumerate(document["cells"]):
        found = [_output(output) for output in cell.get("outputs", [])]
        if any(found):
            texts[index] = "\n".join(filter(None, found))
    return texts


def _output(output: Mapping[str, Any]) -> str:
    if output.get("output_type") == "stream" and output.get("name") == "stderr":
        return ""
    text = output.get("text") or output.get("data", {}).get("text/plain") or ""
    return "".join(text)[:_MOST_TEXT]


# Characters of an output that are compared.
_MOST_TEXT = 20_000


def changed_outputs(
    saved: Mapping[int, str], now: Mapping[int, str]
) -> tuple[tuple[int, str], ...]:
    """Cells that show other numbers than they did when the notebook was saved, and the first of these.

    How a library writes a number or lays out a table is no change: only numbers count, as many digits
    of them as both have.
    """
    changed = []
    for cell in sorted(saved.keys() & now.keys()):
        was, is_ = _numbers(saved[cell]), _numbers(now[cell])
        if len(was) != len(is_):  # laid out in another way, or cut at another place
            continue
        moved = [pair for pair in zip(was, is_, strict=True) if not _is_same(*pair)]
        if moved:
            changed.append((cell, f"{moved[0][0]} is now {moved[0][1]}"))
    return tuple(changed)


_NO_RESULT = re.compile(
    r"CPU times|Wall time|loops? each|best of|it/s|memory usage|0x[0-9a-f]{6}|<Figure size"
)
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d*)?(?:e[+-]?\d+)?(?![\w])", re.IGNORECASE)


def _numbers(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if not _NO_RESULT.search(line)]
    return _NUMBER.findall("\n".join(lines))


def _is_same(was: str, now: str) -> bool:
    digits = min(len(text.partition(".")[2].lower().partition("e")[0]) for text in (was, now))
    room = 0.6 * 10.0**-digits if "e" not in (was + now).lower() else 0.001 * abs(float(was))
    return isclose(float(was), float(now), rel_tol=1e-6, abs_tol=room)
