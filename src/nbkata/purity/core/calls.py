"""What a call gives and does: library functions by table, project functions by their summary."""

import ast
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

from nbkata.purity.core import effects
from nbkata.purity.core.arguments import Arguments, line_of
from nbkata.purity.core.context import (
    CACHE_OF,
    Context,
    Env,
    Event,
    Reading,
    Returned,
    Summary,
    Yielded,
    edit,
    result_of,
)
from nbkata.purity.core.expressions import evaluate, named_attribute
from nbkata.purity.core.findings import Cause, Finding, Sure
from nbkata.purity.core.library import library_call
from nbkata.purity.core.methods import method_call
from nbkata.purity.core.modules import bound_names, declared, parameters
from nbkata.purity.core.values import (
    FRESH,
    Closure,
    Kind,
    Scope,
    Source,
    Value,
    container,
    joined,
    part,
    weaker,
)

DEEPEST_CALL = 4
"""Functions defined within functions that are followed through their calls."""


def call(context: Context, node: ast.Call, env: Env, *, discarded: bool = False) -> Reading:
    """Read a call; ``discarded`` says that nobody looks at what it returns."""
    function = node.func
    if isinstance(function, ast.Attribute):
        receiver = yield from evaluate(context, function.value, env)
        if receiver.name and not receiver.sources:
            line = function.end_lineno or node.lineno
            called = yield from named_attribute(context, receiver.name, function.attr, line)
            arguments = yield from _arguments(context, node, env)
            return (yield from _call_value(context, called, arguments, discarded))
        arguments = yield from _arguments(context, node, env)
        return (yield from _bound(context, receiver, function.attr, arguments, discarded))
    called = yield from evaluate(context, function, env)
    arguments = yield from _arguments(context, node, env)
    return (yield from _call_value(context, called, arguments, discarded))


def _arguments(context: Context, node: ast.Call, env: Env) -> Generator[Event, None, Arguments]:
    positional: tuple[Value, ...] = ()
    for argument in node.args:
        value = yield from evaluate(context, argument, env)
        positional = (*positional, part(value) if isinstance(argument, ast.Starred) else value)
    named: dict[str, Value] = {}
    for keyword in node.keywords:
        value = yield from evaluate(context, keyword.value, env)
        named = {**named, keyword.arg or "**": value}
    return Arguments(positional, named, node)


def _call_value(context: Context, called: Value, arguments: Arguments, discarded: bool) -> Reading:
    if called.closure is not None:
        return (
            yield from call_closure(context, called.closure, arguments.positional, arguments.named)
        )
    if called.receiver is not None:
        return (yield from _bound(context, called.receiver, called.name[1:], arguments, discarded))
    yield from _callbacks(context, arguments)
    if called.name in context.summaries:
        return (yield from _apply(context, context.summaries[called.name], arguments, None))
    if _class_of(context, called.name):
        return (yield from _made(context, called.name, arguments))
    if called.name:
        return (yield from library_call(context, called.name, arguments))
    if called.sources:  # an argument that is called: as pure as what the caller passes
        return FRESH
    sources = frozenset(source for value in arguments.positional for source in value.sources)
    return weaker(Value(sources=sources), Sure.POSSIBLE)  # it may hand back what it got


def _class_of(context: Context, name: str) -> bool:
    owner, _, short = name.rpartition(".")
    module = context.modules.get(owner)
    return module is not None and short in module.classes


def _made(context: Context, name: str, arguments: Arguments) -> Reading:
    """An object of a project class: it holds what it was given."""
    held = [*arguments.positional, *arguments.named.values()]
    new = replace(container(Kind.UNKNOWN, held), instance_of=name)
    for initializer in ("__init__", "__post_init__"):
        summary = context.summaries.get(f"{name}.{initializer}")
        if summary is not None:
            yield from _apply(context, summary, arguments, new)
    return new


def _bound(
    context: Context, receiver: Value, method: str, arguments: Arguments, discarded: bool
) -> Reading:
    """A method of an object."""
    if receiver.closure is not None:
        return FRESH
    if receiver.instance_of:
        summary = context.summaries.get(f"{receiver.instance_of}.{method}")
        if summary is not None:
            yield from _callbacks(context, arguments)
            return (yield from _apply(context, summary, arguments, receiver))
    if method == "pipe" and arguments.positional:
        piped = arguments.at(0)
        rest = replace(
            arguments,
            positional=(receiver, *arguments.positional[1:]),
            node=ast.Call(
                func=arguments.node.func,
                args=[ast.Name("_", ast.Load()), *arguments.node.args[1:]],
                keywords=arguments.node.keywords,
                lineno=arguments.node.lineno,
            ),
        )
        return (yield from _call_value(context, piped, rest, False))
    yield from _callbacks(context, arguments)
    return (yield from method_call(context, receiver, method, arguments, discarded))


def _callbacks(context: Context, arguments: Arguments) -> Generator[Event, None, None]:
    """Functions handed to a call (``map(save, rows)``, ``df.apply(print)``) are called by it."""
    line = line_of(arguments)
    for value in (*arguments.positional, *arguments.named.values()):
        if value.sources or not value.name:
            continue
        summary = context.summaries.get(value.name)
        if summary is not None:
            for finding in summary.findings:
                if finding.cause is not Cause.ARGUMENT and value.name != context.function:
                    yield _through(summary, finding, line)
        else:
            effect = effects.effect_of_name(value.name)
            is_constant = not value.name.rpartition(".")[2].islower()
            if effect is not None and not is_constant and not value.name.startswith("sys."):
                message = f"{effect.phrase}: {value.name}"
                yield Finding(
                    line, effect.cause, message, min(effect.sure, Sure.LIKELY), value.name
                )


def _through(summary: Summary, finding: Finding, line: int) -> Finding:
    """A finding of the called function as one of the caller."""
    origin = finding.origin or f"{finding.message} ({file_of(summary.path)}, line {finding.line})"
    message = f"calls {summary.called}(), which {origin}"
    return replace(finding, line=line, message=message, origin=origin)


def _passing(summary: Summary, finding: Finding) -> str:
    """How an edit by the called function is told of the caller's object."""
    what = finding.message.partition(": ")[2].replace("{", "{{").replace("}", "}}")
    place = f" ({file_of(summary.path)}, line {finding.line})" if " line " not in what else ""
    return "{verb} {name}: " + f"passes it to {summary.called}(), which edits it: {what}{place}"


def file_of(path: str) -> str:
    """Its last part, in a message."""
    return path.replace("\\", "/").rpartition("/")[2]


def _apply(
    context: Context, summary: Summary, arguments: Arguments, receiver: Value | None
) -> Reading:
    """A project function is called: its findings become the caller's, about the caller's objects."""
    given = _bound_parameters(summary, arguments, None if summary.is_static else receiver)
    line = line_of(arguments)
    calls_itself = summary.key == context.function  # what it does is told where it does it
    for finding in summary.findings:
        if finding.cause is not Cause.ARGUMENT:
            if not calls_itself:
                yield _through(summary, finding, line)
            continue
        value = replace(given.get(finding.target, FRESH), name="")
        if calls_itself and {source.name for source in value.sources} == {finding.target}:
            continue
        yield from edit(context, value, line, "", finding.sure, _passing(summary, finding))
    if summary.returned is None:
        return FRESH
    result = substituted(summary.returned, given)
    if summary.is_cached and result.kind is not Kind.SCALAR:
        return _shared(summary, result)
    return result


def _shared(summary: Summary, result: Value) -> Value:
    """What a cache holds: an edit of it is seen by every later caller."""
    sure = Sure.LIKELY if result.kind is Kind.UNKNOWN else Sure.CERTAIN
    kept = Source(Scope.GLOBAL, f"{CACHE_OF}{summary.called}()", sure)
    return replace(result, sources=result.sources | {kept})


def _bound_parameters(
    summary: Summary, arguments: Arguments, receiver: Value | None
) -> dict[str, Value]:
    positional = arguments.positional if receiver is None else (receiver, *arguments.positional)
    given = dict(zip(summary.parameters, positional, strict=False))
    extra = joined(positional[len(summary.parameters) :])
    named = {**given, **arguments.named}
    return named if extra is None else {**named, summary.rest: extra}


def substituted(value: Value, given: Mapping[str, Value]) -> Value:
    """A callee's result in the caller's terms: its parameters are the caller's objects."""
    outer = [
        weaker(given[source.name], source.sure)
        for source in value.sources
        if source.scope is Scope.ARGUMENT and source.name in given
    ]
    own = replace(
        value,
        sources=frozenset(s for s in value.sources if s.scope is not Scope.ARGUMENT),
        element=None if value.element is None else substituted(value.element, given),
        parts=tuple(substituted(item, given) for item in value.parts),
    )
    holds = own.sources or own.element or own.closure
    return joined(([own] if holds or not outer else []) + outer) or FRESH


def call_closure(
    context: Context,
    closure: Closure,
    positional: Sequence[Value],
    named: Mapping[str, Value],
) -> Reading:
    """Read the body of a function defined here with these arguments."""
    if context.depth >= DEEPEST_CALL:
        return FRESH
    node = closure.node
    names = [parameter.arg for parameter in parameters(node.args)]
    given = {**dict.fromkeys(names, FRESH), **dict(zip(names, positional, strict=False))}
    given = {**given, **{name: value for name, value in named.items() if name in names}}
    others = {arg.arg: FRESH for arg in (node.args.vararg, node.args.kwarg) if arg is not None}
    env = {**closure.env, **given, **others}
    if isinstance(node, ast.Lambda):
        return (yield from evaluate(context.deeper(frozenset(env), frozenset()), node.body, env))
    outer = declared(node.body, ast.Nonlocal)
    local = frozenset(bound_names(node.body)) - outer
    inner = context.deeper(local | frozenset(env), frozenset(declared(node.body, ast.Global)))
    return (yield from _returned(context.reader.run(inner, node.body, env)))


def _returned(running: Generator[Event, None, Env | None]) -> Reading:
    """The value that a body gives back; its other events are the caller's."""
    values: list[Event] = []
    for event in running:
        if isinstance(event, Returned | Yielded):
            values.append(event)
        else:
            yield event
    return result_of(values) or FRESH
