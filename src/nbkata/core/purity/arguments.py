"""The arguments of one call, as nodes and as values."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from nbkata.core.purity.values import FRESH, Value


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
