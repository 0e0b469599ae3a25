"""What the static part knows of a value: where it comes from and what kind of thing it is."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from nbkata.purity.core.findings import Sure

DEEPEST = 4
"""Containers within containers that are told apart."""


class Kind(Enum):
    """The types that matter to the question whether an operation edits in place."""

    UNKNOWN = "unknown"
    SCALAR = "scalar"
    """Numbers, texts, tuples of them: nothing edits these in place."""
    FRAME = "frame"
    ARRAY = "array"
    LIST = "list"
    DICT = "dict"
    SET = "set"
    BUFFER = "buffer"
    """A StringIO or BytesIO: a file that is none."""
    FILE = "file"
    PATH = "path"
    RANDOM = "random generator"
    LOGGER = "logger"
    CONTEXT = "context variable"
    AXES = "axes"
    WRAPPER = "pipeline"
    """A pipeline: fitting it fits what was put in."""


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


@dataclass(frozen=True, slots=True)
class Closure:
    """A function defined in the function under study (or a lambda), with what it can see."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    env: Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class Value:
    """What a name or an expression may stand for."""

    sources: frozenset[Source] = frozenset()
    """Empty for an object made here: editing that is nobody's business."""
    kind: Kind = Kind.UNKNOWN
    name: str = ""
    """The full name of a library, built-in or project object."""
    element: "Value | None" = None
    """What a container made here holds."""
    parts: tuple["Value", ...] = ()
    """For a tuple written out: its items."""
    closure: Closure | None = None
    receiver: "Value | None" = None
    """For a bound method held in a name."""
    instance_of: str = ""
    """The project class it is an instance of, by full name."""


FRESH = Value()
SCALAR = Value(kind=Kind.SCALAR)
FRAME = Value(kind=Kind.FRAME)
ARRAY = Value(kind=Kind.ARRAY)


def container(kind: Kind, items: Iterable[Value], parts: tuple[Value, ...] = ()) -> Value:
    """A new container around ``items``."""
    return capped(Value(kind=kind, element=joined(items), parts=parts))


def joined(values: Iterable[Value]) -> Value | None:
    """What may be any of ``values``; none for no values."""
    result: Value | None = None
    for value in values:
        result = value if result is None else either(result, value)
    return result


def either(one: Value, other: Value) -> Value:
    """One value on some path, the other on another: what only one has is no longer certain."""
    if one == other:
        return one
    shared = {(source.scope, source.name) for source in one.sources} & {
        (source.scope, source.name) for source in other.sources
    }
    sources = frozenset(
        source if (source.scope, source.name) in shared else weakened(source, Sure.LIKELY)
        for source in one.sources | other.sources
    )
    element = joined(value for value in (one.element, other.element) if value is not None)
    same_parts = len(one.parts) == len(other.parts)
    return Value(
        sources=sources,
        kind=one.kind if one.kind is other.kind else _either_kind(one, other),
        name=one.name if one.name == other.name else "",
        element=element,
        parts=(
            tuple(either(left, right) for left, right in zip(one.parts, other.parts, strict=True))
            if same_parts
            else ()
        ),
        closure=one.closure or other.closure,
        receiver=one.receiver or other.receiver,
        instance_of=one.instance_of if one.instance_of == other.instance_of else "",
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
    return replace(
        value, sources=frozenset(weakened(source, sure) for source in value.sources), name=""
    )


def part(value: Value) -> Value:
    """An element or attribute of ``value``: still the outside's where the whole is."""
    outside = Value(sources=value.sources) if value.sources else None
    found = joined(item for item in (outside, value.element) if item is not None)
    return found if found is not None else FRESH


def iterated_item(value: Value) -> Value:
    """What a loop over ``value`` sees: the labels of a frame, the parts of anything else."""
    if value.kind is Kind.FRAME and value.sources:
        return SCALAR
    if value.kind in (Kind.SCALAR, Kind.DICT) and value.element is None:
        return SCALAR
    return part(value)


def shallow(value: Value, kind: Kind) -> Value:
    """A new container around the same elements."""
    return capped(Value(kind=kind, element=part(value), parts=value.parts))


def holding(value: Value, item: Value) -> Value:
    """``value`` after ``item`` was put into it."""
    return capped(replace(value, element=joined(v for v in (value.element, item) if v), parts=()))


def capped(value: Value, depth: int = DEEPEST) -> Value:
    """Cut off below ``DEEPEST``: a list that is put into itself would have no end."""
    if depth == 0:
        return replace(value, element=None, parts=())
    element = None if value.element is None else capped(value.element, depth - 1)
    return replace(value, element=element, parts=tuple(capped(v, depth - 1) for v in value.parts))
