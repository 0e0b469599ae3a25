"""Which statements the result depends on: a walk backwards, with names and columns."""

import ast
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nbkata.dataflow.core.columns import Column
from nbkata.extract.core.facts import Fact, Role

_ROOTS = (Role.MODEL, Role.SAVE)
_NEVER = (Role.SHOW, Role.IMPORT, Role.SETUP)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns of one frame that are read later."""

    every: bool = False
    but: frozenset[str] = frozenset()  # not these, although ``every``
    only: frozenset[str] = frozenset()

    def has(self, column: str) -> bool:
        """Whether the column is read later."""
        return column in self.only or (self.every and column not in self.but)

    def without(self, columns: frozenset[str]) -> "Wanted":
        """Before they were written or dropped."""
        return replace(self, but=self.but | columns, only=self.only - columns)

    def with_(self, columns: frozenset[str]) -> "Wanted":
        """Before they were read."""
        return replace(self, but=self.but - columns, only=self.only | columns)


@dataclass(slots=True)
class Later:
    """What is read after the point of the notebook that a walk backwards has reached."""

    names: set[str] = field(default_factory=set)
    frames: dict[str, Wanted] = field(default_factory=dict)

    def wanted(self, frame: str) -> Wanted:
        """The columns of a frame."""
        return self.frames.get(frame, Wanted())


@dataclass(frozen=True, slots=True)
class Uses:
    """For each name the statements that look at it or bind it anew: their indices, and which look."""

    places: Mapping[str, list[int]]
    looks: Mapping[str, list[bool]]

    def is_read_after(self, index: int, name: str) -> bool:
        """Whether the next statement that uses the name after this index looks at it."""
        places = self.places.get(name, [])
        place = bisect_right(places, index)
        return place < len(places) and self.looks[name][place]


def uses(facts: Iterable[Fact], *, with_edits: bool) -> Uses:
    """Where names are used, in the order of the statements; an edit is a look, if at all."""
    places: dict[str, list[int]] = {}
    looks: dict[str, list[bool]] = {}
    for fact in facts:
        looked_at = fact.reads | fact.edits if with_edits else fact.reads
        for name in sorted(looked_at | fact.binds):
            places.setdefault(name, []).append(fact.index)
            looks.setdefault(name, []).append(name in looked_at)
    return Uses(places, looks)


@dataclass(frozen=True, slots=True)
class Liveness:
    """For each statement whether the result depends on it, and what such statements use."""

    live: tuple[bool, ...]
    uses: Uses
    dead_columns: tuple[Column, ...]  # written, and never read by what the result depends on
    dead_names: tuple[str, ...]
    never_read: frozenset[str]


def liveness(facts: Sequence[Fact], dead: Collection[int] = ()) -> Liveness:
    """Walk from the last statement to the first; ``dead`` are those that are known to be.

    Results are what models, metrics and files get; if nothing comes of these, every statement
    that computes or shows counts as one.
    """
    found = _walk(facts, dead, has_result=any(fact.role in _ROOTS for fact in facts))
    work = (Role.COMPUTE, Role.MODEL)
    if any(live and fact.role in work for fact, live in zip(facts, found.live, strict=True)):
        return found
    return _walk(facts, dead, has_result=False)


def _walk(facts: Sequence[Fact], dead: Collection[int], *, has_result: bool) -> Liveness:
    later = Later()
    live: list[bool] = []
    for fact in reversed(facts):
        live.append(fact.index not in dead and _needed(fact, later, has_result))
        if live[-1]:
            later.names -= _bound_anew(fact)
            later.names |= fact.reads | fact.edits
            later.frames.update(_wanted_before(fact, later))
    live.reverse()
    used = uses((fact for fact in facts if live[fact.index]), with_edits=True)
    kept = {name for fact in facts if fact.index not in dead for name in fact.reads | fact.binds}
    names = dict.fromkeys(n for f in facts if f.index in dead for n in sorted(f.binds - kept))
    bound = {name for fact in facts for name in fact.binds}
    read = {name for fact in facts for name in fact.reads - fact.binds}
    return Liveness(
        tuple(live), used, _dead_columns(facts, live), tuple(names), frozenset(bound - read)
    )


def _needed(fact: Fact, later: Later, has_result: bool) -> bool:
    if fact.role in _NEVER:  # a look at a score is what the notebook is for
        return fact.role is Role.SHOW and (not has_result or _scores(fact))
    if not has_result or fact.role is Role.SAVE:
        return True
    if fact.role is Role.MODEL and (_scores(fact) or (fact.binds | fact.edits) & later.names):
        return True
    if fact.columns_written and not fact.derives:
        if any(later.wanted(frame).has(column) for frame, column in fact.columns_written):
            return True
        frames = {frame for frame, _ in fact.columns_written}
        return bool((fact.binds - frames) & later.names)
    if fact.columns_dropped and not fact.binds:
        return any(frame in later.names for frame, _ in fact.columns_dropped)
    return bool((fact.binds | fact.edits) & later.names)


def _scores(fact: Fact) -> bool:
    """Whether the statement gives a prediction or a number to judge by: a result in itself."""
    called = {node.attr for node in ast.walk(fact.node) if isinstance(node, ast.Attribute)}
    named = {node.id for node in ast.walk(fact.node) if isinstance(node, ast.Name)}
    return bool(called & {"predict", "score", "predict_proba"}) or any(
        name.endswith(("_score", "_error", "validate", "_report", "_matrix")) for name in named
    )


def _wanted_before(fact: Fact, later: Later) -> dict[str, Wanted]:
    """The columns that are read from this statement on, of the frames for which it changes that."""
    found: dict[str, Wanted] = {}

    def wanted(frame: str) -> Wanted:
        return found.get(frame) or later.wanted(frame)

    if fact.derives:
        new, old = fact.derives
        gone = _columns(fact.columns_written, new) | _columns(fact.columns_dropped, old)
        inherited = wanted(new).without(gone | _columns(fact.columns_dropped, new))
        if new != old:
            found = {new: Wanted(), old: _union(wanted(old), inherited)}
        else:
            found = {new: inherited}
    else:
        found = {frame: Wanted() for frame in fact.binds if frame in later.frames}
        for frame in {frame for frame, _ in fact.columns_written | fact.columns_dropped}:
            gone = _columns(fact.columns_dropped, frame)
            if not fact.partial:
                gone = gone | _columns(fact.columns_written, frame)
            found[frame] = wanted(frame).without(gone)
    for frame in {frame for frame, _ in fact.columns_read}:
        found[frame] = wanted(frame).with_(_columns(fact.columns_read, frame))
    for frame in fact.whole:
        found[frame] = replace(wanted(frame), every=True, but=frozenset())
    return found


def _bound_anew(fact: Fact) -> frozenset[str]:
    """Names that the statement binds without having read them."""
    return fact.binds - fact.reads


def _columns(columns: frozenset[Column], frame: str) -> frozenset[str]:
    return frozenset(column for owner, column in columns if owner == frame)


def _union(one: Wanted, other: Wanted) -> Wanted:
    if one.every and other.every:
        but = one.but & other.but
    elif one.every or other.every:
        but = (one.but if one.every else other.but) - one.only - other.only
    else:
        but = frozenset()
    return Wanted(one.every or other.every, but, one.only | other.only)


def _dead_columns(facts: Sequence[Fact], live: Sequence[bool]) -> tuple[Column, ...]:
    written = dict.fromkeys(column for fact in facts for column in sorted(fact.columns_written))
    needed = {
        column
        for fact, is_live in zip(facts, live, strict=True)
        if is_live
        for column in fact.columns_written
    }
    return tuple(column for column in written if column not in needed)
