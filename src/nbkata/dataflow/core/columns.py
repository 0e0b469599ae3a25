"""Which columns of which frames a statement reads, edits, drops and leaves."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from nbkata.dataflow.core.frames import INDEXERS, FrameNames, root

# A frame's name and a column's.
Column = tuple[str, str]

_COLUMN_KEYWORDS = frozenset("by on left_on right_on subset columns column labels x y hue".split())
_COLUMN_METHODS = frozenset("groupby sort_values drop_duplicates set_index pivot nlargest".split())
# Attributes that are no column: what is written to them still changes the frame.
_AXES = frozenset("columns index name attrs style flags".split())
_NO_COLUMNS = frozenset("values T iloc loc".split())
_EDITS_ALWAYS = frozenset("pop insert update".split())


class How(StrEnum):
    """In which way a statement edits a frame."""

    STORE = "store"  # ``df['a'] = …``
    MASKED = "masked"  # ``df.loc[mask, 'a'] = …``
    CHAINED = "chained"  # ``df['a'][mask] = …``
    INPLACE = "inplace"  # ``df.fillna(0, inplace=True)``
    DELETE = "delete"  # ``del df['a']``
    REBIND = "rebind"  # ``df = df.drop(…)``


@dataclass(frozen=True, slots=True)
class FrameEdit:
    """What a statement does to frames: to several, if it names the variable of a loop over them."""

    frames: tuple[str, ...]
    columns: tuple[str, ...]  # as far as its text names them
    how: How


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a statement is about, as far as its text names them."""

    read: frozenset[Column]
    written: frozenset[Column]
    dropped: frozenset[Column]
    whole: frozenset[str]  # frames that it uses as a whole
    # ``df = df.drop(…)``: the new frame and the one it is made from.
    derives: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Frames:
    """Which names are frames, and which stand for the rows or members of one."""

    known: FrameNames
    # ``row`` in ``for _, row in df.iterrows()``.
    rows: Mapping[str, str] = field(default_factory=dict)
    # ``data`` in ``for data in [train, test]``, and ``both`` in ``both = [train, test]``.
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # ``columns`` in ``columns = ["Age", "Fare"]``, and ``c`` in ``for c in columns``.
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def columns_of(node: ast.stmt, frames: Frames) -> Columns:
    """What a statement, with all inside it, does with columns."""
    dropped = frozenset(_columns_dropped(node, frames))
    derives = _derivation(node, frames)
    return Columns(
        read=frozenset(_columns_read(node, frames)) - dropped,
        written=frozenset(_columns_written(node, frames, derives)),
        dropped=dropped,
        whole=frozenset(_whole_frames(node, frames, derives)),
        derives=derives,
    )


def frame_edits(node: ast.AST, frames: Frames) -> Iterator[FrameEdit]:
    """The edits of a simple statement; of a compound one none, but of those inside it."""
    match node:
        case ast.Assign(targets=targets):
            for target in targets:
                yield from _stores(target, frames)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
            yield from _stores(target, frames)
        case ast.Delete(targets=targets):
            for target in targets:
                if isinstance(target, ast.Subscript):
                    yield from _edit(target, _texts(target.slice, frames), How.DELETE, frames)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr=method)) as call):
            if is_in_place(call):
                key = owner.slice if isinstance(owner, ast.Subscript) else None
                yield from _edit(owner, _texts(key, frames), How.INPLACE, frames)
            elif method in _EDITS_ALWAYS and isinstance(owner, ast.Name):
                yield from _edit(owner, (), How.INPLACE, frames)


def _stores(target: ast.expr, frames: Frames) -> Iterator[FrameEdit]:
    match target:
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for one in targets:
                yield from _stores(one, frames)
        case ast.Attribute(value=ast.Name() as owner, attr=attribute):
            written = () if attribute in _AXES else (attribute,)
            yield from _edit(owner, written, How.STORE, frames)
        case ast.Subscript(value=ast.Attribute(value=owner, attr=attribute), slice=key) if (
            attribute in INDEXERS
        ):
            if isinstance(owner, ast.Subscript):
                yield from _edit(owner, _texts(owner.slice, frames), How.CHAINED, frames)
            else:
                last = key.elts[-1] if isinstance(key, ast.Tuple) and key.elts else None
                yield from _edit(owner, _texts(last, frames), How.MASKED, frames)
        case ast.Subscript(value=ast.Attribute(value=owner, attr=attribute)):
            written = () if attribute in _NO_COLUMNS else (attribute,)
            yield from _edit(owner, written, How.CHAINED, frames)
        case ast.Subscript(value=ast.Subscript() as inner):
            yield from _edit(inner, _texts(inner.slice, frames), How.CHAINED, frames)
        case ast.Subscript(value=ast.Name() as owner, slice=key):
            yield from _edit(owner, _texts(key, frames), How.STORE, frames)


def _edit(node: ast.expr, columns: Iterable[str], how: How, frames: Frames) -> Iterator[FrameEdit]:
    owner = root(node)
    edited = frames_behind(frames.rows.get(owner, owner), frames)
    if edited and (len(edited) > 1 or edited[0] in frames.known.names):
        yield FrameEdit(edited, tuple(columns), how)


def with_frames(frames: Frames, node: ast.AST) -> Frames:
    """What is known of the names after a statement, or a module, with all inside it."""
    for child in ast.walk(node):
        match child:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                frames = _standing_for(frames, name, value, _listed_names(value))
            case ast.For(target=ast.Name(id=name), iter=over):
                members = _listed_names(over) or frames.members.get(_name(over), ())
                frames = _standing_for(frames, name, over, members)
            case ast.For(
                target=ast.Tuple(elts=[*_, ast.Name(id=row)]),
                iter=ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="iterrows")),
            ):
                frames = replace(frames, rows={**frames.rows, row: owner})
    return frames


def _standing_for(frames: Frames, name: str, value: ast.expr, members: tuple[str, ...]) -> Frames:
    """With a name that stands for frames or texts."""
    if members and set(members) <= frames.known.names:
        return replace(frames, members={**frames.members, name: members})
    return replace(frames, texts={**frames.texts, name: tuple(_texts(value, frames))})


def _listed_names(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.List | ast.Tuple) and node.elts:
        names = [_name(item) for item in node.elts]
        return tuple(names) if all(names) else ()
    return ()


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def frames_behind(name: str, frames: Frames) -> tuple[str, ...]:
    """The frames behind a loop's name."""
    if name in frames.members:
        return frames.members[name]
    return (name,) if name else ()


def _derivation(node: ast.stmt, frames: Frames) -> tuple[str, str] | None:
    """``new = old.drop(…)`` and the like: all columns but those dropped live on."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        name, value = _name(node.targets[0]), node.value
        if name and isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            owner = root(value)
            if owner in frames.known.names and frames.known.gives(value):
                return name, owner
    return None


def _frame_of(node: ast.expr, frames: Frames) -> tuple[str, ...]:
    """The frames whose column ``node['x']`` would be."""
    name = _name(node)
    if name in frames.rows:
        return (frames.rows[name],)
    if name in frames.members:
        return frames.members[name]
    if name:
        return (name,) if name in frames.known.names else ()
    owner = root(node)
    called = node.func if isinstance(node, ast.Call) else node
    whole = frames.known.gives(node) or getattr(called, "attr", "") == "groupby"
    return (owner,) if owner in frames.known.names and whole else ()


def _texts(node: ast.AST | None, frames: Frames) -> Iterator[str]:
    """A text, the texts of a list written out, or those that a name stands for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            yield from _texts(item, frames)
    elif isinstance(node, ast.Name):
        yield from frames.texts.get(node.id, ())


def _columns_read(node: ast.stmt, frames: Frames) -> Iterator[Column]:
    augmented = {id(child.target) for child in ast.walk(node) if isinstance(child, ast.AugAssign)}
    rows = _row_lambdas(node, frames)
    for child in ast.walk(node):
        if isinstance(child, ast.Subscript):
            if not isinstance(child.ctx, ast.Load) and id(child) not in augmented:
                continue
            owners = _frame_of(child.value, frames) or rows.get(_name(child.value), ())
            key = child.slice
            if isinstance(child.value, ast.Attribute) and child.value.attr in INDEXERS:
                key = key.elts[-1] if isinstance(key, ast.Tuple) and key.elts else key
            for column in _texts(key, frames):
                yield from ((owner, column) for owner in owners)
        elif isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            yield from _call_columns(child, frames)


def _row_lambdas(node: ast.AST, frames: Frames) -> dict[str, tuple[str, ...]]:
    """``row`` in ``df.apply(lambda row: …, axis=1)``."""
    found: dict[str, tuple[str, ...]] = {}
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            if call.func.attr in ("apply", "assign", "pipe"):
                owners = _frame_of(call.func.value, frames)
                for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
                    if isinstance(value, ast.Lambda) and value.args.args:
                        found = {**found, value.args.args[0].arg: owners}
    return found


def _call_columns(call: ast.Call, frames: Frames) -> Iterator[Column]:
    assert isinstance(call.func, ast.Attribute)
    owners = _frame_of(call.func.value, frames)
    data = next((k.value for k in call.keywords if k.arg in ("data", "left", "right")), None)
    if data is not None:
        owners = _frame_of(data, frames)
    if not owners:
        return
    named: Iterable[ast.expr] = [k.value for k in call.keywords if k.arg in _COLUMN_KEYWORDS]
    if call.func.attr in _COLUMN_METHODS:
        named = [*named, *call.args[:1]]
    for value in named:
        for column in _texts(value, frames):
            yield from ((owner, column) for owner in owners)


def _columns_written(
    node: ast.stmt, frames: Frames, derives: tuple[str, str] | None
) -> Iterator[Column]:
    for child in ast.walk(node):
        for edit in frame_edits(child, frames):
            if edit.how is not How.DELETE:
                yield from ((frame, text) for text in edit.columns for frame in edit.frames)
        if not isinstance(child, ast.Call) or not isinstance(child.func, ast.Attribute):
            continue
        made = (derives[0],) if derives else _frame_of(child.func.value, frames)
        if child.func.attr == "assign":
            yield from ((frame, k.arg) for k in child.keywords if k.arg for frame in made)
        elif child.func.attr == "insert" and len(child.args) > 1:
            yield from ((frame, text) for text in _texts(child.args[1], frames) for frame in made)


def _columns_dropped(node: ast.stmt, frames: Frames) -> Iterator[Column]:
    for child in ast.walk(node):
        for edit in frame_edits(child, frames):
            if edit.how is How.DELETE:
                yield from ((frame, text) for text in edit.columns for frame in edit.frames)
        if not isinstance(child, ast.Call) or not isinstance(child.func, ast.Attribute):
            continue
        if child.func.attr != "pop" and not (child.func.attr == "drop" and _drops_columns(child)):
            continue
        named = [k.value for k in child.keywords if k.arg in ("columns", "labels")]
        owner = child.func.value
        from_ = _frame_of(owner, frames) or frames_behind(root(owner), frames)
        for value in [*child.args[:1], *named]:
            yield from ((frame, text) for text in _texts(value, frames) for frame in from_)


def _drops_columns(call: ast.Call) -> bool:
    if any(keyword.arg == "columns" for keyword in call.keywords):
        return True
    axes = [k.value for k in call.keywords if k.arg == "axis"] + call.args[1:2]
    return any(isinstance(axis, ast.Constant) and axis.value in (1, "columns") for axis in axes)


def _whole_frames(node: ast.stmt, frames: Frames, derives: tuple[str, str] | None) -> Iterator[str]:
    """Frames that are looked at as a whole, not column by column."""
    narrow = {
        id(child.value)
        for child in ast.walk(node)
        if isinstance(child, ast.Subscript | ast.Attribute) and _is_narrow(child, frames)
    }
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load):
            if child.id in frames.known.names and id(child) not in narrow:
                if derives is None or child.id != derives[1]:
                    yield child.id


# Attributes that look at some columns only, or at none.
_NARROW = INDEXERS | frozenset(
    """groupby drop shape columns iterrows insert pop index apply empty dtypes assign sort_values
    rename fillna dropna""".split()
)


def _is_narrow(node: ast.Subscript | ast.Attribute, frames: Frames) -> bool:
    if isinstance(node, ast.Subscript):
        return any(True for _ in _texts(node.slice, frames)) or isinstance(
            node.slice, ast.Compare | ast.BinOp | ast.Call | ast.UnaryOp
        )
    return node.attr in _NARROW


def assigned(node: ast.stmt) -> Iterator[ast.expr]:
    """Everything that the statement, or one inside it, assigns to or deletes."""
    for child in ast.walk(node):
        if isinstance(child, ast.Assign | ast.Delete):
            yield from child.targets
        elif isinstance(child, ast.AugAssign | ast.AnnAssign):
            yield child.target


def is_in_place(call: ast.Call) -> bool:
    """Whether a call is given ``inplace=True``."""
    return any(
        word.arg == "inplace" and isinstance(word.value, ast.Constant) and word.value.value is True
        for word in call.keywords
    )
