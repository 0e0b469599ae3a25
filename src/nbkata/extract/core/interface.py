"""What goes into a function made of a group of statements, and what comes out of it."""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from nbkata.dataflow.core.columns import Column
from nbkata.extract.core.facts import Fact, Role, read_before_bound
from nbkata.extract.core.group_names import Theme
from nbkata.extract.core.groups import is_constant, parts_of_split
from nbkata.extract.core.statements import Statements


def outputs_of(theme: Theme, own: Sequence[Fact], notebook: Statements) -> list[str]:
    """What later statements need of it, or look at; in the order in which it is made."""
    index, live_uses = own[-1].index, notebook.liveness.uses
    also_shown = theme[0] in ("model", "value")  # somebody looks at them, if only to show them
    changed = {name for fact in own for name in fact.binds | fact.edits} & notebook.made
    wanted = (n for n in changed if live_uses.is_read_after(index, n))
    shown = (n for n in changed if also_shown and notebook.uses.is_read_after(index, n))
    between = changed & {name for fact in _shell_between(own, notebook) for name in fact.reads}
    split = {name for fact in own if theme[0] == "split" for name in parts_of_split(fact)}
    return sorted({*wanted, *shown, *between, *split}, key=places_of(own, ast.Store).__getitem__)


def _shell_between(own: Sequence[Fact], notebook: Statements) -> Iterator[Fact]:
    """What is shown or saved between the first and the last statement, and stays outside."""
    for fact in notebook.facts[own[0].index : own[-1].index]:
        if fact.role in (Role.SHOW, Role.SAVE):
            yield fact


def needed_for(own: Sequence[Fact], outputs: Iterable[str]) -> tuple[Fact, ...]:
    """Without the statements of which nothing reaches an output."""
    needed: list[Fact] = []
    names = set(outputs)
    for fact in reversed(own):
        if (fact.binds | fact.edits) & names or fact.columns_written or fact.columns_dropped:
            needed.append(fact)
            names = names - (fact.binds - fact.edits) | fact.reads | fact.edits
    return tuple(reversed(needed))


def without_shared_constants(own: Sequence[Fact], outputs: Collection[str]) -> Iterator[Fact]:
    """A constant that something else needs as well stays outside; not what is filled here."""
    filled = {name for fact in own for name in fact.edits}
    for fact in own:
        if not is_constant(fact.node) or not fact.binds & set(outputs) - filled:
            yield fact


def lists(names: Sequence[str], own: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[str]:
    """Those that hold a list, by the text: nothing else is extended by what is only counted through."""
    added = [
        node for fact in own for node in ast.walk(fact.node) if isinstance(node, ast.AugAssign)
    ]
    extended = {ast.unparse(node.target) for node in added if _is_only_counted_through(node.value)}
    for name in names:
        if name in extended or _is_list(name, facts[: own[0].index]):
            yield name


def _is_only_counted_through(value: ast.expr) -> bool:
    match value:
        case ast.GeneratorExp() | ast.DictComp() | ast.Dict():
            return True
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)):
            return called in (
                "range",
                "zip",
                "map",
                "filter",
                "enumerate",
                "reversed",
                "items",
                "keys",
            )
    return False


def _is_list(name: str, before: Sequence[Fact]) -> bool:
    for fact in reversed(before):
        match fact.node:
            case ast.Assign(value=value) | ast.AnnAssign(value=value) if name in fact.binds:
                return _makes_list(value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=own), attr=method))):
                if own == name and method in ("append", "extend", "insert"):
                    return True
    return False


def _makes_list(value: ast.expr | None) -> bool:
    match value:
        case ast.List() | ast.ListComp():
            return True
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)):
            return called in ("list", "sorted", "tolist", "split", "splitlines", "to_list")
    return False


def read_first(own: Sequence[Fact]) -> Iterator[str]:
    """Names read before the group binds them, in the order of the text."""
    known: set[str] = set()
    places = places_of(own, ast.Load)
    for fact in own:
        for name in sorted(fact.reads | fact.edits, key=places.__getitem__):
            if name not in known and name not in fact.binds - read_before_bound(fact.node):
                known.add(name)
                yield name
        known |= fact.binds


def places_of(
    own: Sequence[Fact], context: type[ast.expr_context]
) -> Mapping[str, tuple[int, int]]:
    """Where each name is first looked up or bound, or else first occurs."""
    nodes = [node for fact in own for node in ast.walk(fact.node) if isinstance(node, ast.Name)]
    nodes.sort(key=lambda node: (isinstance(node.ctx, context), -node.lineno, -node.col_offset))
    return defaultdict(
        lambda: (1 << 31, 0), {node.id: (node.lineno, node.col_offset) for node in nodes}
    )


def first_writers(own: Sequence[Fact], first_seen: Mapping[Column, int]) -> frozenset[str]:
    """Columns that come into being here: nothing read or wrote them before in this frame."""
    read: set[str] = set()
    made: set[str] = set()
    for fact in own:
        read |= {column for _, column in fact.columns_read} - made
        made |= {
            column
            for frame, column in fact.columns_written - _read_as_attributes(fact.node)
            if first_seen[frame, column] >= own[0].index and column not in read
        }
    return frozenset(made)


def columns_read(fact: Fact) -> frozenset[Column]:
    """Also those that it writes and reads as attributes."""
    return fact.columns_read | fact.columns_written & _read_as_attributes(fact.node)


def _read_as_attributes(node: ast.stmt) -> set[Column]:
    """``df.Total``: whether that is a column is known only beside what is written."""
    return {
        (child.value.id, child.attr)
        for child in ast.walk(node)
        if isinstance(child, ast.Attribute) and isinstance(child.value, ast.Name)
        if isinstance(child.ctx, ast.Load)
    }
