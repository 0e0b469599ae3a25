"""What one statement of a notebook reads and writes: names, and columns of frames."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from nbkata.dataflow.core.columns import (
    Column,
    Frames,
    columns_of,
    is_in_place,
    frames_behind,
    assigned,
    with_frames,
)
from nbkata.dataflow.core.frames import INDEXERS, frame_names, root
from nbkata.dataflow.core.modules import bound_names
from nbkata.purity.core import effects
from nbkata.purity.core.findings import Cause, Finding


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
            for target in assigned(self.node)
            for node in ast.walk(target)
        )

    def changes(self, frame: str) -> bool:
        """Whether it gets the frame and gives it back changed: not one that makes it, nor one that only reads it."""
        return frame in self.edits or frame in self.binds & self.reads


def columns_of_all(own: Sequence[Fact], of: Callable[[Fact], Iterable[Column]]) -> tuple[str, ...]:
    """The names of their columns of one sort, such as those written, each once, in the order of the facts."""
    return tuple(dict.fromkeys(column for fact in own for _, column in sorted(of(fact))))


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


def statement_facts(
    statements: Sequence[tuple[ast.stmt, tuple[Finding, ...]]], cells: Sequence[int]
) -> tuple[Fact, ...]:
    """A fact for each statement; ``cells`` says in which cell each is."""
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
    loaded = frozenset(_free_names(node)) - _made_anew(node)
    columns = columns_of(node, frames)
    return Fact(
        index=index,
        cell=cell,
        first=_first_line(node),
        last=node.end_lineno or node.lineno,
        role=_role(node, findings, last_in_cell),
        node=node,
        reads=loaded,
        binds=binds,
        edits=frozenset(_edited(node, frames)) - (binds - loaded),
        columns_read=columns.read,
        columns_written=columns.written,
        columns_dropped=columns.dropped,
        whole=columns.whole,
        derives=columns.derives,
        findings=findings,
    )


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _edited(node: ast.stmt, frames: Frames) -> Iterator[str]:
    """Names of objects that the statement changes in place."""
    for target in assigned(node):
        if not isinstance(target, ast.Name | ast.Tuple | ast.List):
            yield from frames_behind(root(target), frames)
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            edits = call.func.attr in effects.MUTATORS and call.func.attr not in ("update",)
            in_place = is_in_place(call)
            if edits or in_place:
                yield from frames_behind(root(call.func.value), frames)


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
    yield from read_before_bound(node) - inner
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and child.id not in inner:
            if isinstance(child.ctx, ast.Load):
                yield child.id
        elif isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            if child.func.attr in ("query", "eval"):  # pandas looks up @name there
                yield from re.findall(r"@(\w+)", " ".join(map(str, _constants(child.args))))


def read_before_bound(node: ast.AST) -> set[str]:
    """Names that a statement looks up before it binds them itself, as it is carried out."""
    needs: dict[str, bool] = {}
    for child in _in_order(node):
        if isinstance(child, ast.AugAssign) and isinstance(child.target, ast.Name):
            needs.setdefault(child.target.id, True)
        elif isinstance(child, ast.Name):
            needs.setdefault(child.id, isinstance(child.ctx, ast.Load))
    return {name for name, is_needed in needs.items() if is_needed}


def _made_anew(node: ast.stmt) -> set[str]:
    """Names that each turn of a loop binds, come what may, before it looks them up."""
    made: set[str] = set()
    if not isinstance(node, ast.For):
        return made
    before = _names_in([node.iter])
    for inner in node.body:
        if isinstance(inner, ast.Assign | ast.AnnAssign):
            made |= set(bound_names([inner])) - before - read_before_bound(inner)
        before |= _names_in([inner])
    return made - _names_in(node.orelse)


def _names_in(nodes: Iterable[ast.AST]) -> set[str]:
    return {one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name)}


# Where the order of the fields is not the one in which they are carried out.
_LAST_BOUND = (ast.Assign, ast.AnnAssign, ast.NamedExpr)
_FIRST_ITERATED = (ast.For, ast.AsyncFor)


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    children = list(ast.iter_child_nodes(node))
    if isinstance(node, _LAST_BOUND) and node.value is not None:
        children = [node.value, *(child for child in children if child is not node.value)]
    elif isinstance(node, _FIRST_ITERATED):
        children = [node.iter, *(child for child in children if child is not node.iter)]
    for child in children:
        yield from _in_order(child)


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
            if is_in_place(call):
                return True
            if call is node and call.func.attr in effects.MUTATORS | {"add"}:
                return True
    return False


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
