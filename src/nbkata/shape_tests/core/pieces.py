"""A change of a function, undone piece by piece: one step back in its old place, or one piece as it was.

A piece is part of a sequence: of the statements of a function, the elements of a list, three or more values
that a call is given, or the links of a chain; or it is a value that a call is given by name. A chain is what
one call hands to the next: ``rows.pipe(fill).pipe(band)``, ``band(fill(rows))``, ``rows.fillna(0).clip(upper=1)``.
"""

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from textwrap import shorten

from nbkata.shape_tests.core.sequences import HOLE, PieceSequence, names_in, sequences, with_other

Definition = ast.FunctionDef | ast.ClassDef
# Characters of a piece that a message shows.
SHOWN = 60


@dataclass(frozen=True)
class Undone:
    """A function or class with a piece of its change undone."""

    text: str  # the source of the whole
    what: str  # as a message shows it: ``put .pipe(fill) back after .pipe(band)``
    # In a piece that is another, those that were or are in it, and not both; none if only the order is.
    names: frozenset[str] = frozenset()


def undone_pieces(former: Definition, new: Definition) -> Iterator[Undone]:
    """The change from ``former`` to ``new`` with one piece undone, one after the other; the order first."""
    plain = _without_docstrings(former), _without_docstrings(new)
    chained = _chained(plain[0]), _chained(plain[1])
    seen = {ast.unparse(one) for one in (*plain, *chained)}
    for pair, undo in ((plain, _back_in_place), (chained, _back_in_place), (plain, _as_it_was)):
        for undone in _undone(*pair, undo):
            if undone.text not in seen:
                seen.add(undone.text)
                yield undone
    yield from _named_as_they_were(*plain)


def _named_as_they_were(former: Definition, new: Definition) -> Iterator[Undone]:
    """Each value given by a name, ``assign(Fare=…)``, as it was, with what it needs of the lines before."""
    before, now = _named(former), _named(new)
    for name in [one for one in now if one in before]:
        was, value = before[name].value, now[name].value
        if ast.dump(was) == ast.dump(value):
            continue
        made = copy.deepcopy(new)
        _named(made)[name].value = copy.deepcopy(was)
        around = _function_around(made, _named(made)[name])
        if around:
            around.body[:0] = _lines_for(was, before[name], former, around)
        what = f"made {_shown(now[name])} as it was"
        text = ast.unparse(ast.fix_missing_locations(made))
        yield Undone(text, what, _other_names([was], [value]))


def _lines_for(
    was: ast.AST, place: ast.AST, former: Definition, now: ast.FunctionDef
) -> list[ast.stmt]:
    """What a piece that was needs, of the lines around its place, and the function now does not have."""
    before = _function_around(former, place)
    if before is None:
        return []
    needed = {one.id for one in names_in(was)} - {
        one.id for one in names_in(now) if _is_stored(one)
    }
    needed -= {one.arg for one in ast.walk(now) if isinstance(one, ast.arg)}
    return [
        copy.deepcopy(one)
        for one in before.body
        if isinstance(one, ast.Assign) and needed & _bound(one)
    ]


def _function_around(tree: ast.AST, place: ast.AST) -> ast.FunctionDef | None:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    around = [one for one in functions if any(node is place for node in ast.walk(one))]
    return around[-1] if around else None


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _named(tree: ast.AST) -> dict[str, ast.keyword]:
    """What is given by a name that is given once."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg]
    times = Counter(one.arg for one in found)
    return {str(one.arg): one for one in found if times[one.arg] == 1}


def _bound(statement: ast.Assign) -> set[str]:
    return {one.id for target in statement.targets for one in names_in(target)}


def _without_docstrings(definition: Definition) -> Definition:
    made = copy.deepcopy(definition)
    for node in ast.walk(made):
        if isinstance(node, Definition) and ast.get_docstring(node) and node.body[1:]:
            node.body = node.body[1:]
    return made


def _chained(definition: Definition) -> Definition:
    """The same without names that only hand a value on to the next statement."""
    made = copy.deepcopy(definition)
    for function in ast.walk(made):
        if isinstance(function, ast.FunctionDef):
            seen = Counter(node.id for node in names_in(function))
            body = list[ast.stmt]()
            for statement in function.body:
                match body[-1:]:
                    case [ast.Assign(targets=[ast.Name(id=name)], value=value)] if seen[name] == 2:
                        reads = [one for one in names_in(statement) if one.id == name]
                        if reads and isinstance(reads[0].ctx, ast.Load):
                            body.pop()
                            statement = with_other(statement, value, reads[0])
                body.append(statement)
            function.body = body
    return made


# Gives, for what was and what is, other pieces each with what was done, and the names in question.
_Undo = Callable[
    [PieceSequence, PieceSequence, set[str]], Iterator[tuple[list[ast.AST], str, frozenset[str]]]
]


def _undone(former: Definition, new: Definition, undo: _Undo) -> Iterator[Undone]:
    before, now = sequences(former), sequences(new)
    in_both = {key for one in before for key in one.keys} & {key for one in now for key in one.keys}
    for sequence in now:
        twin = _twin(sequence, before)
        for pieces, what, names in undo(twin, sequence, in_both) if twin else ():
            if pieces:
                target = sequence.with_pieces(pieces)
                made = with_other(new, target, sequence.node)
                around = _function_around(made, target)
                if around and twin:
                    for piece in (one for one in pieces if one not in sequence.pieces):
                        around.body[:0] = _lines_for(piece, twin.node, former, around)
                yield Undone(ast.unparse(made), what, names)


def _twin(sequence: PieceSequence, before: Sequence[PieceSequence]) -> PieceSequence | None:
    """What a sequence was before: the body of the same function, or what it has most in common with."""
    if isinstance(sequence.node, ast.FunctionDef):
        name = sequence.node.name
        return next((one for one in before if getattr(one.node, "name", "") == name), None)
    alike = [
        one
        for one in before
        if type(one.node) is type(sequence.node) and one.are_given == sequence.are_given
    ]
    common = [len({*one.keys} & {*sequence.keys}) for one in alike]
    return alike[common.index(max(common))] if any(common) else None


def _back_in_place(
    before: PieceSequence, now: PieceSequence, _in_both: set[str]
) -> Iterator[tuple[list[ast.AST], str, frozenset[str]]]:
    """Each piece that has moved."""
    order, staying = _staying(before, now)
    for key in order:
        if key in staying:
            continue
        at = now.keys.index(key)
        pieces = [*now.pieces]
        piece = pieces.pop(at)
        keys = [ast.dump(one) for one in pieces]
        place = order.index(key)
        near = [one for one in order[:place] if one in staying]
        if near:
            to = keys.index(near[-1]) + 1
        else:
            to = min(keys.index(one) for one in order[place:] if one in staying)
        beside = f"before {_shown(pieces[to])}" if to < at else f"after {_shown(pieces[to - 1])}"
        pieces.insert(to, piece)
        yield pieces, f"put {_shown(piece)} back {beside}", frozenset()


def _staying(before: PieceSequence, now: PieceSequence) -> tuple[list[str], set[str]]:
    """The pieces that are there before and now, in the order of before, and those that have not moved."""
    keys = before.keys, now.keys
    order, there = (
        [key for key in one if all(them.count(key) == 1 for them in keys)] for one in keys
    )
    blocks = SequenceMatcher(None, order, there, autojunk=False).get_matching_blocks()
    return order, {key for start, _, size in blocks for key in order[start : start + size]}


def _as_it_was(
    before: PieceSequence, now: PieceSequence, in_both: set[str]
) -> Iterator[tuple[list[ast.AST], str, frozenset[str]]]:
    """Each piece that is another, is new, or is gone. What is elsewhere by now is none of these."""
    _, staying = _staying(before, now)
    old, new = (
        [place for place, key in enumerate(one.keys) if key in staying or key not in in_both]
        for one in (before, now)
    )
    keys = [before.keys[place] for place in old], [now.keys[place] for place in new]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        ends = [(i1, i2, j1, j2)]
        if i2 - i1 == j2 - j1:  # one for one
            ends = [(i1 + n, i1 + n + 1, j1 + n, j1 + n + 1) for n in range(i2 - i1)]
        else:  # and those that set the same name
            ends += [
                (i, i + 1, j, j + 1)
                for i in range(i1, i2)
                for j in range(j1, j2)
                if _set_by(before.pieces[old[i]]) == _set_by(now.pieces[new[j]]) != ""
            ]
        for first, last, start, stop in ends if kind != "equal" else ():
            was, others = [before.pieces[n] for n in old[first:last]], new[start:stop]
            at = new[start] if start < len(new) else len(now.pieces)
            pieces = [piece for n, piece in enumerate(now.pieces) if n not in others]
            pieces[at:at] = was
            gone = [now.pieces[n] for n in others]
            shown = _shown((gone or was)[0]) + (" and what follows" if (gone or was)[1:] else "")
            done = "made {} as it was" if was and gone else "put {} back" if was else "took {} out"
            yield pieces, done.format(shown), _other_names(was, gone)


def _other_names(was: Sequence[ast.AST], now: Sequence[ast.AST]) -> frozenset[str]:
    """The names and attributes that are in one of the two, and not in the other."""
    before, after = (
        {getattr(node, "id", getattr(node, "attr", "")) for one in pieces for node in ast.walk(one)}
        for pieces in (was, now)
    )
    return frozenset(before ^ after)


def _set_by(piece: ast.AST) -> str:
    """What a statement sets, as it is written; nothing if it sets nothing."""
    return ", ".join(map(ast.unparse, piece.targets)) if isinstance(piece, ast.Assign) else ""


def _shown(piece: ast.AST) -> str:
    text = ast.unparse(piece).removeprefix(HOLE)
    return shorten(text, SHOWN, placeholder=" …")
