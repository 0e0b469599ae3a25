"""The arguments of one call, as nodes and as values, and what giving them edits."""

import ast
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace

from nbkata.purity.core.context import Context, Event, edit, snippet
from nbkata.purity.core.findings import Sure
from nbkata.purity.core.values import FRESH, Kind, Value


@dataclass(frozen=True, slots=True)
class Arguments:
    """A call's arguments as values, beside their nodes."""

    positional: tuple[Value, ...]
    named: Mapping[str, Value]
    node: ast.Call

    def keyword(self, name: str) -> ast.expr | None:
        """The node given for a keyword."""
        return next((item.value for item in self.node.keywords if item.arg == name), None)

    def at(self, index: int) -> Value:
        """The positional argument, or a new object where there is none."""
        return self.positional[index] if index < len(self.positional) else FRESH

    def node_at(self, index: int) -> ast.expr | None:
        """The node of a positional argument."""
        return self.node.args[index] if index < len(self.node.args) else None


def line_of(arguments: Arguments) -> int:
    """The line on which the called name stands: in a chain over many lines its own."""
    return arguments.node.func.end_lineno or arguments.node.lineno


def keyword_edits(
    context: Context, arguments: Arguments, receiver: Value
) -> Generator[Event, None, None]:
    """``out=`` edits what it names; ``inplace=True`` and ``copy=False`` the object worked on."""
    line, shown = line_of(arguments), snippet(arguments.node)
    out = arguments.named.get("out")
    if out is not None and out.kind is not Kind.SCALAR:
        for value in out.parts or (out,):
            yield from edit(context, value, line, shown)
    for keyword, wanted in (("inplace", True), ("copy", False), ("overwrite_input", True)):
        node = arguments.keyword(keyword)
        if node is None or (isinstance(node, ast.Constant) and node.value is not wanted):
            continue
        constant = isinstance(node, ast.Constant)
        sure = Sure.CERTAIN if constant and keyword == "inplace" else Sure.LIKELY
        if keyword == "copy" and (not constant or receiver.kind is Kind.FRAME):
            continue
        yield from edit(context, replace(receiver, name=""), line, shown, sure)
