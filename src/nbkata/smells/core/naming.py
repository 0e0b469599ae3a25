"""Names and numbers that do not say what they mean."""

import builtins
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from astroid import nodes

from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Edit, Flow, bindings, reads_column, reads_name
from nbkata.smells.core.noise import axes, is_plot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import FUNCTIONS, Node, column, dotted, keyword, method, root, walk
from nbkata.smells.core.view import Step, View

_VAGUE = re.compile(
    r"_*(df|tmp|temp|foo|bar|baz|stuff|thing|blah|asdf|dummy_?df)_?\d*_?"
    r"|_?(data|dataframe|dataset|frame|table|res|result|results|arr|array|lst|dic|val)_?\d+"
    r"|_?(df|data)_?(new|old|copy|final|tmp|temp|clean|cleaned|all|full|orig|original|backup)\d*"
    r"|(new|old|my|final|the|tmp|temp)_?(df|data)\d*|data|work|result"
)
# Told apart by a letter or a number: the reader must look up which is which.
_NUMBERED = re.compile(r"df_[a-zA-Z]|df[A-Z]|(model|clf|classifier|regressor)_?\d+")
# ``rides2`` beside ``rides``; ``rides_1950`` says something.
_AGAIN = re.compile(r"(\w{3,}?)_?\d")
_VAGUE_FRAME = re.compile(r"_?(data|dataframe|dataset|frame)")
_TOLD_BY_NUMBER = re.compile(r"([a-z][a-z_]*?)_?[1-9]")
# Layers, axes and drawings have a number for their place.
_PLACED = re.compile(
    r"(conv|fc|dense|layer|lin|linear|pool|bn|norm|drop|dropout|lstm|gru|block|hidden|max|act|ax|axs|fig|axis"
    r"|axes|plot|chart|subplot|line|bar|h|w|theta|beta|alpha|mu|sig|sigma|log|atan|exp|base|md|r|f|l|p|id|sha|utf)"
)
_FAMILIAR = frozenset({-1, 0, 0.5, 1, 2, 10, 24, 60, 100, 180, 255, 360, 365, 1000, 1024, 3600})
_PERIODS = frozenset("shift tshift rolling diff forecast get_forecast predict".split())
_KINDS_OF_CALL = {"list": "a list", "dict": "a dict", "set": "a set", "str": "a text"}


def vague_name(view: View) -> Iterator[Spot]:
    """``df``, ``df2``, ``tmp``: each cell that makes one afresh."""
    frames = view.once(Flow).frames
    good = view.settings.good_names
    reported: set[tuple[int, str]] = set()
    for step in view.steps:
        if is_plot(view, step.node):
            continue
        for name, value in bindings(step.node):
            if (step.block, name) in reported or reads_name(value, name) or name in good:
                continue
            if _is_vague(view, name, value, frames):
                reported.add((step.block, name))
                advice = (
                    "Name it after what one row is: passengers, orders, readings."
                    if name in frames
                    else "Name it after what it holds."
                )
                message = (
                    f"{name} does not say what is in it, and it is read far from here. {advice}"
                )
                yield view.spot(Smell.VAGUE_NAME, step.node, message)


def _is_vague(view: View, name: str, value: Node, frames: frozenset[str]) -> bool:
    if _VAGUE.fullmatch(name) or _NUMBERED.fullmatch(name):
        return True
    if name in frames and _VAGUE_FRAME.fullmatch(name):
        return True
    again = _AGAIN.fullmatch(name)
    if again and {name, again[1]} <= frames:
        return True
    if name in view.once(_told_by_number):
        return True
    if name == "x" and view.once(_x_is_features):
        return False
    if re.fullmatch("[a-z][1-9]?", name) and name not in "y_":
        empty = isinstance(value, (nodes.List, nodes.Dict)) and not list(value.get_children())
        return empty or _root_frame(value) in frames
    return False


def _told_by_number(view: View) -> set[str]:
    """``prior2`` beside ``prior``, ``draw1`` to ``draw4``: only a number tells them apart.

    A pair that one cell makes is seen together, and ``cubes3 = powers(rides, 3)`` says its number.
    """
    families: dict[str, dict[str, int]] = defaultdict(dict)
    meant = set()
    for step in view.steps:
        for name, value in bindings(step.node):
            number = _TOLD_BY_NUMBER.fullmatch(name)
            stem = number[1] if number else name
            if not _PLACED.fullmatch(stem) and name not in view.once(axes):
                families[stem].setdefault(name, step.block)
            if number and any(getattr(p, "value", None) == int(name[-1]) for p in walk(value)):
                meant.add(name)
    found = set()
    for stem, names in families.items():
        pair = len(names) == 2 and stem not in names and len(set(names.values())) == 1
        if len(names) > (1 if len(stem) > 2 else 3) and not pair:
            found |= set(names) - {stem}
    return found - meant


def _x_is_features(view: View) -> bool:
    """``model.fit(x, y)``: features and target, as every textbook calls them."""
    return any(
        method(call) in {"fit", "fit_resample", "train_test_split"}
        and any(root(argument) == "x" for argument in call.args)
        for call in view.calls()
    )


def _root_frame(value: Node) -> str:
    return _root_frame(value.left) if isinstance(value, nodes.BinOp) else root(value)


def magic_number(view: View) -> Iterator[Spot]:
    """A number in a comparison, a formula or a draw that nothing says the meaning of."""
    given = _made_up_rows(view) | _edges(view) | _written_by_mask(view)
    first: Node | None = None
    last: Node | None = None
    found: list[str] = []
    for statement in _statements(view):
        look = _unexplained if not is_plot(view, statement) else _unexplained_in_plot
        numbers = look(view, statement)
        numbers = numbers or given.get(id(statement), [])
        if last is not None and first is not None:
            if not numbers or view.position(statement) != view.position(last):
                yield _magic(view, first, last, found)
                first, found = None, []
        if numbers:
            first, last = first or statement, statement
            found += numbers
    if first is not None and last is not None:
        yield _magic(view, first, last, found)


def _magic(view: View, first: Node, last: Node, found: list[str]) -> Spot:
    numbers = list(dict.fromkeys(found))
    shown = ", ".join(numbers[:5]) + (" and more" if len(numbers) > 5 else "")
    message = (
        f"{shown}: nothing says what {'these numbers mean' if len(numbers) > 1 else 'this means'} "
        "or where else they must change. Give each a name."
    )
    return view.spot(Smell.MAGIC_NUMBER, first, message, last)


def _statements(view: View) -> Iterator[Node]:
    """Simple statements at the top and in functions, in the order of the text."""
    kinds = (nodes.Assign, nodes.AugAssign, nodes.Expr, nodes.Return, nodes.AnnAssign)
    found = [*view.all(*kinds), *(n.test for n in view.all(nodes.If, nodes.While))]
    found += [node.iter for node in view.all(nodes.For)]
    return iter(sorted(found, key=lambda node: node.lineno))


def _unexplained(view: View, statement: Node) -> list[str]:
    if _names_its_number(statement):
        return []
    found = []
    if isinstance(statement, nodes.Return) and view.has_cells:
        found += _numbers([statement.value])  # return 37: an age, a limit, a code?
    stack = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, nodes.Compare) and _is_about_data(view, node):
            found += _numbers([node.left, *(operand for _, operand in node.ops)])
        elif isinstance(node, nodes.BinOp) and node.op not in "%|&" and not _is_text(node):
            found += _numbers([node.left, node.right]) if _is_about_data(view, node) else []
        elif isinstance(node, nodes.Subscript):
            found += _positions(view, node) or _far_item(view, node)
        elif isinstance(node, nodes.Call):
            qualified = view.qualified(node.func)
            if method(node).startswith("predict") and node.args:
                row = node.args[0] if isinstance(node.args[0], nodes.List) else None
                found += _numbers(list(walk(row))) if row is not None else []
            if qualified.startswith("numpy.random.") and method(node) != "seed":
                found += _numbers(
                    [arg for arg in node.args if isinstance(arg.value, float)]
                    if all(isinstance(a, nodes.Const) for a in node.args)
                    else [a for a in node.args if isinstance(a, nodes.Const)]
                )
            elif method(node) in _PERIODS:
                found += _periods(node)
            elif method(node) == "drop" and view.has_cells:
                rows = [part for arg in node.args[:1] for part in getattr(arg, "elts", [arg])]
                found += _numbers(rows)
            elif qualified == "range":
                found += [n for n in _numbers(node.args) if float(n) > 10]
            elif qualified in {"pandas.cut"} and len(node.args) > 1:
                found += _numbers(getattr(node.args[1], "elts", []))
        stack.extend(
            child
            for child in reversed(list(node.get_children()))
            if not isinstance(child, FUNCTIONS[:2])
            and not (isinstance(child, nodes.Keyword) and _is_option(child.value))
        )
    return found


def _is_option(value: Node) -> bool:
    """Whether an option's name says what its numbers mean: not those that its value compares."""
    return not any(isinstance(part, nodes.Compare) for part in walk(value))


def _unexplained_in_plot(view: View, statement: Node) -> list[str]:
    """Sizes and colours say what they are; how far is shifted, and which column, does not."""
    found = []
    for node in walk(statement):
        if isinstance(node, nodes.Subscript):
            found += _positions(view, node)
        elif method(node) in _PERIODS:
            found += _periods(node)
    return found


def _periods(call: nodes.Call) -> list[str]:
    """``rides.shift(900)``, ``model.predict(start=1251, end=1310)``."""
    if not isinstance(call.func, nodes.Attribute):
        return []
    ends = [keyword(call, name) for name in ("start", "end")]
    return _numbers([*call.args[:1], *filter(None, ends)])


def _positions(view: View, node: nodes.Subscript) -> list[str]:
    """Columns by their numbers: ``df.iloc[:, 12]``, ``df.columns[[0, 2]]``, ``np.r_[0, 5:9]``."""
    where, attribute = node.slice, getattr(node.value, "attrname", "")
    if method(node.value) in ("partition", "rpartition"):  # the third of three parts
        return []
    if isinstance(where, nodes.Tuple) and len(where.elts) == 2 and _is_whole(where.elts[0]):
        where = where.elts[1]
    elif isinstance(where, nodes.Slice) and attribute == "iloc":
        bounds = [where.lower, where.upper]
        return _numbers([b for b in bounds if b is not None]) if all(bounds) else []
    elif attribute in ("iloc", "iat"):
        where = where.elts[1] if isinstance(where, nodes.Tuple) and len(where.elts) == 2 else None
    elif attribute != "columns" and view.qualified(node.value) != "numpy.r_":
        return []
    if where is None:
        return []
    values = [part.value for part in walk(where) if isinstance(part, nodes.Const)]
    numbers = [value for value in values if isinstance(value, int)]
    return list(map(str, numbers)) if any(number > 1 for number in numbers) else []


def _far_item(view: View, node: nodes.Subscript) -> list[str]:
    """``trees[105]``, ``rides.index[22713]``: why this one?"""
    number = getattr(node.slice, "value", None)
    far = view.has_cells and isinstance(number, int) and number >= 10
    return _numbers([node.slice]) if far and isinstance(node.slice, nodes.Const) else []


def _is_whole(node: Node) -> bool:
    return isinstance(node, nodes.Slice) and not list(node.get_children())


def _is_about_data(view: View, node: Node) -> bool:
    """In a module, only numbers beside frames, or compared with a column: others are sizes."""
    if view.has_cells:
        return True
    frames = view.once(Flow).frames
    parts = list(walk(node))
    if any(isinstance(part, nodes.Name) and part.name in frames for part in parts):
        return True
    return isinstance(node, nodes.Compare) and any(column(part) for part in parts)


def _names_its_number(statement: Node) -> bool:
    """``LIMIT = 5 * 60``: the name explains it; so does a dict or list of such numbers."""
    if not isinstance(statement, (nodes.Assign, nodes.AnnAssign)) or statement.value is None:
        return False
    targets = getattr(statement, "targets", None) or [statement.target]
    names = [target.name for target in targets if isinstance(target, nodes.AssignName)]
    if any(re.fullmatch("[A-Z_][A-Z0-9_]+", name) for name in names):
        return True
    literal = (nodes.Const, nodes.UnaryOp, nodes.BinOp, nodes.Dict, nodes.List, nodes.Tuple)
    plain = all(isinstance(part, literal) for part in walk(statement.value))
    return plain and all(isinstance(t, (nodes.AssignName, nodes.Tuple)) for t in targets)


def _numbers(operands: list[Node]) -> list[str]:
    found = []
    for operand in operands:
        sign = ""
        if isinstance(operand, nodes.UnaryOp) and operand.op == "-":
            sign, operand = "-", operand.operand
        if isinstance(operand, nodes.Const) and type(operand.value) in (int, float):
            small = isinstance(operand.value, int) and 0 <= operand.value < 5
            if operand.value not in _FAMILIAR and not small:
                found.append(f"{sign}{operand.value}")
    return found


def _is_text(node: nodes.BinOp) -> bool:
    return any(
        isinstance(side, (nodes.JoinedStr, nodes.List, nodes.Tuple))
        or (isinstance(side, nodes.Const) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _made_up_rows(view: View) -> dict[int, list[str]]:
    """Lists of five bare numbers or more that go into ``predict``."""
    asked = {
        part.name
        for call in view.calls()
        if method(call).startswith("predict")
        for part in walk(call)
        if isinstance(part, nodes.Name)
    }
    found = {}
    for node in view.all(nodes.Assign):
        for name, value in bindings(node):
            if name in asked and isinstance(value, nodes.List) and len(value.elts) >= 5:
                if all(isinstance(e, nodes.Const) and e.value is not None for e in value.elts):
                    found[id(node)] = [str(element.value) for element in value.elts]
    return found


def _edges(view: View) -> dict[int, list[str]]:
    """A list of numbers that is given to ``pd.cut`` by its name."""
    asked = {
        part.name
        for call in view.calls()
        if view.qualified(call.func) == "pandas.cut"
        for part in (*call.args[1:2], keyword(call, "bins"))
        if isinstance(part, nodes.Name)
    }
    return {
        id(node): numbers
        for node in view.all(nodes.Assign)
        for name, value in bindings(node)
        if name in asked and not name.isupper() and isinstance(value, nodes.List)
        for numbers in [_numbers(value.elts)]
        if numbers
    }


def _written_by_mask(view: View) -> dict[int, list[str]]:
    """``df.loc[mask, 'a'] = 0.4``: why this number, nobody says."""
    return {
        id(edit.step.node): numbers
        for edit in view.once(Flow).edits
        if edit.how == "masked" and isinstance(edit.step.node, nodes.Assign)
        for numbers in [_numbers([edit.step.node.value])]
        if numbers
    }


def overloaded_name(view: View) -> Iterator[Spot]:
    """One name with several meanings: rebound to another kind, shadowing, a column redefined."""
    yield from _shadows(view)
    by_name: dict[str, list[tuple[Step, str]]] = defaultdict(list)
    for step in view.steps:
        if isinstance(step.node, nodes.FunctionDef) and view.has_cells:
            by_name[step.node.name].append((step, "a function"))
        for name, value in bindings(step.node):
            if not reads_name(value, name):
                by_name[name].append((step, _kind_of(view, value, name)))
            elif _VAGUE.fullmatch(name) and isinstance(value, nodes.BinOp):
                yield _overloaded(view, step, f"{name} means one thing above and another from here")
    yield from _made_anew(view)
    for name, found in by_name.items():
        yield from _kinds_differ(view, name, [(s, kind) for s, kind in found if kind])
    if view.has_cells:
        yield from _columns_redefined(view)
        yield from _defined_anew(view)


def _defined_anew(view: View) -> Iterator[Spot]:
    """A function or a class that a later cell defines in another way."""
    before: dict[str, tuple[int, str]] = {}
    for step in view.steps:
        node = step.node
        if isinstance(node, (nodes.FunctionDef, nodes.ClassDef)) and step.depth == 0:
            text = node.as_string()
            block, other = before.get(node.name, (step.block, text))
            before[node.name] = step.block, text
            if block != step.block and other != text:
                yield _overloaded(
                    view, step, f"{node.name} means one thing above and another from here"
                )


def _made_anew(view: View) -> Iterator[Spot]:
    """A name that a later cell makes afresh, of something else than the cell before it did."""
    made: dict[str, dict[int, list[str]]] = defaultdict(dict)
    steps: dict[tuple[int, str], Step] = {}
    other: dict[int, list[str]] = defaultdict(list)
    where: dict[int, Step] = {}
    for step in view.steps if view.has_cells else ():
        if is_plot(view, step.node):
            continue
        for name, value in bindings(step.node):
            fresh = step.depth == 0 and not reads_name(value, name)
            fresh = fresh and name not in view.once(axes)
            if step.block in made[name]:
                if fresh and made[name][step.block][-1] != value.as_string():
                    where[step.node.lineno] = step
                    other[step.node.lineno].append(name)
                made[name][step.block].append(value.as_string())
            elif fresh:
                made[name][step.block] = [value.as_string()]
                steps[step.block, name] = step
    for name, cells in made.items():
        for before, here in pairwise(sorted(cells)):
            if cells[before] != cells[here] and not name.startswith("_"):
                step = steps[here, name]
                where[step.node.lineno] = step
                other[step.node.lineno].append(name)
    for line, names in other.items():
        mean = "mean" if len(names) > 1 else "means"
        what = f"{', '.join(names)} {mean} one thing above and another from here"
        yield _overloaded(view, where[line], what)


def _kinds_differ(view: View, name: str, found: list[tuple[Step, str]]) -> Iterator[Spot]:
    """Each cell that gives the name another kind than it had; the first as well, unless both
    kinds are models: the first model of a notebook is at home in its name."""
    kinds = list(dict.fromkeys(kind for _, kind in found))
    if len(kinds) < 2 or len({step.block for step, _ in found}) < 2:
        return
    models = all(kind.startswith("the model") for kind in kinds)
    reported: set[int] = set()
    before = ""
    changed = False
    for number, (step, kind) in enumerate(found):
        changed = changed or bool(before and before != kind)
        different = [other for other in kinds if other != kind]
        other = before if before and before != kind else different[0]
        if step.block not in reported and (changed or (number == 0 and not models)):
            reported.add(step.block)
            when = "above" if number else "further down"
            yield _overloaded(view, step, f"{name} is {kind} here and {other} {when}")
        before = kind


def _overloaded(view: View, step: Step, what: str) -> Spot:
    message = f"{what}: what it holds depends on the cell that ran last. Give each its own name."
    return view.spot(Smell.OVERLOADED_NAME, step.node, message)


def _kind_of(view: View, value: Node, name: str) -> str:
    """What a value is, as far as its syntax says; nothing if it does not."""
    if is_plot(view, value.parent):
        return ""
    if isinstance(value, nodes.Call):
        return _kind_of_call(view, value, name)
    if isinstance(value, (nodes.List, nodes.ListComp)):
        return "a list"
    if isinstance(value, (nodes.Dict, nodes.DictComp)):
        return "a dict"
    if isinstance(value, (nodes.BinOp, nodes.Subscript)):
        return "a frame" if _root_frame(value) in view.once(Flow).frames else ""
    if isinstance(value, nodes.JoinedStr) or isinstance(getattr(value, "value", None), str):
        return "a text"
    number = isinstance(value, nodes.Const) and type(value.value) in (int, float)
    return "a number" if number else ""


def _kind_of_call(view: View, value: nodes.Call, name: str) -> str:
    called = dotted(value.func).rsplit(".", maxsplit=1)[-1]
    if called[:1].isupper() and called not in {"DataFrame", "Series"}:
        return f"the model {called}" if _is_fitted(view, name) else f"a {called}"
    if _VAGUE.fullmatch(name):
        return f"what {method(value)} gives" if method(value) else ""
    qualified = view.qualified(value.func)
    if qualified in _KINDS_OF_CALL:
        return _KINDS_OF_CALL[qualified]
    if qualified.startswith("pandas.") or root(value) in view.once(Flow).frames:
        return "" if method(value) in _GIVES_NO_FRAME else "a frame"
    return ""


_GIVES_NO_FRAME = frozenset("tolist item to_dict sum mean nunique unique to_numpy".split())


def _is_fitted(view: View, name: str) -> bool:
    return any(
        isinstance(read.parent, nodes.Attribute) and read.parent.attrname in {"fit", "predict"}
        for read in view.reads.get(name, ())
    )


_BUILTINS = frozenset(
    """list dict set str int float type sum min max input id len range filter map all any next iter
    sorted tuple object hash print zip round abs open bytes bool""".split()
)


def _shadows(view: View) -> Iterator[Spot]:
    assert all(hasattr(builtins, name) for name in _BUILTINS)
    reported = set()
    for step in view.steps:
        for name in _names_bound(view, step.node):
            if name in _BUILTINS and name not in reported:
                reported.add(name)
                message = (
                    f"{name} is Python's own: from here on every cell that means Python's gets "
                    "yours. Give it another name."
                )
                yield view.spot(Smell.OVERLOADED_NAME, step.node, message)
    for function in view.all(nodes.FunctionDef) if view.has_cells else ():
        given = [argument.name for argument in [*function.args.args, *function.args.kwonlyargs]]
        own = [name for name in given if name in _BUILTINS]
        if own and isinstance(function.parent.scope(), nodes.Module):
            message = f"{own[0]} is Python's own, and a parameter here. Give it another name."
            yield view.spot(Smell.OVERLOADED_NAME, function, message)


def _names_bound(view: View, node: Node) -> Iterator[str]:
    """Of an assignment, a loop, or a function's definition."""
    yield from (name for name, _ in bindings(node))
    if isinstance(node, nodes.For):
        yield from (p.name for p in walk(node.target) if isinstance(p, nodes.AssignName))
    elif isinstance(node, nodes.FunctionDef) and view.has_cells:
        yield node.name
    elif isinstance(node, nodes.ImportFrom) and node.modname != "builtins":
        yield from (alias or name for name, alias in node.names)


def _columns_redefined(view: View) -> Iterator[Spot]:
    """A column that means something else after this cell: money, then money a person."""
    reported: set[tuple[int, str]] = set()
    masked: dict[tuple[int, str], list[Edit]] = defaultdict(list)
    for edit in view.once(Flow).edits:
        node = edit.step.node
        key = (edit.step.block, edit.column or "")
        if not edit.column or key in reported or not isinstance(node, nodes.Assign):
            continue
        if edit.how == "masked" and isinstance(node.value, nodes.Const):
            if reads_column(node.targets[0].slice, edit.frame, edit.column):
                masked[key].append(edit)
        changed = edit.how == "store" and reads_column(node.value, edit.frame, edit.column)
        banded = changed and method(node.value) in {"cut", "qcut"}
        derived = (
            changed and isinstance(node.value, nodes.BinOp) and _other_column(node.value, edit)
        )
        if banded or derived or len(masked[key]) == 2:
            reported.add(key)
            start = masked[key][0].step if masked[key] else edit.step
            what = f"the column {edit.column} means one thing above and another from here"
            yield _overloaded(view, start, what)


def _other_column(value: Node, edit: Edit) -> bool:
    others = {
        part.slice.value
        for part in walk(value)
        if isinstance(part, nodes.Subscript) and isinstance(part.slice, nodes.Const)
    }
    calls = (part for part in walk(value) if isinstance(part, nodes.Call))
    return bool(others - {edit.column}) and all(keyword(call, "axis") is None for call in calls)
