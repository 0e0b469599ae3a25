"""What the text of each function says about its purity."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbkata.purity.core import effects
from nbkata.purity.core.context import Place, Project, Summary, snippet
from nbkata.purity.core.findings import Cause, Finding, Sure, distinct
from nbkata.dataflow.core.modules import (
    FunctionNode,
    Module,
    bound_names,
    declared,
    is_main_guard,
    parameters,
)
from nbkata.purity.core.parameters import parameter_value, shared_defaults
from nbkata.purity.core.reading import decorated, read
from nbkata.purity.core.values import Kind, Scope, Source, Value, container

# Findings travel one call further in each; real modules settle after three.
ROUNDS = 6
# The name under which a module's own statements are listed.
ON_IMPORT = "<module>"

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


def read_functions(modules: Sequence[Module]) -> tuple[FunctionText, ...]:
    """Every function and method of ``modules``, in the order of the text.

    A module whose own statements reach the world when it is imported has an entry
    ``<module>`` before its functions.
    """
    project = _settled(modules)
    return tuple(text for module in modules for text in _texts(project, module))


def _texts(project: Project, module: Module) -> Iterator[FunctionText]:
    on_import = _import_findings(project, module)
    if on_import:
        yield FunctionText(module.name, ON_IMPORT, module.path, on_import[0].line, 0, on_import)
    for name, node in module.functions.items():
        findings = project.summaries[f"{module.name}.{name}"].findings
        end = node.end_lineno or node.lineno
        yield FunctionText(module.name, name, module.path, node.lineno, end, findings)


def read_statements(module: Module) -> tuple[tuple[ast.stmt, tuple[Finding, ...]], ...]:
    """Each of a script's own statements, with what running it does to the world."""
    project = _settled([module])
    names: Mapping[str, Value] = {}
    found: list[tuple[ast.stmt, tuple[Finding, ...]]] = []
    for statement in module.tree.body:
        reading = read(project, Place(module), names, [statement])
        names = reading.names
        found.append((statement, distinct(reading.findings)))
    return tuple(found)


def _settled(modules: Sequence[Module]) -> Project:
    """Read all functions again until what callers learn of callees no longer changes."""
    functions = {
        f"{module.name}.{name}": (module, name, node)
        for module in modules
        for name, node in module.functions.items()
    }
    summaries = {key: Summary(key, module.path) for key, (module, _, _) in functions.items()}
    mentioned = {key: _mentioned(module, node) for key, (module, _, node) in functions.items()}
    project = Project({module.name: module for module in modules}, summaries)
    news: frozenset[str] | None = None
    for _ in range(ROUNDS):
        project = _with_globals(project)
        summaries = {
            key: (
                _summary(project, *function)
                if news is None or mentioned[key] & news
                else project.summaries[key]
            )
            for key, function in functions.items()
        }
        news = _news(project, summaries)
        project = replace(project, summaries=summaries)
        if not news:
            break
    return _with_globals(project)


def _mentioned(module: Module, node: FunctionNode) -> frozenset[str]:
    """Every name and attribute in the function, imported ones by the name they have at home."""
    names = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
    attributes = {child.attr for child in ast.walk(node) if isinstance(child, ast.Attribute)}
    homes = {module.imports[name].rpartition(".")[2] for name in names if name in module.imports}
    return frozenset(names | attributes | homes)


def _news(project: Project, summaries: Mapping[str, Summary]) -> frozenset[str]:
    """Short names of what is known better now: who mentions them is read again."""
    functions = {key for key in summaries if summaries[key] != project.summaries[key]}
    makers = {key.rpartition(".")[0] for key in functions if key.endswith("__")}
    now = _changed_globals(replace(project, summaries=summaries))
    changed = {key for key, why in now.items() if project.inputs.get(key) != why}
    return frozenset(key.rpartition(".")[2] for key in functions | makers | changed)


def _with_globals(project: Project) -> Project:
    """The kinds of the modules' own names, and which of them vary."""
    inputs: dict[str, str] = {}
    project = replace(project, values={}, inputs=inputs)
    for name, module in project.modules.items():
        names, origins = _module_names(project, module)
        inputs |= {f"{name}.{key}": origin for key, origin in origins.items()}
        values = {f"{name}.{key}": replace(value, closure=None) for key, value in names.items()}
        project = replace(project, values={**project.values, **values}, inputs=inputs)
    return replace(project, inputs={**inputs, **_changed_globals(project)})


def _module_names(project: Project, module: Module) -> tuple[Mapping[str, Value], dict[str, str]]:
    """The values of a module's own names, and those that come from the world: how."""
    names: Mapping[str, Value] = {}
    origins: dict[str, str] = {}
    for statement in _own_statements(module):
        reading = read(project, Place(module), names, [statement])
        names = reading.names
        causes = [f.cause for f in reading.findings if f.sure is Sure.CERTAIN]
        used = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
        how = [_COMES_FROM_THE_WORLD[cause] for cause in causes if cause in _COMES_FROM_THE_WORLD]
        how += [origins[name] for name in used if name in origins]
        if how:
            origins |= dict.fromkeys(bound_names([statement]), how[0])
    return names, origins


def _own_statements(module: Module) -> list[ast.stmt]:
    """Those that run when the module is imported, definitions and imports left out."""
    skipped = ast.FunctionDef | ast.AsyncFunctionDef | ast.Import | ast.ImportFrom | ast.ClassDef
    return [
        node
        for node in module.tree.body
        if not isinstance(node, skipped) and not is_main_guard(node)
    ]


def _import_findings(project: Project, module: Module) -> tuple[Finding, ...]:
    """What importing the module does beyond defining things."""
    statements = _own_statements(module)
    own = (Cause.ARGUMENT, Cause.GLOBAL, Cause.READS_GLOBAL)
    reaching = [
        replace(finding, message=f"when imported, {finding.message}")
        for finding in read(project, Place(module), {}, statements).findings
        if finding.sure is Sure.CERTAIN and finding.cause not in own
    ]
    trained = [
        Finding(node.lineno, Cause.IMPORT, f"when imported, trains: {snippet(node)}")
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in effects.FITTERS
    ]
    return distinct([*reaching, *trained])


def _changed_globals(project: Project) -> dict[str, str]:
    """Full names of the globals that functions change, with the first that does."""
    changed: dict[str, str] = {}
    for name, module in project.modules.items():
        for function in module.functions:
            for finding in project.summaries[f"{name}.{function}"].findings:
                own = finding.cause is Cause.GLOBAL and not finding.origin
                if own and finding.sure is Sure.CERTAIN:
                    full = module.imports.get(finding.target, f"{name}.{finding.target}")
                    why = f"{function}() (line {finding.line}) changes"
                    changed.setdefault(full, why)
    return changed


def _summary(project: Project, module: Module, name: str, node: FunctionNode) -> Summary:
    place, names = _start(module, name, node)
    reading = read(project, place, names, node.body)
    decorators = _decorators(node)
    return Summary(
        key=place.function,
        path=module.path,
        parameters=tuple(argument.arg for argument in parameters(node.args)),
        rest=node.args.vararg.arg if node.args.vararg else "",
        findings=distinct([*reading.findings, *decorated(project, module, node)]),
        returned=reading.returned,
        is_static="staticmethod" in decorators,
        is_cached=bool(_CACHES & decorators),
    )


def _decorators(node: FunctionNode) -> frozenset[str]:
    """The last words of their names: ``functools.lru_cache(maxsize=None)`` is ``lru_cache``."""
    targets = [item.func if isinstance(item, ast.Call) else item for item in node.decorator_list]
    return frozenset(
        item.attr if isinstance(item, ast.Attribute) else item.id
        for item in targets
        if isinstance(item, ast.Attribute | ast.Name)
    )


def _start(module: Module, name: str, node: FunctionNode) -> tuple[Place, dict[str, Value]]:
    """Where a function is read, and its arguments."""
    names = {arg.arg: parameter_value(arg, node, module) for arg in parameters(node.args)}
    for rest, kind in ((node.args.vararg, Kind.LIST), (node.args.kwarg, Kind.DICT)):
        if rest:
            outside = Value(sources=frozenset([Source(Scope.ARGUMENT, rest.arg)]))
            names[rest.arg] = container(kind, [outside])
    class_name, _, _ = name.rpartition(".")
    first = next(iter([*node.args.posonlyargs, *node.args.args]), None)
    own = ""
    if class_name in module.classes and first and "staticmethod" not in _decorators(node):
        own, full = first.arg, f"{module.name}.{class_name}"
        names[own] = replace(names[own], kind=Kind.UNKNOWN, instance_of=full)
        if "classmethod" in _decorators(node):
            names[own] = Value(name=full, instance_of=full)
    globals_ = frozenset(declared(node.body, ast.Global))
    place = Place(
        module=module,
        function=f"{module.name}.{name}",
        own_object=own,
        local_names=frozenset(bound_names(node.body)) - globals_,
        global_names=globals_,
        shared_defaults=shared_defaults(node),
    )
    return place, names
