"""Bringing a learner's files to the start of a step: the kit's instead of theirs, or merged.

Contents are bytes by path in the workspace, with forward slashes.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from nbkata.workspace.core.merge import merged_lines, with_own_definitions

Files = Mapping[str, bytes]


class Fate(StrEnum):
    """What becomes of a file, as the learner reads it."""

    ADDED = "new"
    REPLACED = "the kit's now"
    AGAIN = "yours, as the step began"
    REMOVED = "removed"
    YOURS = "yours, as it was"
    MERGED = "yours and the kit's, merged"
    ENRICHED = "the kit's now, and of yours "
    CONFLICT = "the kit's now: both changed the same lines"
    GONE = "removed: the kit has done with it, and you changed it"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file's."""

    name: str
    fate: Fate
    content: bytes | None  # as it will be; none if it goes
    own: tuple[str, ...] = ()  # the learner's definitions that were kept in the kit's file

    @property
    def message(self) -> str:
        """In words."""
        return self.fate.value + ", ".join(self.own)


def replaced(mine: Files, kits: Files) -> tuple[Outcome, ...]:
    """The kit's files instead of the learner's; files that are the same are not named."""
    return tuple(
        outcome
        for name in sorted({*mine, *kits})
        if not _same(mine.get(name), kits.get(name))
        and (outcome := _taken(name, mine.get(name), kits.get(name)))
    )


def as_it_began(mine: Files, before: Files) -> tuple[Outcome, ...]:
    """The learner's files of when the step began instead of those of now."""
    return tuple(
        replace(outcome, fate=Fate.AGAIN) if outcome.fate is Fate.REPLACED else outcome
        for outcome in replaced(mine, before)
    )


def merged(base: Files, mine: Files, kits: Files) -> tuple[Outcome, ...]:
    """Each file of both, three ways; ``base`` is what the learner's files came from.

    Where both sides changed the same lines the kit's file is taken, with the learner's own
    functions and tests beside its own: so the step can begin, and nothing holds markers.
    """
    outcomes = (
        _merged(name, base.get(name), mine.get(name), kits.get(name))
        for name in sorted({*mine, *kits})
    )
    return tuple(outcome for outcome in outcomes if outcome is not None)


def nearest(mine: Files, candidates: Mapping[str, Files]) -> str:
    """Of several states of the files, the one that the learner's differ from in the fewest lines.

    Of equals the last one, which is the furthest on the way.
    """
    return min(reversed(list(candidates)), key=lambda slug: _distance(mine, candidates[slug]))


def _distance(one: Files, other: Files) -> int:
    return sum(
        (_bag(one.get(name)) - _bag(other.get(name))).total()
        + (_bag(other.get(name)) - _bag(one.get(name))).total()
        for name in {*one, *other}
    )


def _bag(content: bytes | None) -> Counter[bytes]:
    return Counter(line.strip() for line in (content or b"").splitlines())


def _merged(
    name: str, base: bytes | None, mine: bytes | None, kits: bytes | None
) -> Outcome | None:
    if _same(mine, kits):
        return None
    if _same(mine, base):
        return _taken(name, mine, kits)
    if _same(kits, base):
        return Outcome(name, Fate.YOURS, mine) if mine is not None else None
    if mine is None:
        return _taken(name, mine, kits)
    if kits is None:
        return Outcome(name, Fate.GONE, None)
    return _both_changed(name, base or b"", mine, kits)


def _both_changed(name: str, base: bytes, mine: bytes, kits: bytes) -> Outcome:
    try:
        old, ours, theirs = (_unix(content).decode("utf-8") for content in (base, mine, kits))
    except UnicodeDecodeError:
        return Outcome(name, Fate.CONFLICT, kits)
    if not name.endswith((".py", ".md", ".txt")):  # half of a notebook or of a table is neither
        return Outcome(name, Fate.CONFLICT, kits)
    lines = merged_lines(*(text.splitlines(keepends=True) for text in (old, ours, theirs)))
    if lines is not None and (not name.endswith(".py") or _is_python("".join(lines))):
        return Outcome(name, Fate.MERGED, _as_in(mine, "".join(lines)))
    if name.endswith(".py"):
        text, own = with_own_definitions(old, ours, theirs)
        if own:
            return Outcome(name, Fate.ENRICHED, _as_in(mine, text), own)
    return Outcome(name, Fate.CONFLICT, kits)


def _taken(name: str, mine: bytes | None, kits: bytes | None) -> Outcome:
    if kits is None:
        return Outcome(name, Fate.REMOVED, None)
    return Outcome(name, Fate.ADDED if mine is None else Fate.REPLACED, kits)


def _same(one: bytes | None, other: bytes | None) -> bool:
    """Line ends aside: git on Windows may have changed them."""
    if one is None or other is None:
        return one is other
    return _unix(one) == _unix(other)


def _unix(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _as_in(mine: bytes, text: str) -> bytes:
    return text.replace("\n", "\r\n" if b"\r\n" in mine else "\n").encode("utf-8")


def _is_python(text: str) -> bool:
    try:
        compile(text, "merged", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
