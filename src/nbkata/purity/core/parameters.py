"""What kind of thing a parameter is: from its annotation, its default, its use and its name."""

import ast

from nbkata.dataflow.core.frames import OF_FRAMES
from nbkata.dataflow.core.modules import FunctionNode, Module
from nbkata.purity.core.values import Kind, Scope, Source, Value

_ANNOTATIONS = {
    **dict.fromkeys(("int", "float", "str", "bool", "bytes", "complex", "Literal"), Kind.SCALAR),
    **dict.fromkeys(("tuple", "Tuple", "date", "datetime", "Timestamp", "Decimal"), Kind.SCALAR),
    **dict.fromkeys(("DataFrame", "Series", "Index"), Kind.FRAME),
    **dict.fromkeys(("ndarray", "NDArray", "ArrayLike"), Kind.ARRAY),
    **dict.fromkeys(("list", "List", "deque"), Kind.LIST),
    **dict.fromkeys(("dict", "Dict", "defaultdict", "Counter", "MutableMapping"), Kind.DICT),
    **dict.fromkeys(("set", "Set"), Kind.SET),
    **dict.fromkeys(("Path", "PurePath"), Kind.PATH),
    **dict.fromkeys(("Generator", "RandomState", "Random"), Kind.RANDOM),
    **dict.fromkeys(("Logger",), Kind.LOGGER),
    **dict.fromkeys(("Axes", "Figure"), Kind.AXES),
    **dict.fromkeys(("TextIO", "IO", "BinaryIO", "StringIO", "BytesIO", "TextIOBase"), Kind.FILE),
}
_FRAME_NAMES = frozenset("df frame dataframe dataset passengers".split())
_ARRAY_NAMES = frozenset("arr array matrix ndarray".split())
_SCALAR_DEFAULTS = (int, float, str, bool, bytes)


def parameter_value(argument: ast.arg, node: FunctionNode, module: Module) -> Value:
    """The value of a parameter when its function begins."""
    kind = _annotated(argument.annotation) or _by_default(argument, node) or _by_use(argument, node)
    source = Source(Scope.ARGUMENT, argument.arg)
    if kind is Kind.SCALAR:
        return Value(kind=kind)
    return Value(
        sources=frozenset([source]),
        kind=kind or Kind.UNKNOWN,
        instance_of=_project_class(argument.annotation, module),
    )


def _annotated(annotation: ast.expr | None) -> Kind | None:
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _ANNOTATIONS.get(name)
        case ast.Constant(value=str() as text):
            try:
                return _annotated(ast.parse(text, mode="eval").body)
            except SyntaxError:
                return None
        case ast.Subscript(value=ast.Name(id="Optional" | "Annotated"), slice=inner):
            return _annotated(inner.elts[0] if isinstance(inner, ast.Tuple) else inner)
        case ast.Subscript(value=owner):
            return _annotated(owner)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            kinds = {_annotated(left), _annotated(right)}
            if any(isinstance(side, ast.Constant) for side in (left, right)):
                kinds = kinds - {None}
            return kinds.pop() if len(kinds) == 1 else None
    return None


def _project_class(annotation: ast.expr | None, module: Module) -> str:
    if isinstance(annotation, ast.Name):
        if annotation.id in module.classes:
            return f"{module.name}.{annotation.id}"
        return module.imports.get(annotation.id, "")
    return ""


def shared_defaults(node: FunctionNode) -> frozenset[str]:
    """The parameters with a default that can be edited: all calls share it."""
    made = ("list()", "dict()", "set()")
    return frozenset(
        name
        for name, default in _defaults(node).items()
        if isinstance(default, ast.List | ast.Dict | ast.Set) or ast.unparse(default) in made
    )


def _defaults(node: FunctionNode) -> dict[str, ast.expr]:
    positional = [*node.args.posonlyargs, *node.args.args]
    pairs = [
        *zip(reversed(positional), reversed(node.args.defaults), strict=False),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]
    return {argument.arg: default for argument, default in pairs if default is not None}


def _by_default(argument: ast.arg, node: FunctionNode) -> Kind | None:
    match _defaults(node).get(argument.arg):
        case ast.Constant(value=value) if isinstance(value, _SCALAR_DEFAULTS):
            return Kind.SCALAR
        case ast.List():
            return Kind.LIST
        case ast.Dict():
            return Kind.DICT
        case ast.Set():
            return Kind.SET
    return None


def _by_use(argument: ast.arg, node: FunctionNode) -> Kind | None:
    """Only frames have ``.loc`` and are asked for lists of columns."""
    name = argument.arg
    for child in ast.walk(node):
        match child:
            case ast.Attribute(value=ast.Name(id=used), attr=attribute) if used == name:
                if attribute in OF_FRAMES:
                    return Kind.FRAME
                if attribute in ("items", "keys", "setdefault"):
                    return Kind.DICT
                if attribute in ("append", "extend"):
                    return Kind.LIST
            case ast.Subscript(value=ast.Name(id=used), slice=ast.List()) if used == name:
                return Kind.FRAME
    words = set(name.lower().split("_"))
    if words & _FRAME_NAMES or name in ("X_train", "X_test"):
        return Kind.FRAME
    return Kind.ARRAY if words & _ARRAY_NAMES else None
