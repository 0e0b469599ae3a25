"""Code that nothing needs: names never read, results overwritten unread, columns dropped unread."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from astroid import nodes

from nbkata.dataflow.core.columns import How
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Flow, bindings, reads_name
from nbkata.smells.core.noise import is_plot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import acts, column, in_function, method, Node, root, text_of, walk
from nbkata.smells.core.view import Step, View

_TRANSFORMS = frozenset({"fit_transform", "transform", "predict", "predict_proba"})


def dead_code(view: View) -> Iterator[Spot]:
    """What is computed and never used: one finding for each line."""
    spots = [*_never_read(view), *_overwritten(view), *_columns_unread(view)]
    spots += [*_never_called(view), *_split_unused(view)]
    by_line: dict[int, Spot] = {}
    for spot in sorted(spots, key=lambda spot: spot.line):
        by_line.setdefault(spot.line, spot)
    yield from by_line.values()


def _never_read(view: View) -> Iterator[Spot]:
    for step in view.steps:
        if is_plot(view, step.node) or not isinstance(step.node, (nodes.Assign, nodes.AnnAssign)):
            continue
        bound = list(bindings(step.node))
        for name, value in bound if len(bound) == 1 else ():
            if name.startswith("_") or _is_exported(view, name):
                continue
            if _is_needed_elsewhere(view, name) or acts(value):
                continue
            if name not in view.once(_read_for_more_than_itself):
                yield _dead(view, step.node, f"{name} is computed and never read")
            elif method(value) in _TRANSFORMS and name not in view.once(_used_names):
                yield _dead(view, step.node, f"{name} is computed, looked at, and never used")


def _read_for_more_than_itself(view: View) -> set[str]:
    """Names read somewhere, other than to give themselves a new value."""
    made = view.once(_made_here)
    return {
        node.name
        for node in view.all(nodes.Name)
        if not _is_own_update(node, node.name) and not (node.name in made and _is_filled(node))
    }


def _made_here(view: View) -> set[str]:
    """Names that nobody else has the value of: whatever is put into it, is put nowhere else."""
    empty: dict[str, bool] = {}
    for step in view.steps:
        for name, value in bindings(step.node):
            made = isinstance(value, (nodes.List, nodes.Dict, nodes.Set, nodes.ListComp))
            empty[name] = empty.get(name, True) and made
    return {name for name, made in empty.items() if made}


def _is_filled(node: nodes.Name) -> bool:
    """``models.append(model)`` and ``models[name] = model`` put into it, and ask nothing of it."""
    around = node.parent
    if isinstance(around, nodes.Subscript) and around.value is node:
        return isinstance(around.parent, nodes.Assign) and around in around.parent.targets
    if not isinstance(around, nodes.Attribute) or around.attrname not in _PUTS:
        return False
    call = around.parent
    return (
        isinstance(call, nodes.Call) and call.func is around and isinstance(call.parent, nodes.Expr)
    )


_PUTS = frozenset("append add extend insert update".split())


def _used_names(view: View) -> set[str]:
    """Names read for more than themselves, and for more than a look."""
    return {
        node.name
        for node in view.all(nodes.Name)
        if not _is_own_update(node, node.name) and not _is_only_shown(node)
    }


def _overwritten(view: View) -> Iterator[Spot]:
    """The same name bound again at the same depth with no read between."""
    if not view.has_cells:
        return
    last: dict[str, Step] = {}
    reads = {name: sorted(node.lineno for node in found) for name, found in view.reads.items()}
    in_functions = {n.name for n in view.all(nodes.Name) if in_function(n) is not None}
    for step in view.steps:
        for name, value in bindings(step.node):
            before = last.get(name)
            if step.depth > 0:
                last.pop(name, None)
                continue
            if before is not None and name not in in_functions:
                end = step.node.end_lineno if reads_name(value, name) else step.node.lineno - 1
                start = before.node.end_lineno
                lines = reads.get(name, [])
                if bisect_right(lines, start) == bisect_right(lines, end):
                    yield _dead(
                        view, before.node, f"{name} is overwritten before anything reads it"
                    )
            last.pop(name, None)
            simple = isinstance(step.node, nodes.Assign) and len(step.node.targets) == 1
            simple = simple and isinstance(step.node.targets[0], nodes.AssignName)
            if simple and not acts(value) and not is_plot(view, step.node):
                if not isinstance(value, (nodes.Const, nodes.List, nodes.Dict)):
                    last[name] = step
        for node in walk(step.node, into_functions=False) if step.depth == 0 else ():
            if isinstance(node, nodes.DelName):
                last.pop(node.name, None)
    for name, step in last.items():
        lines = reads.get(name, [])
        read_before = bool(lines) and lines[-1] <= (step.node.end_lineno or 0)
        if read_before and name not in in_functions and not _is_needed_elsewhere(view, name):
            yield _dead(
                view, step.node, f"{name} is computed once more, and nothing reads it from here on"
            )


def _columns_unread(view: View) -> Iterator[Spot]:
    """A column written, perhaps from itself, and then dropped, with no other mention."""
    flow = view.once(Flow)
    made: dict[str, Node] = {}
    written: dict[str, list[Node]] = defaultdict(list)
    for node in view.all(nodes.Assign, nodes.AugAssign):
        for edit in flow.frame_edits(node):
            if len(edit.columns) == 1:
                written[edit.columns[0]].append(node)
                if edit.how == How.STORE:
                    made.setdefault(edit.columns[0], node)
    if not made:
        return
    dropped: dict[str, list[Node]] = defaultdict(list)
    mentioned: dict[str, int] = defaultdict(int)
    for node in view.all(nodes.Const):
        name = text_of(node)
        if name in made:
            drops = _drops(view, node)
            dropped[name] += drops
            if not drops and not _is_of_own_statement(node, written[name]):
                mentioned[name] += 1
    for node in view.all(nodes.Attribute):
        mentioned[node.attrname] += 1
    for name, node in made.items():
        inside = in_function(node)
        if mentioned[name] or _is_needed_elsewhere(view, name):
            continue
        if any(inside in (None, in_function(drop)) for drop in dropped[name]):
            yield _dead(view, node, f"the column {name} is made, and dropped again unread")


def _never_called(view: View) -> Iterator[Spot]:
    if not view.has_cells:
        return
    for step in view.steps:
        node = step.node
        if isinstance(node, (nodes.FunctionDef, nodes.ClassDef)) and not node.decorators:
            elsewhere = [n for n in view.reads.get(node.name, ()) if not node.parent_of(n)]
            attribute = view.is_notebook and _is_needed_elsewhere(view, node.name)
            if not elsewhere and not attribute and not node.name.startswith("_"):
                yield _dead(view, step.node, f"{node.name} is defined and never called")
        constant = isinstance(node, nodes.If) and isinstance(node.test, nodes.Const)
        if constant and not node.test.value:
            yield _dead(view, step.node, "this never runs: its condition is always false")


def _split_unused(view: View) -> Iterator[Spot]:
    """``train_test_split``, and no later line asks for the rows that were put aside."""
    for step in view.steps:
        node = step.node
        if not isinstance(node, nodes.Assign) or method(node.value) != "train_test_split":
            continue
        names = [name for name, _ in bindings(node)]
        aside = [name for name in names[1::2] if name not in view.reads]
        if aside and len(aside) == len(names[1::2]) and not _is_exported(view, aside[0]):
            if not any(_is_needed_elsewhere(view, name) for name in aside):
                what = f"the rows put aside as {' and '.join(aside)} judge nothing"
                yield _dead(view, step.node, what)


def _dead(view: View, node: Node, what: str) -> Spot:
    message = f"{what}: a reader keeps it in mind for nothing. Delete it."
    return view.spot(Smell.DEAD_CODE, node, message)


def _is_exported(view: View, name: str) -> bool:
    """A module's names may be read by whoever imports it; only a script's are all its own."""
    if view.has_cells:
        return False
    work = (nodes.For, nodes.While, nodes.With)
    calls = [s for s in view.steps if isinstance(s.node, nodes.Expr) and _is_call(s.node)]
    looks_like_script = len(calls) >= 3 or any(isinstance(s.node, work) for s in view.steps)
    return name.isupper() or not looks_like_script


def _is_call(node: nodes.Expr) -> bool:
    return isinstance(node.value, nodes.Call)


def _is_needed_elsewhere(view: View, name: str) -> bool:
    """Whether a magic, a query text, or a cell that could not be read, mentions it."""
    return name in view.once(_words_elsewhere)


def _words_elsewhere(view: View) -> set[str]:
    texts = [text_of(node) or "" for node in _query_texts(view)]
    for block in view.blocks:
        texts += [text for _, text in block.python.magics]
        texts += [block.source] if block.python.problem else []
    return {word for text in texts for word in re.findall(r"\w+", text)}


def _query_texts(view: View) -> list[Node]:
    """Strings that may name variables: ``df.query('@limit')``, ``eval``, ``globals()['x']``."""
    asked = {"query", "eval", "exec", "sqldf", "sql", "execute", "get_ipython", "run_line_magic"}
    found = [p for c in view.calls() if method(c) in asked for p in walk(c) if text_of(p)]
    subscripted = [n.slice for n in view.all(nodes.Subscript) if method(n.value) in _SPACES]
    return found + [node for node in subscripted if text_of(node)]


_SPACES = frozenset({"globals", "locals", "vars"})


def _is_own_update(node: Node, name: str) -> bool:
    """``total = total + 1``, ``x.append(…)`` is no use of it."""
    statement = node.statement()
    if isinstance(statement, nodes.AugAssign):
        return getattr(statement.target, "name", "") == name and in_function(node) is None
    if isinstance(statement, nodes.Assign) and in_function(node) is None:
        targets = [getattr(target, "name", "") for target in statement.targets]
        return targets == [name]
    return False


def _is_only_shown(node: Node) -> bool:
    """``X_scaled[:3]`` alone on a line; in ``print(accuracy(y, guess))`` the guess is used."""
    statement = node.statement()
    shown = isinstance(statement, nodes.Expr) and root(statement.value) == node.name
    return shown and method(statement.value) not in {"fit", "plot"}


def _drops(view: View, node: Node, names_between: int = 2) -> list[Node]:
    """Where what is named here is dropped, at once or by the name of its list; none if it is read."""
    around = node.parent
    while isinstance(around, (nodes.List, nodes.Tuple, nodes.Set, nodes.BinOp, nodes.Keyword)):
        around = around.parent
    if isinstance(around, nodes.Call) and around.func is not node:
        unread = isinstance(around.parent, nodes.Expr) and method(around) == "pop"
        return [around] if unread or method(around) == "drop" else []
    if isinstance(around, nodes.Subscript):
        return [around] if isinstance(around.parent, nodes.Delete) else []
    if isinstance(around, nodes.For):
        names = [getattr(around.target, "name", "")]
    else:
        names = [name for name, _ in bindings(around)]
    reads = [read for name in names for read in view.reads.get(name, ()) if names_between]
    found = [_drops(view, read, names_between - 1) for read in reads]
    return [drop for drops in found for drop in drops] if all(found) else []


def _is_of_own_statement(node: nodes.Const, writing: list[Node]) -> bool:
    """Whether the mention is the column's own writing: its target, or a value from itself."""
    return any(
        one.lineno <= node.lineno <= (one.end_lineno or 0) and _inside_subscript(node)
        for one in writing
    )


def _inside_subscript(node: nodes.Const) -> bool:
    around = node.parent
    if isinstance(around, nodes.Tuple) and around.elts[-1] is node:  # df.loc[rows, "Age"]
        return isinstance(around.parent, nodes.Subscript)
    return isinstance(around, nodes.Subscript) and column(around) == node.value
