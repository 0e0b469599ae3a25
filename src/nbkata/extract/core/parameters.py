"""Blocks that differ in one or two values: one function, which is given them."""

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbkata.extract.core.candidate import Candidate, worth_of
from nbkata.extract.core.constants import Constant, bytes_slice, column_of
from nbkata.extract.core.group_names import table_verbs
from nbkata.extract.core.lines import Code
from nbkata.extract.core.names import shared_words, words_of
from nbkata.extract.core.same_work import numbered_names

# Of one function.
MOST_PARAMETERS = 2


def with_parameters(found: Sequence[Candidate], code: Code) -> list[Candidate]:
    """Those that differ in few values are one, with the first's values as defaults."""
    alike: dict[tuple[str, ...], list[Candidate]] = {}
    for place, item in enumerate(found):
        shape = _shape(item) if item.kind != "model" else (f"training {place}",)
        alike.setdefault(shape, []).append(item)
    joined: list[Candidate] = []
    for items in alike.values():
        one = _joined(items, code) if len(items) > 1 else None
        joined += [one] if one else items
    return joined


@dataclass(frozen=True, slots=True)
class _Literal:
    """A number or a text in a block, and what it is beside."""

    node: ast.Constant
    parents: tuple[ast.AST, ...]  # the nearest first


def _shape(item: Candidate) -> tuple[str, ...]:
    """The statements with names numbered and literals taken out."""
    places = {_place(literal.node) for literal in _literals(item)}

    def without(node: ast.stmt) -> ast.stmt:
        node = copy.deepcopy(node)
        for child in ast.walk(node):
            if isinstance(child, ast.Constant) and _place(child) in places:
                child.value = type(child.value).__name__
        return node

    return numbered_names(item, [without(fact.node) for fact in item.facts])


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _literals(item: Candidate) -> list[_Literal]:
    """Those that can become parameters, in the order of the text."""
    known = {(one.line, one.columns[0]) for one in item.constants}
    found = [one for fact in item.facts for one in _below(fact.node, ())]
    return sorted(
        (one for one in found if _place(one.node) not in known), key=lambda one: _place(one.node)
    )


def _below(node: ast.AST, parents: tuple[ast.AST, ...]) -> Iterator[_Literal]:
    if isinstance(node, ast.JoinedStr):  # its parts have no quotes of their own
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str | int | float) and not isinstance(node.value, bool):
            if node.lineno == node.end_lineno:
                yield _Literal(node, parents)
    for child in ast.iter_child_nodes(node):
        yield from _below(child, (node, *parents))


def _joined(items: Sequence[Candidate], code: Code) -> Candidate | None:
    """One function for all, or none if they differ in more than a function should be given."""
    literals = [_literals(item) for item in items]
    values = list(zip(*([one.node.value for one in each] for each in literals), strict=True))
    places: dict[tuple[object, ...], list[_Literal]] = {}
    for literal, each in zip(literals[0], values, strict=True):
        if len(set(each)) > 1:
            places.setdefault(each, []).append(literal)
    if not 0 < len(places) <= MOST_PARAMETERS or not _belong(places, items[0]):
        return None
    names = _names(items[0], places)
    constants = [
        _constant(names[each], literal, code) for each, own in places.items() for literal in own
    ]
    calls = [
        ", ".join(f"{names[each]}={each[place]!r}" for each in places)
        for place in range(1, len(items))
    ]
    first = items[0]
    found = replace(
        first,
        name=_common_name(items, next(iter(names.values())) if len(names) == 1 else ""),
        cells=tuple(dict.fromkeys(cell for item in items for cell in item.cells)),
        repeats=sum(item.repeats for item in items),
        constants=(*constants, *first.constants),
        calls=tuple(dict.fromkeys(calls)),
        side_effects=tuple(dict.fromkeys(effect for item in items for effect in item.side_effects)),
    )
    return replace(found, worth=worth_of(found))


def _belong(places: Mapping[tuple[object, ...], Sequence[_Literal]], item: Candidate) -> bool:
    """Whether a single statement that differs in two values makes one from the other: a_norm from a."""
    if len(places) == 1 or len(item.facts) > 1:
        return True
    return all(str(a) in str(b) or str(b) in str(a) for a, b in zip(*places, strict=True))


def _constant(name: str, literal: _Literal, code: Code) -> Constant:
    node = literal.node
    columns = (node.col_offset, node.end_col_offset or node.col_offset)
    text = bytes_slice(code.lines[node.lineno - 1], *columns)
    return Constant(name, text, code.place(node.lineno), node.lineno, columns)


def _names(
    item: Candidate, places: Mapping[tuple[object, ...], Sequence[_Literal]]
) -> dict[tuple[object, ...], str]:
    """A name for each value that differs, which nothing in the block has."""
    taken = {
        node.id for fact in item.facts for node in ast.walk(fact.node) if isinstance(node, ast.Name)
    } | {one.name for one in item.constants}
    names: dict[tuple[object, ...], str] = {}
    for each, literals in places.items():
        # what is read somewhere is no new column
        wanted = min(map(_purpose, literals))
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}_{number}", number + 1
        taken.add(name)
        names[each] = name
    return names


def _purpose(literal: _Literal) -> str:
    """A name from where it is: a column, a keyword, or what it is compared with."""
    inner: ast.AST = literal.node
    for parent in literal.parents:
        match parent:
            case ast.keyword(arg=str() as name):
                return name
            case ast.Compare(left=ast.Attribute(attr=name)):
                return name
            case ast.Compare(left=left):
                return column_of(left) or "value"
            case ast.Subscript(slice=inside, ctx=context) if inside is inner:
                if not isinstance(literal.node.value, str):
                    return "place"
                return "new_column" if isinstance(context, ast.Store) else "column"
            case ast.List() | ast.Tuple():
                inner = parent
            case _:
                return "value"
    return "value"


def _common_name(items: Sequence[Candidate], parameter: str) -> str:
    """What their names share; or what is done to a column, or to the table that goes in."""
    (verb, *first), *others = [words_of(item.name) for item in items]
    if any(words[0] != verb for words in others):
        return items[0].name
    shared = shared_words([first, *(words[1:] for words in others)])
    if shared:
        return "_".join([verb, *shared])
    if items[0].frame:
        return f"{verb}_column"
    done = table_verbs(items[0].facts)
    if done == "filter" and parameter:
        return f"filter_by_{parameter}"
    return (
        f"{done}_{items[0].inputs[0]}" if done != "prepare" and items[0].inputs else items[0].name
    )
