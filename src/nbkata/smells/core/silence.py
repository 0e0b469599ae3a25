"""Errors and warnings silenced wholesale."""

from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.explained import is_explained
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, dotted, in_function, keyword, text_of, walk
from nbkata.smells.core.view import View

# Functions that some people replace by one that does nothing.
_WARNS = frozenset({"warnings.warn", "warnings.showwarning"})
_EVERYTHING = frozenset({"Exception", "BaseException"})


def blanket_except(view: View) -> Iterator[Spot]:
    """``except:`` or ``except Exception:`` that forgets what went wrong."""
    for handler in view.all(nodes.ExceptHandler):
        bare = handler.type is None
        if not bare and dotted(handler.type) not in _EVERYTHING:
            continue
        if _raises(handler) or (handler.name is not None and _uses(handler)):
            continue
        if (not bare and _logs(handler)) or _is_explained(view, handler):
            continue
        caught = "except:" if bare else f"except {dotted(handler.type)}:"
        message = (
            f"{caught} swallows every error, also a typing mistake or a missing column, and the "
            "next cell goes on with wrong data. Catch the one error that you expect."
        )
        yield view.spot(Smell.BLANKET_EXCEPT, handler, message, handler.body[0])


def _is_explained(view: View, handler: nodes.ExceptHandler) -> bool:
    below = handler.body[0].lineno - handler.lineno
    return is_explained(view, handler, "except|BLE|E722", below)


def _raises(handler: nodes.ExceptHandler) -> bool:
    return any(isinstance(node, nodes.Raise) for node in walk(handler))


def _uses(handler: nodes.ExceptHandler) -> bool:
    name = handler.name.name
    return any(isinstance(node, nodes.Name) and node.name == name for node in walk(handler))


def _logs(handler: nodes.ExceptHandler) -> bool:
    logging = {"exception", "print_exc", "format_exc"}
    return any(isinstance(n, nodes.Attribute) and n.attrname in logging for n in walk(handler))


def blanket_warning_filter(view: View) -> Iterator[Spot]:
    """Every warning switched off for good."""
    for call in view.calls():
        name = view.qualified(call.func)
        on_purpose = not view.has_cells and in_function(call) is not None  # a program's own choice
        if _silences_all(name, call) and not _for_a_while(call) and not on_purpose:
            yield view.spot(Smell.BLANKET_WARNING_FILTER, call, _FILTER)
        if name.endswith(("pandas.set_option", "pandas.options.set")) and len(call.args) > 1:
            if (text_of(call.args[0]) or "").endswith("chained_assignment"):
                if _is_none(call.args[1]):
                    yield view.spot(Smell.BLANKET_WARNING_FILTER, call, _CHAINED)
    for node in view.all(nodes.Assign):
        for target in node.targets:
            if _is_chained_option(view, target) and _is_none(node.value):
                yield view.spot(Smell.BLANKET_WARNING_FILTER, node, _CHAINED)
            elif view.qualified(target) in _WARNS and in_function(node) is None:
                yield view.spot(Smell.BLANKET_WARNING_FILTER, node, _FILTER)


_FILTER = (
    "every warning of every library is switched off: the ones that tell of wrong results too. "
    "Filter the one you know, by category and message."
)
_CHAINED = (
    "pandas' warning about chained assignment is switched off: it tells of writes that do "
    "nothing. Switch it on again, and write with .loc."
)


def _silences_all(name: str, call: nodes.Call) -> bool:
    action = call.args[0] if call.args else keyword(call, "action")
    if name == "warnings.filterwarnings":
        return text_of(action) == "ignore" and len(call.args) < 2 and len(call.keywords) <= 1
    if name == "warnings.simplefilter":
        return text_of(action) == "ignore" and len(call.args) < 2 and not keyword(call, "category")
    if name == "numpy.seterr":
        return text_of(keyword(call, "all")) == "ignore"
    return False


def _for_a_while(call: nodes.Call) -> bool:
    """Inside ``with warnings.catch_warnings():`` the filter ends with the block."""
    blocks = (part for part in call.node_ancestors() if isinstance(part, nodes.With))
    managers = (getattr(manager, "func", None) for block in blocks for manager, _ in block.items)
    return any(dotted(manager).endswith("catch_warnings") for manager in managers)


def _is_chained_option(view: View, target: Node) -> bool:
    return view.qualified(target) == "pandas.options.mode.chained_assignment"


def _is_none(value: Node) -> bool:
    return isinstance(value, nodes.Const) and value.value is None
