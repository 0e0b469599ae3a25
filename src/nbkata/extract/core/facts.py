"""What one statement of a notebook reads and writes: names, and columns of frames."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from nbkata.dataflow.core.frames import INDEXERS, FrameNames, frame_names, root
from nbkata.dataflow.core.modules import bound_names
from nbkata.purity.core import effects
from nbkata.purity.core.findings import Cause, Finding

# A frame's name and a column's.
Column = tuple[str, str]


class Role(Enum):
    """What a statement is for."""

    IMPORT = "imports"
    DEFINE = "defines"
    SETUP = "settings"
    READ = "reads"
    SHOW = "shows"
    SAVE = "saves"
    MODEL = "model"
    COMPUTE = "computes"


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement."""

    index: int  # over all statements of the notebook
    cell: int
    first: int
    last: int  # its lines in the text of all cells
    role: Role
    node: ast.stmt
    reads: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    edits: frozenset[str] = frozenset()  # names whose object it changes in place
    columns_read: frozenset[Column] = frozenset()
    columns_written: frozenset[Column] = frozenset()
    columns_dropped: frozenset[Column] = frozenset()
    whole: frozenset[str] = frozenset()  # frames that it uses as a whole
    # ``df = df.drop(…)``: the new frame and the one it is made from.
    derives: tuple[str, str] | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether what it writes was there before in part: ``df.loc[mask, …] = …``."""
        return any(
            isinstance(node, ast.Attribute) and node.attr in INDEXERS
            for target in _targets(self.node)
            for node in ast.walk(target)
        )


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


_SHOWING = {Cause.OUTPUT, Cause.DRAWS}
_MODEL_METHODS = frozenset(
    """fit fit_transform fit_predict predict predict_proba transform score cross_val_score
    evaluate""".split()
)
_MODEL_FUNCTIONS = (
    "train_test_split cross_val_score cross_validate accuracy_score f1_score roc_auc_score "
    "mean_squared_error mean_absolute_error r2_score precision_score recall_score log_loss "
    "confusion_matrix classification_report cross_val_predict"
).split()
_COLUMN_KEYWORDS = frozenset("by on left_on right_on subset columns column labels x y hue".split())
_COLUMN_METHODS = frozenset("groupby sort_values drop_duplicates set_index pivot nlargest".split())


def statement_facts(
    statements: Sequence[tuple[ast.stmt, tuple[Finding, ...]]], cells: Sequence[int]
) -> tuple[Fact, ...]:
    """A fact for each statement; ``cells`` says in which cell each stands."""
    whole = ast.Module([node for node, _ in statements], [])
    frames = Frames(frame_names(whole, series=False))
    facts: list[Fact] = []
    for index, ((node, findings), cell) in enumerate(zip(statements, cells, strict=True)):
        last_in_cell = index + 1 == len(cells) or cells[index + 1] != cell
        frames = with_frames(frames, node)
        facts.append(_fact(index, cell, node, findings, frames, last_in_cell))
    return tuple(facts)


def _fact(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    index: int,
    cell: int,
    node: ast.stmt,
    findings: tuple[Finding, ...],
    frames: Frames,
    last_in_cell: bool,
) -> Fact:
    binds = frozenset(bound_names([node]))
    loaded = frozenset(_free_names(node))
    fact = Fact(
        index=index,
        cell=cell,
        first=_first_line(node),
        last=node.end_lineno or node.lineno,
        role=_role(node, findings, last_in_cell),
        node=node,
        reads=loaded,
        binds=binds,
        edits=frozenset(_edited(node, frames)) - (binds - loaded),
        findings=findings,
    )
    return _with_columns(fact, frames)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _free_names(node: ast.AST) -> Iterator[str]:
    """Names that are looked up, those of comprehensions and lambdas left out."""
    inner: set[str] = set()
    for child in ast.walk(node):
        if isinstance(child, ast.comprehension | ast.For):
            inner = inner | {
                name.id for name in ast.walk(child.target) if isinstance(name, ast.Name)
            }
        elif isinstance(child, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef):
            inner = inner | {
                argument.arg for argument in ast.walk(child.args) if isinstance(argument, ast.arg)
            }
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        inner = inner | set(bound_names(node.body))
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and child.id not in inner:
            if isinstance(child.ctx, ast.Load) or isinstance(node, ast.AugAssign):
                yield child.id
        elif isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            if child.func.attr in ("query", "eval"):  # pandas looks up @name there
                yield from re.findall(r"@(\w+)", " ".join(map(str, _constants(child.args))))


def _constants(nodes: Sequence[ast.expr]) -> Iterator[object]:
    for node in nodes:
        if isinstance(node, ast.Constant):
            yield node.value


def _role(node: ast.stmt, findings: Sequence[Finding], last_in_cell: bool) -> Role:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return Role.IMPORT
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return Role.DEFINE
    causes = {finding.cause for finding in findings}
    if any(_is_result(finding) for finding in findings):
        return Role.SAVE
    if Cause.WRITES in causes:
        return Role.SHOW  # a picture, or the folder for it
    if causes & {Cause.READS, Cause.NETWORK}:
        return Role.READ
    if isinstance(node, ast.Expr):
        return _expression_role(node.value, causes, last_in_cell)
    if Cause.SETTINGS in causes:
        return Role.SETUP
    if _is_model(node):
        return Role.MODEL
    if causes & _SHOWING and not any(True for _ in bound_names([node])):
        return Role.SHOW
    return Role.SHOW if Cause.DRAWS in causes else Role.COMPUTE


def _is_result(finding: Finding) -> bool:
    """Whether a file with data or a model is written."""
    pictures = ("savefig(", "makedirs(", "mkdir(")
    return finding.cause is Cause.WRITES and not any(sign in finding.message for sign in pictures)


def _expression_role(node: ast.expr, causes: set[Cause], last_in_cell: bool) -> Role:
    """A bare expression shows something, unless it changes something."""
    if causes & _SHOWING:
        return Role.SHOW
    if _is_edit(node):
        return Role.MODEL if _is_model(node) else Role.COMPUTE
    if causes & {Cause.SETTINGS, Cause.RANDOM} and not last_in_cell:
        return Role.SETUP
    if Cause.SETTINGS in causes or "seed" in ast.dump(node)[:200]:
        return Role.SETUP
    return Role.SHOW


def _is_edit(node: ast.expr) -> bool:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            if any(_is_true(keyword, "inplace") for keyword in call.keywords):
                return True
            if call is node and call.func.attr in effects.MUTATORS | {"add"}:
                return True
    return False


def _is_true(keyword: ast.keyword, name: str) -> bool:
    value = keyword.value
    return keyword.arg == name and isinstance(value, ast.Constant) and value.value is True


def _is_model(node: ast.AST) -> bool:
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr in _MODEL_METHODS:
                if call.func.attr != "transform" or not _is_column_work(call):
                    return True
            if isinstance(call.func, ast.Name) and call.func.id in _MODEL_FUNCTIONS:
                return True
    return False


def _is_column_work(call: ast.Call) -> bool:
    """``df.groupby(…)['Age'].transform('mean')`` is no model's transform."""
    inner = call.func.value if isinstance(call.func, ast.Attribute) else call
    return any(
        isinstance(node, ast.Attribute) and node.attr == "groupby" for node in ast.walk(inner)
    )


def with_frames(frames: Frames, node: ast.stmt) -> Frames:
    """What is known of the names after this statement."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            members = _listed_names(value)
            if members and set(members) <= frames.known.names:
                return replace(frames, members={**frames.members, name: members})
            texts = tuple(_texts(value, frames))
            return replace(frames, texts={**frames.texts, name: texts})
        case ast.For(target=target, iter=iterated):
            return _with_loop(frames, target, iterated, node)
        case ast.If() | ast.While() | ast.With() | ast.Try():
            for inner in _inner_statements(node):
                frames = with_frames(frames, inner)
    return frames


def _inner_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """Those of all branches."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler):
            yield from child.body


def _with_loop(frames: Frames, target: ast.expr, iterated: ast.expr, node: ast.For) -> Frames:
    members = _listed_names(iterated) or frames.members.get(_name(iterated), ())
    if isinstance(target, ast.Name) and members and set(members) <= frames.known.names:
        frames = replace(frames, members={**frames.members, target.id: tuple(members)})
    elif isinstance(target, ast.Name):
        texts = tuple(_texts(iterated, frames))
        frames = replace(frames, texts={**frames.texts, target.id: texts})
    if isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Attribute):
        owner = _name(iterated.func.value)
        if iterated.func.attr == "iterrows" and owner and isinstance(target, ast.Tuple):
            row = _name(target.elts[-1])
            frames = replace(frames, rows={**frames.rows, row: owner})
    for inner in node.body:
        frames = with_frames(frames, inner)
    return frames


def _listed_names(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.List | ast.Tuple) and node.elts:
        names = [_name(item) for item in node.elts]
        return tuple(names) if all(names) else ()
    return ()


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _edited(node: ast.stmt, frames: Frames) -> Iterator[str]:
    """Names of objects that the statement changes in place."""
    for target in _targets(node):
        if not isinstance(target, ast.Name | ast.Tuple | ast.List):
            yield from _owners(root(target), frames)
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            edits = call.func.attr in effects.MUTATORS and call.func.attr not in ("update",)
            in_place = any(_is_true(keyword, "inplace") for keyword in call.keywords)
            if edits or in_place:
                yield from _owners(root(call.func.value), frames)


def _owners(name: str, frames: Frames) -> tuple[str, ...]:
    """The frames behind a loop's name."""
    if name in frames.members:
        return frames.members[name]
    return (name,) if name else ()


def _targets(node: ast.stmt) -> Iterator[ast.expr]:
    """Everything that the statement, or one inside it, assigns to or deletes."""
    for child in ast.walk(node):
        if isinstance(child, ast.Assign | ast.Delete):
            yield from child.targets
        elif isinstance(child, ast.AugAssign | ast.AnnAssign):
            yield child.target


def _with_columns(fact: Fact, frames: Frames) -> Fact:
    read = frozenset(_columns_read(fact.node, frames))
    written = frozenset(_columns_written(fact.node, frames))
    dropped = frozenset(_columns_dropped(fact.node, frames))
    derives = _derivation(fact.node, frames)
    return replace(
        fact,
        columns_read=read - dropped,
        columns_written=written,
        columns_dropped=dropped,
        whole=frozenset(_whole_frames(fact.node, frames, derives)),
        derives=derives,
    )


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
    whole = frames.known.gives(node) or _is_grouped(node)
    return (owner,) if owner in frames.known.names and whole else ()


def _is_grouped(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr == "groupby")
    )


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
    stored = {id(target) for target in _targets(node)}
    augmented = {id(child.target) for child in ast.walk(node) if isinstance(child, ast.AugAssign)}
    rows = _row_lambdas(node, frames)
    for child in ast.walk(node):
        if isinstance(child, ast.Subscript):
            if id(child) in stored and id(child) not in augmented:
                continue
            owners = _frame_of(child.value, frames) or rows.get(_name(child.value), ())
            key = child.slice
            if isinstance(child.value, ast.Attribute) and child.value.attr in INDEXERS:
                key = key.elts[-1] if isinstance(key, ast.Tuple) else key
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


def _columns_written(node: ast.stmt, frames: Frames) -> Iterator[Column]:
    for target in _targets(node):
        if isinstance(target, ast.Subscript) and not isinstance(node, ast.Delete):
            yield from _stored_column(target, frames)
        elif isinstance(target, ast.Attribute) and _name(target.value) in frames.known.names:
            if target.attr not in ("columns", "index", "attrs"):
                yield _name(target.value), target.attr
    derived = _derivation(node, frames)
    for call in ast.walk(node):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        owners = [derived[0]] if derived else _frame_of(call.func.value, frames)
        if call.func.attr == "assign" and owners:
            yield from ((owner, k.arg) for k in call.keywords if k.arg for owner in owners)
        elif call.func.attr == "insert" and len(call.args) > 1:
            yield from ((owner, text) for text in _texts(call.args[1], frames) for owner in owners)
        elif any(_is_true(keyword, "inplace") for keyword in call.keywords):
            inner = call.func.value
            if isinstance(inner, ast.Subscript):
                yield from _stored_column(inner, frames)


def _stored_column(target: ast.Subscript, frames: Frames) -> Iterator[Column]:
    """The column that ``df['x'] = …``, ``df.loc[m, 'x'] = …`` or ``df['x'][m] = …`` means."""
    inner = target.value
    if isinstance(inner, ast.Attribute) and inner.attr in INDEXERS:
        slices = target.slice.elts if isinstance(target.slice, ast.Tuple) else []
        key = slices[-1] if slices else target.slice
        if isinstance(inner.value, ast.Subscript):
            yield from _stored_column(inner.value, frames)
            return
        owners = _frame_of(inner.value, frames)
        yield from ((owner, text) for text in _texts(key, frames) for owner in owners)
    elif isinstance(inner, ast.Subscript):
        yield from _stored_column(inner, frames)
    else:
        owners = _frame_of(inner, frames)
        yield from ((owner, text) for text in _texts(target.slice, frames) for owner in owners)


def _columns_dropped(node: ast.stmt, frames: Frames) -> Iterator[Column]:
    for child in ast.walk(node):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            owners = _frame_of(child.func.value, frames) or _owners(root(child.func.value), frames)
            if child.func.attr == "drop" and _drops_columns(child):
                named = [k.value for k in child.keywords if k.arg in ("columns", "labels")]
                for value in [*child.args[:1], *named]:
                    yield from ((owner, text) for text in _texts(value, frames) for owner in owners)
            elif child.func.attr == "pop" and child.args:
                yield from ((o, text) for text in _texts(child.args[0], frames) for o in owners)
        elif isinstance(child, ast.Delete):
            for target in child.targets:
                if isinstance(target, ast.Subscript):
                    owners = _frame_of(target.value, frames)
                    yield from ((o, text) for text in _texts(target.slice, frames) for o in owners)


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
