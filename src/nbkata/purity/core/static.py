"""What the text of each function says about its purity."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nbkata.purity.core import effects, fixes
from nbkata.purity.core.calls import file_of
from nbkata.purity.core.context import (
    MAKERS,
    Context,
    Event,
    Returned,
    Summary,
    result_of,
    snippet,
)
from nbkata.purity.core.findings import Cause, Finding, Sure, distinct
from nbkata.purity.core.modules import (
    FunctionNode,
    Module,
    bound_names,
    declared,
    is_main_guard,
    parameters,
)
from nbkata.purity.core.parameters import parameter_value
from nbkata.purity.core.statements import READER, run
from nbkata.purity.core.values import Kind, Scope, Source, Value, container

ROUNDS = 6
"""At most; findings travel one call further in each, and real modules settle after three."""

ON_IMPORT = "<module>"
"""The name under which a module's own statements are listed."""

_COMES_FROM_THE_WORLD = {
    Cause.READS: "is read from a file when the module is imported",
    Cause.NETWORK: "comes from the network when the module is imported",
    Cause.CLOCK: "depends on when the module was imported",
    Cause.RANDOM: "is random",
    Cause.ENVIRONMENT: "comes from the environment",
    Cause.ASKS: "is asked from the user",
}
_CACHES = frozenset("lru_cache cache cached_property memoize cached".split())


@dataclass(frozen=True, slots=True)
class FunctionText:
    """A function, and what its text says."""

    module: str
    name: str
    path: str
    line: int
    end_line: int
    findings: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """The full name."""
        return f"{self.module}.{self.name}"


def read_functions(modules: Sequence[Module]) -> tuple[FunctionText, ...]:
    """Every function and method of ``modules``, in the order of the text.

    A module whose own statements reach the world when it is imported has an entry
    ``<module>`` before its functions.
    """
    summaries, context_of = _settled(modules)
    found: tuple[FunctionText, ...] = ()
    for module in modules:
        on_import = _import_findings(context_of[module.name], module)
        if on_import:
            found = (
                *found,
                FunctionText(module.name, ON_IMPORT, module.path, on_import[0].line, 0, on_import),
            )
        for name, node in module.functions.items():
            summary = summaries[f"{module.name}.{name}"]
            found = (*found, _text(module, name, node, summary))
    return found


def read_statements(module: Module) -> tuple[tuple[ast.stmt, tuple[Finding, ...]], ...]:
    """Each of a script's own statements, with what running it does to the world."""
    _, contexts = _settled([module])
    context = replace(contexts[module.name], at_import=True)
    env: Mapping[str, Value] = {}
    found: list[tuple[ast.stmt, tuple[Finding, ...]]] = []
    for statement in module.tree.body:
        events, after = _events(run(context, [statement], env))
        env = env if after is None else after
        world = [event for event in events if isinstance(event, Finding)]
        found.append((statement, distinct(world)))
    return tuple(found)


def _text(module: Module, name: str, node: FunctionNode, summary: Summary) -> FunctionText:
    return FunctionText(
        module=module.name,
        name=name,
        path=module.path,
        line=node.lineno,
        end_line=node.end_lineno or node.lineno,
        findings=summary.findings,
    )


def _settled(
    modules: Sequence[Module],
) -> tuple[dict[str, Summary], dict[str, Context]]:
    """Read all functions again until what callers learn of callees no longer changes."""
    by_name = {module.name: module for module in modules}
    summaries = {
        f"{module.name}.{name}": Summary(f"{module.name}.{name}", module.path, node.lineno)
        for module in modules
        for name, node in module.functions.items()
    }
    mentioned = {
        f"{module.name}.{name}": _mentioned(module, node)
        for module in modules
        for name, node in module.functions.items()
    }
    contexts: dict[str, Context] = {}
    changed: dict[str, str] = {}
    news: frozenset[str] | None = None
    for _ in range(ROUNDS):
        contexts = _contexts(by_name, summaries, changed)
        read = {
            key: (
                _summary(contexts[module.name], name, node)
                if news is None or mentioned[key] & news
                else summaries[key]
            )
            for module in modules
            for name, node in module.functions.items()
            for key in (f"{module.name}.{name}",)
        }
        edited = _changed_globals(by_name, read)
        news = _news(summaries, read, changed, edited)
        summaries, changed = read, edited
        if not news:
            break
    return summaries, contexts


def _mentioned(module: Module, node: FunctionNode) -> frozenset[str]:
    """Every name and attribute in the function, imported ones by the name they have at home."""
    names = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
    attributes = {child.attr for child in ast.walk(node) if isinstance(child, ast.Attribute)}
    homes = {module.imports[name].rpartition(".")[2] for name in names if name in module.imports}
    return frozenset(names | attributes | homes)


def _news(
    old: Mapping[str, Summary],
    new: Mapping[str, Summary],
    old_globals: Mapping[str, str],
    new_globals: Mapping[str, str],
) -> frozenset[str]:
    """Short names of what is known better now: who mentions them is read again."""
    functions = {key for key in new if new[key] != old[key]}
    makers = {key.rpartition(".")[0] for key in functions if key.endswith("__")}
    names = {key for key in new_globals if new_globals[key] != old_globals.get(key)}
    return frozenset(key.rpartition(".")[2] for key in functions | makers | names)


def _contexts(
    modules: Mapping[str, Module], summaries: Mapping[str, Summary], changed: Mapping[str, str]
) -> dict[str, Context]:
    """One for each module, knowing the kinds and the origins of all globals."""
    bare = {
        name: Context(READER, module, summaries, modules, {}, changed, {})
        for name, module in modules.items()
    }
    known: dict[str, Value] = {}
    tainted: dict[str, str] = {}
    for name, context in bare.items():
        values, origins = _module_names(replace(context, globals_=known, tainted_globals=tainted))
        known = {**known, **{f"{name}.{key}": value for key, value in values.items()}}
        tainted = {**tainted, **{f"{name}.{key}": origin for key, origin in origins.items()}}
    return {
        name: replace(context, globals_=known, tainted_globals=tainted)
        for name, context in bare.items()
    }


def _module_names(context: Context) -> tuple[dict[str, Value], dict[str, str]]:
    """The values of a module's own names, and those that come from the world: how."""
    env: Mapping[str, Value] = {}
    origins: dict[str, str] = {}
    context = replace(context, at_import=True)
    for statement in _own_statements(context.module):
        events, after = _events(run(context, [statement], env))
        env = env if after is None else after
        how = next(
            (
                _COMES_FROM_THE_WORLD[event.cause]
                for event in events
                if isinstance(event, Finding)
                and event.cause in _COMES_FROM_THE_WORLD
                and event.sure is Sure.CERTAIN
            ),
            None,
        )
        used = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
        how = how or next((origins[name] for name in used if name in origins), None)
        if how is not None:
            origins |= dict.fromkeys(bound_names([statement]), how)
    return {name: _plain(value) for name, value in env.items()}, origins


def _plain(value: Value) -> Value:
    return Value(kind=value.kind, instance_of=value.instance_of, name=value.name)


def _own_statements(module: Module) -> list[ast.stmt]:
    """Those that run when the module is imported, definitions and imports left out."""
    skipped = ast.FunctionDef | ast.AsyncFunctionDef | ast.Import | ast.ImportFrom | ast.ClassDef
    return [
        node
        for node in module.tree.body
        if not isinstance(node, skipped) and not is_main_guard(node)
    ]


def _import_findings(context: Context, module: Module) -> tuple[Finding, ...]:
    """What importing the module does beyond defining things."""
    events, _ = _events(run(replace(context, at_import=True), _own_statements(module), {}))
    reaching = [
        replace(event, message=f"when imported, {event.message}", cause=event.cause)
        for event in events
        if isinstance(event, Finding)
        and event.sure is Sure.CERTAIN
        and event.cause not in (Cause.ARGUMENT, Cause.GLOBAL, Cause.READS_GLOBAL)
    ]
    return distinct([*reaching, *_trained_on_import(module)])


def _trained_on_import(module: Module) -> Iterable[Finding]:
    for statement in _own_statements(module):
        for node in ast.walk(statement):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in effects.FITTERS
            ):
                message = f"when imported, trains: {snippet(node)}"
                yield Finding(node.lineno, Cause.IMPORT, message)


def _changed_globals(
    modules: Mapping[str, Module], summaries: Mapping[str, Summary]
) -> dict[str, str]:
    """Full names of the globals that functions change, with the first that does."""
    changed: dict[str, str] = {}
    for summary in summaries.values():
        owner = next(
            name
            for name in modules
            if summary.key.startswith(f"{name}.")
            and summary.key[len(name) + 1 :] in modules[name].functions
        )
        for finding in summary.findings:
            if (
                finding.cause is Cause.GLOBAL
                and finding.sure is Sure.CERTAIN
                and not finding.origin
            ):
                imported = modules[owner].imports.get(finding.target)
                full = imported or f"{owner}.{finding.target}"
                short = summary.key[len(owner) + 1 :]
                changed = {full: f"{short}() (line {finding.line})", **changed}
    return changed


def _summary(context: Context, name: str, node: FunctionNode) -> Summary:
    events, _ = _events(run(*_start(context, name, node)))
    key = f"{context.module.name}.{name}"
    findings = distinct(
        [
            event
            for event in [*events, *_decorator_findings(context, node)]
            if isinstance(event, Finding)
        ]
    )
    values = [event.value for event in events if isinstance(event, Returned)]
    shared = _shared_defaults(node)
    findings = tuple(
        (
            replace(finding, remedy=fixes.of_default(finding.target))
            if finding.cause is Cause.ARGUMENT and finding.target in shared
            else finding
        )
        for finding in findings
    )
    return Summary(
        key=key,
        path=context.module.path,
        line=node.lineno,
        parameters=tuple(argument.arg for argument in parameters(node.args)),
        rest=node.args.vararg.arg if node.args.vararg else "",
        findings=(*findings, *_default_findings(node, values)),
        returned=result_of(events),
        is_static="staticmethod" in _decorators(node),
        is_cached=bool(_CACHES & _decorators(node)),
    )


def _decorators(node: FunctionNode) -> frozenset[str]:
    """The last words of their names: ``functools.lru_cache(maxsize=None)`` is ``lru_cache``."""
    targets = [item.func if isinstance(item, ast.Call) else item for item in node.decorator_list]
    return frozenset(
        item.attr if isinstance(item, ast.Attribute) else item.id
        for item in targets
        if isinstance(item, ast.Attribute | ast.Name)
    )


def _decorator_findings(context: Context, node: FunctionNode) -> list[Event]:
    """A project decorator's wrapper runs with every call of the function."""
    found: list[Event] = []
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if not isinstance(target, ast.Name):
            continue
        full = context.module.imports.get(target.id, f"{context.module.name}.{target.id}")
        summary = context.summaries.get(full)
        if summary is None:
            continue
        for finding in summary.findings:
            if finding.cause is not Cause.ARGUMENT:
                file = "" if summary.path == context.module.path else f"{file_of(summary.path)}, "
                place = finding.origin or f"{finding.message} ({file}line {finding.line})"
                message = f"its decorator {target.id} {place}"
                found = [
                    *found,
                    replace(finding, line=decorator.lineno, message=message, origin=place),
                ]
    return found


def _shared_defaults(node: FunctionNode) -> dict[str, int]:
    """Parameters with a default that can be edited, and their lines: all calls share it."""
    positional = [*node.args.posonlyargs, *node.args.args]
    pairs = [
        *zip(reversed(positional), reversed(node.args.defaults), strict=False),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]
    return {
        argument.arg: argument.lineno
        for argument, default in pairs
        if isinstance(default, ast.List | ast.Dict | ast.Set)
        or (isinstance(default, ast.Call) and snippet(default) in ("list()", "dict()", "set()"))
    }


def _default_findings(node: FunctionNode, returned: Sequence[Value]) -> tuple[Finding, ...]:
    """A mutable default that is handed out: whoever edits it edits every later call's."""
    given_back = {source.name for value in returned for source in value.sources}
    return tuple(
        Finding(
            line,
            Cause.ARGUMENT,
            f"returns its mutable default {name}: every call shares it",
            Sure.LIKELY,
            name,
            remedy=fixes.of_default(name),
        )
        for name, line in _shared_defaults(node).items()
        if name in given_back
    )


def _start(
    context: Context, name: str, node: FunctionNode
) -> tuple[Context, Sequence[ast.stmt], Mapping[str, Value]]:
    """The function's context, its statements and its arguments."""
    class_name, own = _owner(context.module, name, node)
    names = parameters(node.args)
    env = {argument.arg: parameter_value(argument, node, context.module) for argument in names}
    if own:
        itself = replace(env[own], kind=Kind.UNKNOWN, instance_of=class_name)
        if "classmethod" in _decorators(node):
            itself = Value(name=class_name, instance_of=class_name)
        env = {**env, own: itself}
    if node.args.vararg:
        outside = Value(sources=frozenset([Source(Scope.ARGUMENT, node.args.vararg.arg)]))
        env = {**env, node.args.vararg.arg: container(Kind.LIST, [outside])}
    if node.args.kwarg:
        outside = Value(sources=frozenset([Source(Scope.ARGUMENT, node.args.kwarg.arg)]))
        env = {**env, node.args.kwarg.arg: container(Kind.DICT, [outside])}
    globals_ = frozenset(declared(node.body, ast.Global))
    inner = replace(
        context,
        local_names=frozenset(bound_names(node.body)) - globals_,
        global_names=globals_,
        function=f"{context.module.name}.{name}",
        own_object=own,
        may_edit_self=node.name in MAKERS,
    )
    return inner, node.body, env


def _owner(module: Module, name: str, node: FunctionNode) -> tuple[str, str]:
    """The class of a method and the parameter for its object; two empty texts for a function."""
    class_name, _, _ = name.rpartition(".")
    if class_name not in module.classes:
        return "", ""
    first = next(iter([*node.args.posonlyargs, *node.args.args]), None)
    if first is None or "staticmethod" in _decorators(node):
        return "", ""
    return f"{module.name}.{class_name}", first.arg


def _events(running: Iterable[Event]) -> tuple[list[Event], Mapping[str, Value] | None]:
    """All events, and the names that are left at the end."""
    events: list[Event] = []
    iterator = iter(running)
    while True:
        try:
            events.append(next(iterator))
        except StopIteration as stop:
            return events, stop.value
