"""How the code is cut: runs of low-level work, no functions, long cells, empty ones, no title."""

import re
from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Edit, Flow
from nbkata.smells.core.source import title_of
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, blocks_of, method, walk
from nbkata.smells.core.view import Step, View

# Lines of code that a notebook may have before it should have a function.
_ENOUGH_TO_CUT = 40


def exposed_internals(view: View) -> Iterator[Spot]:
    """A run of low-level work on frames, outside any function.

    Three statements in a row, two where one fills rows by a mask, or a loop over rows that
    collects or stores.
    """
    edits = view.once(Flow).edits
    by_node = {id(edit.step.node): edit for edit in edits if not _is_extracted(view, edit)}
    for run in _runs_of_edits(view, by_node):
        first, last = run[0].node, run[-1].node
        written = _columns([by_node[id(s.node)] for s in run if id(s.node) in by_node])
        if _is_enough(run, by_node):
            goal = f"how {written} come about" if written else "what this gives"
            message = (
                f"{_count(run)} of low-level work on a frame, in the open: whoever reads "
                f"this must work out {goal}. Extract a function that is named after its result."
            )
            yield view.spot(Smell.EXPOSED_INTERNALS, first, message, last)


def _is_extracted(view: View, edit: Edit) -> bool:
    """``df['a'] = title_of(df)``: a function of the notebook's own does the work already."""
    value = getattr(edit.step.node, "value", None)
    called = value.func if isinstance(value, nodes.Call) else None
    own = view.writes.get(called.name, []) if isinstance(called, nodes.Name) else []
    return any(isinstance(place, nodes.FunctionDef) for place in own)


def _runs_of_edits(view: View, by_node: dict[int, Edit]) -> Iterator[list[Step]]:
    """Neighbours in one block; a loop or condition counts with what is inside."""
    for steps in view.steps_by_block.values():
        run: list[Step] = []
        inside: Node | None = None
        for step in steps:
            if step.depth > 0 and inside is not None:
                continue
            inside = step.node if blocks_of(step.node) else None
            if _works_on_frame(step.node, by_node) or (run and _is_rebound(step, by_node)):
                run.append(step)
            elif run:
                yield run
                run = []
        if run:
            yield run


def _works_on_frame(node: Node, by_node: dict[int, Edit]) -> bool:
    if id(node) in by_node:
        return by_node[id(node)].how != "rebind"
    if isinstance(node, (nodes.For, nodes.AsyncFor)):
        return _over_rows(node) or any(id(part) in by_node for part in _inner(node))
    if isinstance(node, (nodes.If, nodes.With)):
        return any(id(part) in by_node for part in _inner(node))
    return False


def _is_rebound(step: Step, by_node: dict[int, Edit]) -> bool:
    """``df = df.sort_values('a')`` amid edits of columns is one of them."""
    return id(step.node) in by_node and by_node[id(step.node)].how == "rebind"


def _over_rows(loop: Node) -> bool:
    on = loop.iter
    return isinstance(on, nodes.Call) and method(on) in {"iterrows", "itertuples"}


def _inner(node: Node) -> Iterator[Node]:
    return (part for part in walk(node, into_functions=False) if part is not node)


def _is_enough(run: list[Step], by_node: dict[int, Edit]) -> bool:
    weight = 0
    for step in run:
        loops = isinstance(step.node, (nodes.For, nodes.AsyncFor))
        edits = [by_node[id(p)] for p in [step.node, *_inner(step.node)] if id(p) in by_node]
        masked = any(edit.how == "masked" for edit in edits)
        rows = loops and (masked or len(edits) > 1 or not edits)
        weight += 3 if rows else max(1, len(edits)) + masked * (len(run) > 1)
    return weight >= 3


def _count(run: list[Step]) -> str:
    if len(run) == 1:
        return "a loop" if isinstance(run[0].node, nodes.For) else "a block"
    return f"{len(run)} statements"


def _columns(edits: list[Edit]) -> str:
    names = list(dict.fromkeys(edit.column for edit in edits if edit.column))
    if len(names) < 2:
        return ""
    return f"{', '.join(names[:3])}{' and more' if len(names) > 3 else ''}"


def no_functions(view: View) -> Iterator[Spot]:
    """Much code and not one function or class."""
    if any(view.all(nodes.FunctionDef, nodes.AsyncFunctionDef, nodes.ClassDef)):
        return
    texts = [block.python.text for block in view.blocks] if view.has_cells else []
    lines = [line for text in texts for line in text.split("\n") if _is_code(line)]
    if not view.has_cells:  # much of a module may be one long text
        lines = list({step.node.lineno: "" for step in view.steps})
    if len(lines) < _ENOUGH_TO_CUT or not view.steps:
        return
    first = next((block for block in view.blocks if block.source.strip()), view.blocks[0])
    message = (
        f"{len(lines)} lines of code and not one function: nothing here can be tested or used "
        "again by itself. Extract the first one where a cell has a clear result."
    )
    yield Spot(Smell.NO_FUNCTIONS, first.first, message)


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(("#", "import ", "from "))


def long_cell(view: View) -> Iterator[Spot]:
    """More lines of code outside functions in one cell than the settings allow."""
    for position, block in enumerate(view.blocks if view.has_cells else ()):
        lines = {
            number
            for number, line in enumerate(block.python.text.split("\n"), start=block.first)
            if line.strip() and not line.lstrip().startswith("#")
        }
        for step in view.steps_by_block.get(position, []):
            if isinstance(step.node, (*_DEFINITIONS, nodes.Import, nodes.ImportFrom)):
                lines -= set(range(step.node.fromlineno, (step.node.end_lineno or 0) + 1))
        if len(lines) > view.settings.max_cell_lines:
            message = (
                f"{len(lines)} lines of code in one cell: it does several things, and none of "
                "them can be run or tested alone. Cut it where its subject changes."
            )
            yield Spot(Smell.LONG_CELL, block.first, message)


_DEFINITIONS = (nodes.FunctionDef, nodes.AsyncFunctionDef, nodes.ClassDef)


def untitled_notebook(view: View) -> Iterator[Spot]:
    """A file still called Untitled, or no heading at the start that says what it is about."""
    notebook = view.source.notebook
    if notebook is None or not view.steps:
        return
    name = re.split(r"[/\\]", view.source.path)[-1]
    if re.match(r"(copy[ -_]of[ -_])?untitled\d*\b", name, re.IGNORECASE):
        what = f"{name} does not say what it is about"
    elif not title_of(notebook):
        what = "no heading at the start says what this notebook is about"
    else:
        return
    message = f"{what}: nobody finds it again. Begin with a title, and name the file after it."
    yield Spot(Smell.UNTITLED_NOTEBOOK, 1, message, cell=0)


def empty_cell(view: View) -> Iterator[Spot]:
    """A code cell without anything in it but our own annotation."""
    if not view.is_notebook:
        return
    for block in view.blocks:
        if not re.sub(r"^\s*# \[code smell\].*$", "", block.source, flags=re.MULTILINE).strip():
            message = "the cell is empty: a reader stops here for nothing. Delete it."
            yield Spot(Smell.EMPTY_CELL, block.first, message)
