"""Code that nothing needs: names never read, results overwritten unread, columns dropped unread."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.dead_columns import unread_columns
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import bindings, reads_name
from nbkata.smells.core.mentions import is_needed_elsewhere
from nbkata.smells.core.noise import is_plot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, acts, in_function, method, root, walk
from nbkata.smells.core.view import Step, View

_TRANSFORMS = frozenset({"fit_transform", "transform", "predict", "predict_proba"})


def dead_code(view: View) -> Iterator[Spot]:
    """What is computed and never used: one finding for each line."""
    spots = [*_never_read(view), *_overwritten(view), *_unread_in_functions(view)]
    spots += [*_never_called(view), *_split_unused(view)]
    spots += [_dead(view, node, what) for node, what in unread_columns(view)]
    by_line: dict[int, Spot] = {}
    for spot in sorted(spots, key=lambda spot: spot.line):
        by_line.setdefault(spot.line, spot)
    yield from by_line.values()


def _never_read(view: View) -> Iterator[Spot]:
    for step in view.steps:
        node = step.node
        if not isinstance(node, (nodes.Assign, nodes.AnnAssign)) or _is_kept_alive(view, node):
            continue
        names = _all_names(node)
        exported = any(name.startswith("_") or _is_exported(view, name) for name in names)
        if not names or exported or any(is_needed_elsewhere(view, name) for name in names):
            continue
        what = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"
        if not view.once(_read_for_more_than_itself).intersection(names):
            if acts(node.value) or is_plot(view, node):
                yield _unread_name(view, node, f"{what} never read")
            else:
                yield _dead(view, node, f"{what} computed and never read")
        elif len(names) == 1 and method(node.value) in _TRANSFORMS:
            if not is_plot(view, node) and names[0] not in view.once(_used_names):
                yield _dead(view, node, f"{what} computed, looked at, and never used")


def _all_names(node: Node) -> list[str]:
    """The names that an assignment binds, also in nested tuples; none if it stores elsewhere."""
    todo = list(getattr(node, "targets", None) or [node.target])
    names = []
    while todo:
        target = todo.pop(0)
        if isinstance(target, (nodes.Tuple, nodes.List, nodes.Starred)):
            todo = list(target.get_children()) + todo
        elif isinstance(target, nodes.AssignName) and node.value is not None:
            names.append(target.name)
        else:
            return []
    return names


def _is_kept_alive(view: View, node: Node) -> bool:
    """``fig = plt.figure()``: by habit; ``ani = FuncAnimation(…)``: it stops without a name.

    What is only timed is computed for its time.
    """
    made = method(node.value)
    if node.lineno in view.once(_timed):
        return True
    if made in _FIGURES or re.search(r"Animation$|connect$", made):
        return True
    plots = made.startswith("plot") or is_plot(view, node)
    return plots and all(_OF_FIGURES.fullmatch(name) for name in _all_names(node))


_FIGURES = frozenset("figure subplots subplot add_subplot axes gca gcf subplot_mosaic".split())
_OF_FIGURES = re.compile(r"(f|g|fig|figure|ax|axs|axes?|chart|_)\d*")


def _timed(view: View) -> set[int]:
    """The lines that ``%timeit`` and its like measure."""
    found: set[int] = set()
    for block in view.blocks:
        for line, magic in block.python.magics:
            if re.match(r"%*(time|timeit|prun|lprun|memit|mprun)\b", magic):
                last = block.last if magic.startswith("%%") else block.first + line - 1
                found |= set(range(block.first + line - 1, last + 1))
    return found


def _unread_name(view: View, node: Node, what: str) -> Spot:
    message = f"{what}: the call is what counts here. Leave the name out."
    return view.spot(Smell.DEAD_CODE, node, message)


def _unread_in_functions(view: View) -> Iterator[Spot]:
    """Names of a function's own that it never reads."""
    for function in view.all(nodes.FunctionDef, nodes.AsyncFunctionDef) if view.has_cells else ():
        parts = list(walk(function))
        names = (nodes.Name, nodes.DelName)
        read = {part.name for part in parts if isinstance(part, names) and not _is_own(part)}
        for part in parts:
            if isinstance(part, (nodes.Global, nodes.Nonlocal)):
                read.update(part.names)
        for node in parts:
            if not isinstance(node, nodes.Assign) or in_function(node) is not function:
                continue
            unread = _all_names(node)
            if unread and not read.intersection(unread) and not unread[0].startswith("_"):
                if not _is_kept_alive(view, node) and not isinstance(node.scope(), nodes.ClassDef):
                    what = f"{' and '.join(unread)} {'is' if len(unread) == 1 else 'are'}"
                    if acts(node.value) or is_plot(view, node):
                        yield _unread_name(view, node, f"{what} never read")
                    else:
                        yield _dead(view, node, f"{what} computed and never read")


def _is_own(node: nodes.Name) -> bool:
    """``total = total + 1`` and ``total += 1`` in a function."""
    statement = node.statement()
    target = (
        getattr(statement, "target", None) or (getattr(statement, "targets", None) or [None])[0]
    )
    alone = isinstance(statement, (nodes.Assign, nodes.AugAssign))
    return alone and getattr(target, "name", "") == node.name


def _read_for_more_than_itself(view: View) -> set[str]:
    """Names read somewhere, other than to give themselves a new value."""
    made = view.once(_made_here)
    return {
        name
        for name, found in view.free_reads.items()
        for node in found
        if not _is_own_update(node, name) and not (name in made and _is_filled(node))
    }


def _made_here(view: View) -> set[str]:
    """Names that nobody else has the value of: whatever is put into it, is put nowhere else."""
    made: dict[str, bool] = {}
    for step in view.steps:
        for name, value in bindings(step.node):
            made[name] = made.get(name, True) and is_new(value)
    return {name for name, new in made.items() if new}


def is_new(value: Node) -> bool:
    """A literal, an empty array, a copy, or the rows that a condition selects."""
    if isinstance(value, nodes.Subscript):
        return isinstance(value.slice, (nodes.Compare, nodes.BinOp))
    literals = (nodes.List, nodes.Dict, nodes.Set, nodes.ListComp, nodes.DictComp)
    return isinstance(value, literals) or method(value) in _MAKES


_MAKES = frozenset(
    "zeros ones empty full zeros_like ones_like empty_like copy DataFrame dict list set".split()
)


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
        name
        for name, found in view.free_reads.items()
        for node in found
        if not _is_own_update(node, name) and not _is_only_shown(node)
    }


def _overwritten(view: View) -> Iterator[Spot]:
    """The same name bound again at the same depth with no read between."""
    if not view.has_cells:
        return
    last: dict[str, Step] = {}
    free = view.free_reads.items()
    reads = {name: sorted(node.lineno for node in found) for name, found in free}
    in_functions = {name for name, found in free if any(map(in_function, found))}
    for step in view.steps:
        for name, value in bindings(step.node):
            before = last.get(name)
            if step.depth > 0:
                last.pop(name, None)
                continue
            if before is not None and name not in in_functions and not _is_setting(before):
                end = step.node.end_lineno if reads_name(value, name) else step.node.lineno - 1
                start = before.node.end_lineno
                lines = reads.get(name, [])
                if bisect_right(lines, start) == bisect_right(lines, end):
                    what = f"{name} is overwritten before anything reads it"
                    yield _overwritten_name(view, before.node, what)
            last.pop(name, None)
            simple = isinstance(step.node, nodes.Assign) and len(step.node.targets) == 1
            simple = simple and isinstance(step.node.targets[0], nodes.AssignName)
            if simple and not _is_kept_alive(view, step.node):
                if not isinstance(value, (nodes.List, nodes.Dict)):
                    last[name] = step
        for node in walk(step.node, into_functions=False) if step.depth == 0 else ():
            if isinstance(node, nodes.DelName):
                last.pop(node.name, None)
    for name, step in last.items():
        lines = reads.get(name, [])
        read_before = bool(lines) and lines[-1] <= (step.node.end_lineno or 0)
        if read_before and name not in in_functions and not is_needed_elsewhere(view, name):
            what = f"{name} is computed once more, and nothing reads it from here on"
            yield _overwritten_name(view, step.node, what)


def _overwritten_name(view: View, node: Node, what: str) -> Spot:
    acting = acts(node.value) or is_plot(view, node)
    return _unread_name(view, node, what) if acting else _dead(view, node, what)


def _is_setting(step: Step) -> bool:
    """``limit = 3``: another value may be tried."""
    return isinstance(step.node.value, nodes.Const)


def _never_called(view: View) -> Iterator[Spot]:
    if not view.has_cells:
        return
    for step in view.steps:
        node = step.node
        if isinstance(node, (nodes.FunctionDef, nodes.ClassDef)) and not node.decorators:
            elsewhere = [n for n in view.reads.get(node.name, ()) if not node.parent_of(n)]
            attribute = view.is_notebook and is_needed_elsewhere(view, node.name)
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
            if not any(is_needed_elsewhere(view, name) for name in aside):
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
