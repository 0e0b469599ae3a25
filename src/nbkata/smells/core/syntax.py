"""Small questions about astroid nodes, answered without inference."""

from collections.abc import Iterator
from typing import TypeAlias

from astroid import nodes

Node: TypeAlias = nodes.NodeNG

FUNCTIONS = (nodes.FunctionDef, nodes.AsyncFunctionDef, nodes.Lambda)


def dotted(node: Node | None) -> str:
    """``np.random.seed`` for a chain of names; empty where anything else is in it."""
    parts: list[str] = []
    while isinstance(node, (nodes.Attribute, nodes.AssignAttr)):
        parts.append(node.attrname)
        node = node.expr
    if not isinstance(node, nodes.Name):
        return ""
    parts.append(node.name)
    return ".".join(reversed(parts))


def root(node: Node | None) -> str:
    """The name that a chain of attributes, subscripts and calls starts from, or nothing."""
    while True:
        if isinstance(node, nodes.Attribute):
            node = node.expr
        elif isinstance(node, nodes.Subscript):
            node = node.value
        elif isinstance(node, nodes.Call):
            node = node.func
        elif isinstance(node, nodes.Await):
            node = node.value
        else:
            break
    if isinstance(node, (nodes.Name, nodes.AssignName)):
        return str(node.name)
    return ""


def method(call: Node | None) -> str:
    """The last part of what is called: ``head`` for ``df.groupby('a').head(3)``."""
    if not isinstance(call, nodes.Call):
        return ""
    if isinstance(call.func, nodes.Attribute):
        return str(call.func.attrname)
    return str(call.func.name) if isinstance(call.func, nodes.Name) else ""


def receiver(call: nodes.Call) -> Node | None:
    """What a method is called on."""
    return call.func.expr if isinstance(call.func, nodes.Attribute) else None


def chain(node: Node | None) -> set[str]:
    """Every attribute and function name on the way from the root to the end."""
    names: set[str] = set()
    while node is not None:
        if isinstance(node, nodes.Attribute):
            names.add(node.attrname)
            node = node.expr
        elif isinstance(node, nodes.Subscript):
            node = node.value
        elif isinstance(node, nodes.Call):
            node = node.func
        else:
            if isinstance(node, nodes.Name):
                names.add(node.name)
            break
    return names


def keyword(call: nodes.Call, name: str) -> Node | None:
    """The value of a keyword argument."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def has_star_keywords(call: nodes.Call) -> bool:
    """Whether ``**options`` may hold any keyword."""
    return any(word.arg is None for word in call.keywords)


def is_true(node: Node | None) -> bool:
    """Whether it is the literal ``True``."""
    return isinstance(node, nodes.Const) and node.value is True


def text_of(node: Node | None) -> str | None:
    """The value of a string literal."""
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None


def column(node: Node | None) -> str | None:
    """``Age`` for ``df['Age']``; none for a mask, a slice or a list."""
    return text_of(node.slice) if isinstance(node, nodes.Subscript) else None


def walk(node: Node, into_functions: bool = True) -> Iterator[Node]:
    """The node and everything below, in the order of the text."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if not into_functions and current is not node and isinstance(current, FUNCTIONS):
            continue
        stack.extend(reversed(list(current.get_children())))


def blocks_of(statement: Node) -> list[list[Node]]:
    """The lists of statements inside a compound one; a function's body is not among them."""
    if isinstance(statement, (nodes.If, nodes.For, nodes.AsyncFor, nodes.While)):
        return [statement.body, statement.orelse]
    if isinstance(statement, (nodes.With, nodes.AsyncWith)):
        return [statement.body]
    if isinstance(statement, (nodes.Try, nodes.TryStar)):
        handlers = [handler.body for handler in statement.handlers]
        return [statement.body, *handlers, statement.orelse, statement.finalbody]
    if isinstance(statement, nodes.Match):
        return [case.body for case in statement.cases]
    return []


def in_function(node: Node) -> nodes.FunctionDef | None:
    """The innermost named function around it."""
    return next((n for n in node.node_ancestors() if isinstance(n, nodes.FunctionDef)), None)


def is_local(node: nodes.Name) -> bool:
    """Whether a function or comprehension around it binds the name."""
    scope = node.scope()
    while not isinstance(scope, nodes.Module):
        if node.name in scope.locals:
            return True
        scope = scope.parent.scope()
    return False


_ACTS = frozenset(
    """fit train compile plot save write open connect subplots figure imshow hist input system run
    download mkdir register add_subplot set_title scatter fit_generator evaluate popen Popen call
    check_call check_output urlretrieve seed manual_seed load_ext start stop close show tqdm sleep
    interact add append pop update setdefault remove execute commit subscribe next get_logger
    getLogger basicConfig set_option login init""".split()
)
_CONVERTS = frozenset(
    "to_list to_numpy to_dict to_frame to_datetime to_numeric to_period to_timestamp".split()
)


def acts(value: Node) -> bool:
    """Whether computing the value may do something besides."""
    calls = [part for part in walk(value) if isinstance(part, nodes.Call)]
    for call in calls:
        name = method(call)
        if name == "fit" and method(receiver(call))[:1].isupper():
            continue  # ``Forest().fit(X, y)``: nobody else has this model
        if dotted(call.func) == "re.compile":
            continue
        starts = ("plot", "save", "write", "set_", "to_", "train", "fit_mod")
        if name in _ACTS or (name.startswith(starts) and name not in _CONVERTS):
            return True
    return any(
        isinstance(part, (nodes.Await, nodes.Yield, nodes.NamedExpr)) for part in walk(value)
    )
