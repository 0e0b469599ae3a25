"""What the static part knows of a value: where it comes from and what kind of thing it is."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from nbkata.purity.core.findings import Sure


class Kind(Enum):
    """The types that matter to the question whether an operation edits in place."""

    UNKNOWN = "unknown"
    SCALAR = "scalar"  # numbers, texts, tuples of them: nothing edits these in place
    FRAME = "frame"
    ARRAY = "array"
    LIST = "list"
    DICT = "dict"
    SET = "set"
    BUFFER = "buffer"  # a StringIO or BytesIO: a file that is none
    FILE = "file"
    PATH = "path"
    RANDOM = "random generator"
    LOGGER = "logger"
    CONTEXT = "context variable"
    AXES = "axes"
    WRAPPER = "pipeline"  # fitting it fits what was put in


EDITED_BY_AUGMENTED = {Kind.LIST, Kind.ARRAY, Kind.FRAME, Kind.SET, Kind.DICT}


class Scope(StrEnum):
    """Who else holds an object."""

    ARGUMENT = "argument"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Source:
    """An object from outside that an edit would reach."""

    scope: Scope
    name: str
    sure: Sure = Sure.CERTAIN


Sources = frozenset[Source]


@dataclass(frozen=True, slots=True)
class Closure:
    """A function defined in the function under study (or a lambda), with what it can see."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    names: Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class Value:
    """What a name or an expression may stand for.

    ``sources`` are the outside objects that it may be; without one it was made here, and editing
    it is nobody's business. ``holds`` are the outside objects in a container made here. ``name`` is
    the full name of a library, built-in or project object, ``instance_of`` that of its class.
    """

    sources: Sources = frozenset()
    holds: Sources = frozenset()
    kind: Kind = Kind.UNKNOWN
    name: str = ""
    closure: Closure | None = None
    instance_of: str = ""

    @property
    def is_named(self) -> bool:
        """Whether it is known by its full name alone."""
        return bool(self.name) and not self.sources


FRESH = Value()
SCALAR = Value(kind=Kind.SCALAR)
FRAME = Value(kind=Kind.FRAME)
ARRAY = Value(kind=Kind.ARRAY)


def container(kind: Kind, items: Iterable[Value]) -> Value:
    """A new container around ``items``."""
    return Value(kind=kind, holds=_reached(joined(items)))


def _reached(item: Value) -> Sources:
    """What an edit of an item reaches: the item, and perhaps what that holds itself."""
    return item.sources | {weakened(source, Sure.POSSIBLE) for source in item.holds}


def joined(values: Iterable[Value]) -> Value:
    """What may be any of ``values``; a new object for no values."""
    result: Value | None = None
    for value in values:
        result = value if result is None else either(result, value)
    return result or FRESH


def either(one: Value, other: Value) -> Value:
    """One value on some path, the other on another: what only one has is no longer certain."""
    if one == other:
        return one
    return Value(
        sources=_on_some_path(one.sources, other.sources),
        holds=_on_some_path(one.holds, other.holds),
        kind=one.kind if one.kind is other.kind else _either_kind(one, other),
        name=one.name if one.name == other.name else "",
        closure=one.closure or other.closure,
        instance_of=one.instance_of if one.instance_of == other.instance_of else "",
    )


def _on_some_path(one: Sources, other: Sources) -> Sources:
    shared = {(source.scope, source.name) for source in one} & {
        (source.scope, source.name) for source in other
    }
    return frozenset(
        source if (source.scope, source.name) in shared else weakened(source, Sure.LIKELY)
        for source in one | other
    )


def _either_kind(one: Value, other: Value) -> Kind:
    """``None`` and numbers on one path say nothing about the object on the other."""
    kinds = {one.kind, other.kind} - {Kind.SCALAR}
    return kinds.pop() if len(kinds) == 1 else Kind.UNKNOWN


def weakened(source: Source, sure: Sure) -> Source:
    """The source, no surer than ``sure``."""
    return source if source.sure <= sure else replace(source, sure=sure)


def weaker(value: Value, sure: Sure) -> Value:
    """The value, its sources no surer than ``sure``."""
    return replace(value, sources=frozenset(weakened(s, sure) for s in value.sources), name="")


def part(value: Value) -> Value:
    """An element or attribute of ``value``: the outside's if the whole is."""
    return Value(sources=value.sources | value.holds)


def iterated_item(value: Value) -> Value:
    """What a loop over ``value`` sees: the labels of a frame, the parts of anything else."""
    if value.kind is Kind.FRAME and value.sources:
        return SCALAR
    if value.kind in (Kind.SCALAR, Kind.DICT) and not value.holds:
        return SCALAR
    return part(value)


def shallow(value: Value, kind: Kind) -> Value:
    """A new container around the same elements."""
    return container(kind, [part(value)])


def holding(value: Value, items: Iterable[Value]) -> Value:
    """``value`` after ``items`` were put into it."""
    return replace(value, holds=value.holds | _reached(joined(items)))


def merged(ends: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    """The names after several paths."""
    found: dict[str, Value] = {}
    for names in ends:
        for name, value in names.items():
            known = found.setdefault(name, value)
            if known is not value:
                found[name] = either(known, value)
    return found


def in_terms_of(value: Value, given: Mapping[str, Value]) -> Value:
    """What a called function returns, in its caller's terms: parameters are the caller's objects."""
    outer = [
        weaker(given[source.name], source.sure)
        for source in value.sources
        if source.scope is Scope.ARGUMENT and source.name in given
    ]
    held = frozenset(
        weakened(inner, source.sure)
        for source in value.holds
        for inner in (
            part(given.get(source.name, FRESH)).sources if _is_given(source) else [source]
        )
    )
    own = replace(
        value, sources=frozenset(s for s in value.sources if not _is_given(s)), holds=held
    )
    is_more = own.sources or own.holds or own.closure
    return joined([*([own] if is_more or not outer else []), *outer])


def _is_given(source: Source) -> bool:
    return source.scope is Scope.ARGUMENT
