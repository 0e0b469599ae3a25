"""What an expression may stand for, and what computing it does."""

import ast
import builtins
from collections.abc import Generator, Sequence
from dataclasses import replace

from nbkata.purity.core import effects
from nbkata.purity.core.context import Context, Env, Event, GlobalRead, Reading, Yielded, snippet
from nbkata.purity.core.findings import Cause, Finding, Sure
from nbkata.purity.core.values import (
    ARRAY,
    FRESH,
    SCALAR,
    Closure,
    Kind,
    Scope,
    Source,
    Value,
    container,
    either,
    iterated_item,
    joined,
    part,
    shallow,
    weaker,
)

_BUILTINS = frozenset(dir(builtins)) | {"display", "get_ipython"}


def evaluate(context: Context, node: ast.expr, env: Env) -> Reading:
    """The value of an expression, with the events of computing it."""
    match node:
        case ast.Name(id=name):
            return (yield from _name(context, name, node.lineno, env))
        case ast.Constant():
            return SCALAR
        case ast.Attribute():
            return (yield from _attribute(context, node, env))
        case ast.Subscript(value=owner, slice=key):
            value = yield from evaluate(context, owner, env)
            yield from evaluate(context, key, env)
            return _subscripted(value, key)
        case ast.Call():
            return (yield from context.reader.call(context, node, env))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield from evaluate(context, test, env)
            one = yield from evaluate(context, body, env)
            return either(one, (yield from evaluate(context, orelse, env)))
        case ast.BoolOp(values=nodes):
            values = yield from _all(context, nodes, env)
            return joined(values) or FRESH
        case ast.NamedExpr(value=value_node):
            return (yield from evaluate(context, value_node, env))
        case ast.Lambda():
            return (yield from _lambda(context, node, env))
        case _:
            return (yield from _composed(context, node, env))


def _composed(context: Context, node: ast.expr, env: Env) -> Reading:
    match node:
        case ast.List(elts=nodes) | ast.Tuple(elts=nodes) | ast.Set(elts=nodes):
            return (yield from _display(context, node, nodes, env))
        case ast.Dict(keys=keys, values=value_nodes):
            yield from _all(context, [key for key in keys if key is not None], env)
            values = yield from _all(context, value_nodes, env)
            items = [
                value if key is not None else part(value)
                for key, value in zip(keys, values, strict=True)
            ]
            return container(Kind.DICT, items)
        case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
            inner = yield from _comprehension(context, node.generators, env)
            made = yield from evaluate(context, element, inner)
            kind = Kind.SET if isinstance(node, ast.SetComp) else Kind.LIST
            return container(kind, [made])
        case ast.DictComp(key=key, value=value_node):
            inner = yield from _comprehension(context, node.generators, env)
            yield from evaluate(context, key, inner)
            return container(Kind.DICT, [(yield from evaluate(context, value_node, inner))])
        case ast.Yield(value=yielded):
            value = FRESH if yielded is None else (yield from evaluate(context, yielded, env))
            yield Yielded(value)
            return FRESH
        case ast.YieldFrom(value=yielded):
            yield Yielded(part((yield from evaluate(context, yielded, env))))
            return FRESH
        case ast.Await(value=awaited) | ast.Starred(value=awaited):
            return (yield from evaluate(context, awaited, env))
        case _:
            values = yield from _all(context, _operands(node), env)
            return _operated(node, values)


def _operands(node: ast.expr) -> list[ast.expr]:
    found: list[ast.expr] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            found = [*found, child]
        elif isinstance(child, ast.FormattedValue):
            found = [*found, child.value]
    return found


def _operated(node: ast.expr, values: Sequence[Value]) -> Value:
    """Operators make new objects; of a frame a frame, of an array an array."""
    if isinstance(node, ast.BinOp | ast.Compare | ast.UnaryOp):
        kinds = [value.kind for value in values]
        for kind in (Kind.FRAME, Kind.ARRAY, Kind.LIST, Kind.SET, Kind.DICT, Kind.PATH):
            if kind in kinds:
                elements = [part(value) for value in values if value.kind is kind]
                holds = kind in (Kind.LIST, Kind.SET, Kind.DICT) and isinstance(node, ast.BinOp)
                return container(kind, elements) if holds else Value(kind=kind)
        return SCALAR if kinds and all(kind is Kind.SCALAR for kind in kinds) else FRESH
    if isinstance(node, ast.JoinedStr | ast.FormattedValue):
        return SCALAR
    return FRESH


def _all(
    context: Context, nodes: Sequence[ast.expr], env: Env
) -> Generator[Event, None, tuple[Value, ...]]:
    values: tuple[Value, ...] = ()
    for node in nodes:
        values = (*values, (yield from evaluate(context, node, env)))
    return values


def _display(context: Context, node: ast.expr, nodes: Sequence[ast.expr], env: Env) -> Reading:
    values = yield from _all(context, nodes, env)
    items = [
        part(value) if isinstance(item, ast.Starred) else value
        for item, value in zip(nodes, values, strict=True)
    ]
    starred = any(isinstance(item, ast.Starred) for item in nodes)
    kind = Kind.SET if isinstance(node, ast.Set) else Kind.LIST
    if isinstance(node, ast.Tuple):
        kind = Kind.UNKNOWN
    return container(kind, items, () if starred else tuple(items))


def _comprehension(
    context: Context, generators: Sequence[ast.comprehension], env: Env
) -> Generator[Event, None, Env]:
    for generator in generators:
        iterated = yield from evaluate(context, generator.iter, env)
        env = yield from context.reader.bind(
            context, generator.target, iterated_item(iterated), env, "for"
        )
        yield from _all(context, generator.ifs, env)
    return env


def _lambda(context: Context, node: ast.Lambda, env: Env) -> Reading:
    closure = Closure(node, env)
    yield from context.reader.call_closure(context, closure, (), {})
    return Value(closure=closure)


def _name(context: Context, name: str, line: int, env: Env) -> Reading:
    if name in env and name not in context.global_names:
        return env[name]
    module = context.module
    full = f"{module.name}.{name}"
    if name in context.local_names and name not in context.global_names:
        return FRESH  # bound on another path, or later
    if full in context.summaries or name in module.classes:
        return Value(name=full)
    if name in module.imports:
        yield from _looked_up(context, module.imports[name], line)
        return (yield from _project_global(context, module.imports[name], name, line))
    if name in module.assigned:
        yield from global_read(context, full, name, line)
        known = context.globals_.get(full, FRESH)
        return replace(known, sources=frozenset([Source(Scope.GLOBAL, name)]), name="", parts=())
    return Value(name=name if name in _BUILTINS else _starred(context, name))


def _starred(context: Context, name: str) -> str:
    """The full name of what ``from module import *`` may have brought."""
    for star in context.module.stars:
        full = f"{star}.{name}"
        if full in context.summaries or effects.effect_of_name(full):
            return full
    return ""


def _project_global(context: Context, full: str, shown: str, line: int) -> Reading:
    """What a full name stands for: data of another module is a global, the rest a name."""
    owner, _, name = full.rpartition(".")
    other = context.modules.get(owner)
    if other is None or name in other.classes or full in context.summaries:
        return Value(name=full)
    if name not in other.assigned:
        return Value(name=full)
    yield from global_read(context, full, shown, line)
    known = context.globals_.get(full, FRESH)
    return replace(known, sources=frozenset([Source(Scope.GLOBAL, shown)]), name="", parts=())


def global_read(context: Context, full: str, shown: str, line: int) -> Generator[Event, None, None]:
    """What looking at a global means: nothing for a constant, an input for anything else."""
    yield GlobalRead(line, full)
    if context.at_import:
        return
    if full in context.changed_globals:
        message = f"reads the global {shown}, which {context.changed_globals[full]} changes"
        yield Finding(line, Cause.READS_GLOBAL, message, target=shown)
    elif full in context.tainted_globals:
        message = f"reads the global {shown}, which {context.tainted_globals[full]}"
        yield Finding(line, Cause.READS_GLOBAL, message, target=shown)


def _attribute(context: Context, node: ast.Attribute, env: Env) -> Reading:
    if isinstance(node.value, ast.Name) and f"{node.value.id}.{node.attr}" in env:
        return env[f"{node.value.id}.{node.attr}"]  # assigned in this function
    value = yield from evaluate(context, node.value, env)
    line = node.end_lineno or node.lineno
    if value.name and not value.sources:
        return (yield from named_attribute(context, value.name, node.attr, line))
    return attribute_of(value, node.attr)


def named_attribute(context: Context, owner: str, attribute: str, line: int) -> Reading:
    """An attribute of a module or of anything else with a full name."""
    full = f"{owner}.{attribute}"
    yield from _looked_up(context, full, line)
    if owner in context.modules:
        return (yield from _project_global(context, full, full, line))
    return Value(name=full)


def _looked_up(context: Context, full: str, line: int) -> Generator[Event, None, None]:
    """Some names are inputs in themselves: the environment, the arguments of the program."""
    effect = effects.READ_ATTRIBUTES.get(full)
    if effect is not None and not context.at_import:
        yield Finding(line, effect.cause, f"{effect.phrase}: {full}", effect.sure, full)


def attribute_of(value: Value, attribute: str) -> Value:
    """An attribute of an object."""
    if attribute in effects.INDEXERS:
        return replace(value, parts=(), name="")
    if value.kind is Kind.FRAME:
        if attribute == "attrs":
            return Value(sources=value.sources, kind=Kind.DICT)
        if attribute in ("index", "columns", "flags"):
            return Value(sources=value.sources, kind=Kind.FRAME)
        kind = Kind.ARRAY if attribute == "values" else Kind.FRAME
        return weaker(Value(sources=value.sources, kind=kind), Sure.POSSIBLE)
    if value.kind is Kind.ARRAY:
        return Value(sources=value.sources, kind=Kind.ARRAY)
    if value.kind is Kind.PATH:
        return Value(kind=Kind.PATH if attribute in ("parent", "parents") else Kind.SCALAR)
    if value.kind is Kind.SCALAR:
        return SCALAR
    if attribute in ("shape", "size", "ndim", "dtype", "name", "empty", "__name__"):
        return SCALAR
    return part(value)


def _subscripted(value: Value, key: ast.expr) -> Value:
    """What ``value[key]`` gives: under pandas 3 a frame gives copies, an array views."""
    if value.name and not value.sources:
        return Value(name=value.name) if value.name in effects.READ_ATTRIBUTES else FRESH
    if value.kind is Kind.SCALAR:
        return SCALAR
    if _picks_by_list_or_mask(key):
        return Value(kind=value.kind)  # always a copy, of a frame as of an array
    if value.kind is Kind.FRAME:
        seen = Value(sources=value.sources, kind=Kind.FRAME)
        return Value(kind=Kind.FRAME) if not value.sources else weaker(seen, Sure.POSSIBLE)
    if value.kind is Kind.ARRAY:
        return Value(sources=value.sources, kind=Kind.ARRAY) if value.sources else ARRAY
    if isinstance(key, ast.Slice):
        copied = value.kind in (Kind.LIST, Kind.DICT)
        if copied or not value.sources:
            return shallow(value, Kind.LIST)
        return weaker(Value(sources=value.sources), Sure.POSSIBLE)
    if value.parts and isinstance(key, ast.Constant) and isinstance(key.value, int):
        return (
            value.parts[key.value] if -len(value.parts) <= key.value < len(value.parts) else FRESH
        )
    found = part(value)
    if value.kind is Kind.UNKNOWN and isinstance(key, ast.Constant) and value.sources:
        return weaker(found, Sure.LIKELY)  # a list of lists, or a frame that hides as data
    return found


def _picks_by_list_or_mask(key: ast.expr) -> bool:
    """Keys that only frames and arrays take."""
    return isinstance(key, ast.List | ast.Compare)


__all__ = ["attribute_of", "evaluate", "global_read", "named_attribute", "snippet"]
