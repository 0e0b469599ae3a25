"""Neighbouring statements about the same thing: what one function could do."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from nbkata.extract.core.facts import Fact, Role
from nbkata.extract.core.group_names import Theme
from nbkata.extract.core.statements import Statements

# Statements between a helper and what it helps.
_NEAR = 4


def groups_of(notebook: Statements) -> Iterator[tuple[Theme, tuple[Fact, ...]]]:
    """Neighbouring statements about the same thing; what is only shown or dead is no neighbour."""
    work = [
        fact
        for fact, live in zip(notebook.facts, notebook.liveness.live, strict=True)
        if live and fact.role in (Role.COMPUTE, Role.MODEL)
    ]
    themed = zip(_themes(work, notebook), work, strict=True)
    for theme, group in groupby(themed, key=lambda pair: pair[0]):
        for part in _parted([fact for _, fact in group], notebook):
            for own in _restarted(part, theme):
                yield _theme_of(own, theme), own


def _parted(group: Sequence[Fact], notebook: Statements) -> Iterator[list[Fact]]:
    """The group in parts: a new one begins where a name of both has another value, read again between."""
    own: list[Fact] = []
    for fact in group:
        between = notebook.facts[own[-1].index + 1 : fact.index] if own else ()
        anew = {name for one in between for name in one.binds - one.reads - one.edits}
        if anew & fact.reads & {name for one in own for name in one.reads | one.binds | one.edits}:
            yield own
            own = []
        own.append(fact)
    yield own


def _theme_of(own: Sequence[Fact], theme: Theme) -> Theme:
    """Helpers that were parted from what they help are about their own names."""
    is_column, is_model = theme[0] in ("column", "drop"), theme[0] == "model"
    is_helped = any(
        is_column
        and (fact.columns_written or fact.columns_dropped)
        or is_model
        and fact.role is Role.MODEL
        for fact in own
    )
    if is_helped or not is_column and not is_model:
        return theme
    return ("value", *sorted(own[-1].binds | own[-1].edits))


def _restarted(group: Sequence[Fact], theme: Theme) -> Iterator[tuple[Fact, ...]]:
    """The group in parts: a new one begins where its own name, or one not read since, is bound anew."""
    own: list[Fact] = []
    pending: set[str] = set()
    for fact in group:
        is_loop = isinstance(fact.node, ast.For)  # what its turns make is its own
        anew = frozenset[str]() if is_loop else fact.binds - fact.reads - fact.edits
        bound = {name for one in own for name in one.binds}
        if anew & pending or theme[0] == "value" and anew & bound & set(theme[1:]):
            yield tuple(own)
            own, pending = [], set()
        elif own and _is_split_off(fact, own[-1]):
            yield tuple(own)
            own, pending = [], set()
        elif _overwrites(fact, own):
            mine = [one for one in own if one.cell == fact.cell]  # its own helpers
            yield tuple(own[: len(own) - len(mine)])
            own = mine
        own.append(fact)
        pending = (pending - fact.reads - fact.edits) | anew
    yield tuple(own)


def _is_split_off(fact: Fact, before: Fact) -> bool:
    """Whether the one before was a split, and this one has nothing to do with its parts."""
    return bool(list(parts_of_split(before))) and not before.binds & fact.reads


def _overwrites(fact: Fact, own: Sequence[Fact]) -> bool:
    """Whether it writes a column that an earlier cell here wrote, and does not read it."""
    written = {column for one in own if one.cell != fact.cell for column in one.columns_written}
    return not fact.partial and bool(fact.columns_written & written - fact.columns_read)


def _themes(work: Sequence[Fact], notebook: Statements) -> list[Theme]:
    """A helper's theme is that of the next statement that reads it."""
    themes: list[Theme] = []
    # By name: the theme of the next statement that reads it, where that is, and what it is a helper of.
    following: dict[str, tuple[Theme, int, int]] = {}
    for fact in reversed(work):
        theme, helped = _own_theme(fact, notebook), fact.index
        for name in sorted(fact.binds | fact.edits) if theme[0] == "value" else ():
            if name not in following:
                continue
            theirs, index, end = following[name]
            is_near = not _makes(fact, theirs, name) and _joins(fact, theirs, index)
            is_its = theirs[0] == "value" and name in theirs[1:]
            if is_near and (is_its or not _is_shared(fact, name, end, notebook)):
                theme, helped = theirs, end
                break
        following |= dict.fromkeys(fact.reads, (theme, fact.index, helped))
        for name in fact.binds - fact.reads:
            following.pop(name, None)
        themes.append(theme)
    return themes[::-1]


def _makes(fact: Fact, theme: Theme, name: str) -> bool:
    """Whether the frame of a theme is made here: the function gets it and does not make it."""
    is_frame = theme[0] in ("column", "drop") and theme[1] == name
    return is_frame and name not in fact.reads | fact.edits


def _is_shared(fact: Fact, name: str, end: int, notebook: Statements) -> bool:
    """Whether what it changes is shown before the end of what it could help, or read after: a step.

    So is a table or value of an earlier cell that something else needs after.
    """
    if not fact.changes(name):
        is_of_cell = fact.cell == notebook.facts[end].cell
        return not is_of_cell and notebook.liveness.uses.is_read_after(end, name)
    for other in notebook.facts[fact.index + 1 :]:
        if name in other.reads and (other.index > end or other.role is Role.SHOW):
            return True
        if other.index > end and name in other.binds:
            break
    return False


def _joins(fact: Fact, theme: Theme, index: int) -> bool:
    """A helper belongs to what is near; to a training only in its own cell, and a loop to no split."""
    if theme[0] == "model":
        return theme[1] == str(fact.cell)
    if theme[0] == "split" and isinstance(fact.node, ast.For):
        return False
    return index - fact.index <= _NEAR


def _own_theme(fact: Fact, notebook: Statements) -> Theme:
    if fact.role is Role.MODEL:
        text = ast.unparse(fact.node)
        return ("split",) if "split(" in text else ("model", str(fact.cell))
    frames = sorted({frame for frame, _ in fact.columns_written})
    if frames and fact.changes(frames[0]):
        columns = sorted({column for _, column in fact.columns_written})
        return ("column", frames[0], *columns)
    if fact.columns_dropped:
        targets = (
            [fact.derives[0]] if fact.derives else sorted({f for f, _ in fact.columns_dropped})
        )
        if fact.derives and fact.derives[0] != fact.derives[1]:
            return ("split",)
        if fact.changes(targets[0]):
            return ("drop", targets[0])
    feeds_split = _is_in(fact.binds, notebook.last_split, fact.index) and not is_constant(fact.node)
    if isinstance(fact.node, ast.Assign) and (feeds_split or _is_target(fact, notebook)):
        return ("split",)
    return ("value", *sorted(fact.binds | fact.edits))


def _is_target(fact: Fact, notebook: Statements) -> bool:
    """``Y = df['Survived']``, for a model to fit."""
    value = fact.node.value if isinstance(fact.node, ast.Assign) else None
    match value:
        case ast.Subscript(value=ast.Name(), slice=ast.Constant()):
            return _is_in(fact.binds, notebook.last_modelled, fact.index)
    return False


def _is_in(names: Iterable[str], last: Mapping[str, int], index: int) -> bool:
    """Whether one of the names has its last place after this one."""
    return any(last.get(name, -1) > index for name in names)


def is_constant(node: ast.stmt) -> bool:
    """Whether a name gets a value that no call and no other name has a part in."""
    value = node.value if isinstance(node, ast.Assign) else None
    return value is not None and not any(
        isinstance(child, ast.Name | ast.Call) for child in ast.walk(value)
    )


def parts_of_split(fact: Fact) -> Iterator[str]:
    """All names of ``X_train, X_test, y_train, y_test = …``: nobody expects three of them."""
    match fact.node:
        case ast.Assign(targets=[ast.Tuple(elts=parts)]) if "split(" in ast.unparse(fact.node):
            yield from (part.id for part in parts if isinstance(part, ast.Name) and part.id != "_")
