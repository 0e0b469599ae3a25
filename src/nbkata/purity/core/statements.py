"""Reading a function's statements in order, with what each name may stand for."""

import ast
from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace

from nbkata.purity.core.calls import call, call_closure
from nbkata.purity.core.context import (
    Context,
    Env,
    Event,
    Jump,
    Reader,
    Returned,
    Running,
    edit,
    snippet,
)
from nbkata.purity.core.expressions import evaluate
from nbkata.purity.core.findings import Cause, Finding, Sure
from nbkata.purity.core.modules import declared, import_bindings
from nbkata.purity.core.values import (
    EDITED_BY_AUGMENTED,
    FRESH,
    SCALAR,
    Closure,
    Kind,
    Value,
    holding,
    iterated_item,
    either,
    part,
)


def run(context: Context, statements: Sequence[ast.stmt], env: Env) -> Running:
    """The statements one after another; those after a ``return`` are not read."""
    current: Env | None = env
    for statement in statements:
        if current is None:
            break
        current = yield from _statement(context, statement, current)
    return current


def _statement(context: Context, node: ast.stmt, env: Env) -> Running:
    match node:
        case ast.Assign(targets=targets, value=value_node):
            value = yield from evaluate(context, value_node, env)
            env = {**env, **_walrus(value_node)}
            for target in targets:
                env = yield from bind(context, target, value, env, snippet(node))
            return env
        case ast.AnnAssign(target=target, value=annotated) if annotated is not None:
            value = yield from evaluate(context, annotated, env)
            return (yield from bind(context, target, value, env, snippet(node)))
        case ast.AugAssign():
            return (yield from _augmented(context, node, env))
        case ast.Delete(targets=targets):
            for target in targets:
                yield from _delete(context, target, env)
            return env
        case ast.Expr(value=expression):
            return (yield from _expression_statement(context, expression, env))
        case ast.Return(value=returned):
            value = FRESH if returned is None else (yield from evaluate(context, returned, env))
            yield from _escaping(value, node.lineno)
            yield Returned(value)
            return None
        case ast.Raise(exc=exc, cause=cause):
            for raised in (exc, cause):
                if raised is not None:
                    yield from evaluate(context, raised, env)
            return None
        case ast.Break() | ast.Continue():
            yield Jump(env)
            return None
        case ast.Import() | ast.ImportFrom():
            names = import_bindings(node, context.module.name)
            return {**env, **{name: Value(name=full) for name, full in names.items()}}
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return (yield from _definition(context, node, env))
        case ast.ClassDef():
            yield from run(context, node.body, env)
            return {**env, node.name: FRESH}
        case _:
            return (yield from _compound(context, node, env))


def _compound(context: Context, node: ast.stmt, env: Env) -> Running:
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            yield from evaluate(context, test, env)
            env = {**env, **_walrus(test)}
            one = yield from run(context, body, env)
            other = yield from run(context, orelse, env)
            return _merged([one, other])
        case ast.For() | ast.AsyncFor():
            return (yield from _for(context, node, env))
        case ast.While(test=test, body=body, orelse=orelse):
            yield from evaluate(context, test, env)
            after = yield from _repeated(context, body, {**env, **_walrus(test)}, env)
            return (yield from run(context, orelse, after))
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            current: Env = env
            for item in items:
                value = yield from evaluate(context, item.context_expr, current)
                if item.optional_vars is not None:
                    current = yield from bind(context, item.optional_vars, value, current, "with")
            contained = {_contained(context, item.context_expr, current) for item in items}
            if any(contained):
                return (yield from _without(contained, context, body, current))
            return (yield from run(context, body, current))
        case ast.Try() | ast.TryStar():
            return (yield from _try(context, node, env))
        case ast.Match(subject=subject, cases=cases):
            value = yield from evaluate(context, subject, env)
            ends: list[Env | None] = [env]
            for case in cases:
                bound = {**env, **{name: part(value) for name in _captures(case.pattern)}}
                if case.guard is not None:
                    yield from evaluate(context, case.guard, bound)
                ends = [*ends, (yield from run(context, case.body, bound))]
            return _merged(ends)
        case ast.Assert(test=test):
            yield from evaluate(context, test, env)
            return env
        case _:
            return env


def _contained(context: Context, node: ast.expr, env: Env) -> str:
    """What does not get out of the block: a word of the findings about it; empty for nothing."""
    if not isinstance(node, ast.Call):
        return ""
    name = _value(context, node.func, env).name
    if name == "contextlib.redirect_stdout" and node.args:
        target = _value(context, node.args[0], env)
        return "prints: " if target.kind is Kind.BUFFER and not target.sources else ""
    return ": warnings." if name == "warnings.catch_warnings" else ""


def _without(
    contained: Iterable[str], context: Context, body: Sequence[ast.stmt], env: Env
) -> Running:
    """What a block catches or puts back at its end is nobody's business."""
    words = [word for word in contained if word]
    running = run(context, body, env)
    while True:
        try:
            event = next(running)
        except StopIteration as stop:
            after: Env | None = stop.value
            return after
        message = event.message if isinstance(event, Finding) else ""
        if not any(word in message for word in words):
            yield event


def _for(context: Context, node: ast.For | ast.AsyncFor, env: Env) -> Running:
    iterated = yield from evaluate(context, node.iter, env)
    bound = yield from bind(context, node.target, iterated_item(iterated), env, "for")
    after = yield from _repeated(context, node.body, bound, env)
    return (yield from run(context, node.orelse, after))


def _repeated(
    context: Context, body: Sequence[ast.stmt], inside: Env, before: Env
) -> Generator[Event, None, Env]:
    """A loop's body, read twice: the second time with what the first left behind."""
    first = yield from _body(context, body, inside)
    again = _merged([inside, first]) or inside
    second = yield from _body(context, body, again)
    return _merged([before, first, second]) or before


def _body(context: Context, body: Sequence[ast.stmt], env: Env) -> Running:
    """Pass all events on but the jumps, which end at the loop."""
    running = run(context, body, env)
    ends: list[Env | None] = []
    while True:
        try:
            event = next(running)
        except StopIteration as stop:
            return _merged([*ends, stop.value])
        if isinstance(event, Jump):
            ends.append(event.env)
        else:
            yield event


def _try(context: Context, node: ast.Try | ast.TryStar, env: Env) -> Running:
    done = yield from run(context, node.body, env)
    failed = _merged([env, done]) or env
    ends = [done if done is None else (yield from run(context, node.orelse, done))]
    for handler in node.handlers:
        bound = {**failed, handler.name: FRESH} if handler.name else failed
        ends = [*ends, (yield from run(context, handler.body, bound))]
    after = _merged(ends)
    last = yield from run(context, node.finalbody, failed if after is None else after)
    return None if after is None else last


def _definition(
    context: Context, node: ast.FunctionDef | ast.AsyncFunctionDef, env: Env
) -> Running:
    """A function defined inside: its body is read once, as if called with new objects."""
    for decorator in node.decorator_list:
        yield from evaluate(context, decorator, env)
    closure = Closure(node, env)
    yield from call_closure(context, closure, (), {})
    return {**env, node.name: Value(closure=closure)}


def _escaping(value: Value, line: int) -> Generator[Event, None, None]:
    """A function that is returned takes what it declares ``nonlocal`` with it."""
    node = value.closure.node if value.closure else None
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        kept = declared(node.body, ast.Nonlocal)
        if kept:
            names = ", ".join(sorted(kept))
            message = f"returns {node.name}(), which remembers {names} from call to call"
            yield Finding(_nonlocal_line(node) or line, Cause.GLOBAL, message, target=names)


def _nonlocal_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int | None:
    names = declared(node.body, ast.Nonlocal)
    lines = [
        child.lineno
        for child in ast.walk(node)
        if isinstance(child, ast.Name) and child.id in names and isinstance(child.ctx, ast.Store)
    ]
    return min(lines, default=None)


def bind(
    context: Context, target: ast.expr, value: Value, env: Env, what: str
) -> Generator[Event, None, Env]:
    """Give ``value`` to a target: a name takes it, anything else is edited by it."""
    match target:
        case ast.Name(id=name):
            if name in context.global_names:
                if not context.at_import:
                    message = f"changes the global {name}: {what}"
                    yield Finding(target.lineno, Cause.GLOBAL, message, target=name)
                return env
            return {**_without_attributes(env, name), name: value}
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            whole = value.parts if len(value.parts) == len(targets) else ()
            for position, item in enumerate(targets):
                each = whole[position] if whole else iterated_item(value)
                env = yield from bind(context, item, each, env, what)
            return env
        case ast.Starred(value=inner):
            return (yield from bind(context, inner, value, env, what))
        case ast.Attribute(value=owner) | ast.Subscript(value=owner):
            if isinstance(target, ast.Subscript):
                yield from evaluate(context, target.slice, env)
            edited = yield from evaluate(context, owner, env)
            yield from edit(context, edited, target.lineno, what)
            stored = _stored(owner, value, env)
            if isinstance(target, ast.Attribute) and isinstance(owner, ast.Name):
                return {**stored, f"{owner.id}.": FRESH, f"{owner.id}.{target.attr}": value}
            return stored
        case _:
            return env


def _without_attributes(env: Env, name: str) -> Env:
    """What was known of the attributes of the object that the name stood for is void."""
    prefix = f"{name}."
    if prefix not in env:  # it is there if one of them is: to look through all names takes long
        return env
    return {key: value for key, value in env.items() if not key.startswith(prefix)}


def _stored(owner: ast.expr, value: Value, env: Env) -> Env:
    """After ``box[key] = value`` the local ``box`` holds the value."""
    if not isinstance(owner, ast.Name) or owner.id not in env:
        return env
    if not (value.sources or value.element or value.closure):
        return env
    return {**env, owner.id: holding(env[owner.id], value)}


def _augmented(context: Context, node: ast.AugAssign, env: Env) -> Running:
    operand = yield from evaluate(context, node.value, env)
    target = node.target
    if not isinstance(target, ast.Name):
        return (yield from bind(context, target, SCALAR, env, snippet(node)))
    if target.id in context.global_names:
        return (yield from bind(context, target, SCALAR, env, snippet(node)))
    current = yield from evaluate(context, ast.Name(target.id, ast.Load(), **_place(node)), env)
    sure = _augmented_sureness(current, node.value, operand)
    if sure is not None:
        yield from edit(context, replace(current, name=""), node.lineno, snippet(node), sure)
    return {**env, target.id: current}


def _place(node: ast.stmt) -> dict[str, int]:
    return {"lineno": node.lineno, "col_offset": node.col_offset}


_WRITTEN_OUT = ast.List | ast.ListComp | ast.Dict | ast.DictComp | ast.Set | ast.SetComp


def _augmented_sureness(current: Value, node: ast.expr, operand: Value) -> Sure | None:
    """``x += …`` edits lists, arrays and frames in place, and makes new numbers and texts."""
    if current.kind is Kind.SCALAR:
        return None
    if current.kind in EDITED_BY_AUGMENTED or isinstance(node, _WRITTEN_OUT):
        return Sure.CERTAIN
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return None
    if operand.kind in (Kind.LIST, Kind.ARRAY, Kind.FRAME):
        return Sure.LIKELY
    return Sure.POSSIBLE


def _delete(context: Context, target: ast.expr, env: Env) -> Generator[Event, None, None]:
    match target:
        case ast.Attribute(value=owner) | ast.Subscript(value=owner):
            edited = yield from evaluate(context, owner, env)
            yield from edit(context, edited, target.lineno, f"del {snippet(target)}")
        case ast.Name(id=name) if name in context.global_names:
            message = f"changes the global {name}: del {name}"
            yield Finding(target.lineno, Cause.GLOBAL, message, target=name)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for item in targets:
                yield from _delete(context, item, env)


def _expression_statement(context: Context, node: ast.expr, env: Env) -> Running:
    inner = node.value if isinstance(node, ast.Await) else node
    if not isinstance(inner, ast.Call):
        yield from evaluate(context, node, env)
        return {**env, **_walrus(node)}
    yield from call(context, inner, env, discarded=True)
    function = inner.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        for argument in inner.args:  # box.append(df): the local box now holds df
            env = _stored(function.value, _value(context, argument, env), env)
    return env


def _value(context: Context, node: ast.expr, env: Env) -> Value:
    """The value alone: its events were told when the call was read."""
    reading = evaluate(context, node, env)
    while True:
        try:
            next(reading)
        except StopIteration as stop:
            value: Value = stop.value
            return value


def _walrus(node: ast.AST) -> dict[str, Value]:
    """Names bound inside an expression; what they stand for is not followed."""
    return {inner.target.id: FRESH for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)}


def _captures(pattern: ast.pattern) -> Iterable[str]:
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        if isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest


def _merged(ends: Sequence[Env | None]) -> Env | None:
    """The names after several paths: of those that can be passed."""
    passable = [env for env in ends if env is not None]
    if not passable:
        return None
    if all(env is passable[0] for env in passable):
        return passable[0]
    found = dict(passable[0])
    for env in passable[1:]:
        for name, value in env.items():
            known = found.setdefault(name, value)
            if known is not value:
                found[name] = either(known, value)
    return found


# The one there is; every context carries it.
READER = Reader(run, bind, call, call_closure)
