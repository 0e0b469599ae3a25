"""Reading the text of a function: what its names may stand for, and what it does to the world.

Statements are read in order, each path of a branch with names of its own; a loop's body is read
twice, the second time with what the first left behind.
"""

import ast
import builtins
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nbkata.purity.core import effects, fixes
from nbkata.purity.core.context import MAKERS, Names, Place, Project, Summary, file_of, snippet
from nbkata.purity.core.effects import Effect
from nbkata.purity.core.findings import Cause, Finding, Sure
from nbkata.purity.core.known import (
    Arguments,
    Edits,
    attribute_of,
    library_edits,
    library_effect,
    library_result,
    method_edits,
    method_effect,
    method_result,
    operated,
    subscripted,
)
from nbkata.dataflow.core.modules import Module, bound_names, declared, import_bindings, parameters
from nbkata.purity.core.values import (
    EDITED_BY_AUGMENTED,
    FRESH,
    SCALAR,
    Closure,
    Kind,
    Scope,
    Source,
    Value,
    container,
    either,
    holding,
    in_terms_of,
    iterated_item,
    joined,
    merged,
    part,
    weaker,
)

# Functions defined within functions that are followed through their calls.
_DEEPEST_CALL = 4
_BUILTINS = frozenset(dir(builtins)) | {"display", "get_ipython"}
_WRITTEN_OUT = ast.List | ast.ListComp | ast.Dict | ast.DictComp | ast.Set | ast.SetComp

Path = tuple[Names, Sequence[ast.stmt]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the statements do, what they may return, and the names after them."""

    findings: tuple[Finding, ...]
    returned: Value
    names: Names


def read(project: Project, place: Place, names: Names, statements: Sequence[ast.stmt]) -> Reading:
    """Read statements that begin with these names."""
    reader = _Reader(project, place, names)
    reader.block(statements)
    returned = container(Kind.LIST, reader.yielded) if reader.yielded else joined(reader.returned)
    return Reading(tuple(reader.findings), returned, reader.names)


def decorated(
    project: Project, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Finding]:
    """What a project decorator's wrapper does: it runs with every call of the function."""
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = target.id if isinstance(target, ast.Name) else ""
        summary = project.summaries.get(module.imports.get(name, f"{module.name}.{name}"))
        for finding in summary.findings if summary else ():
            if finding.cause is not Cause.ARGUMENT:
                assert summary is not None
                file = "" if summary.path == module.path else f"{file_of(summary.path)}, "
                origin = finding.origin or f"{finding.message} ({file}line {finding.line})"
                message = f"its decorator {name} {origin}"
                yield replace(finding, line=decorator.lineno, message=message, origin=origin)


class _Reader:  # pylint: disable=too-many-public-methods
    """Goes through the statements and gathers what they do."""

    def __init__(self, project: Project, place: Place, names: Names) -> None:
        self.project = project
        self.place = place
        self.names = dict(names)
        self.findings: list[Finding] = []
        self.returned: list[Value] = []
        self.yielded: list[Value] = []
        self.depth = 0

    # Statements: each method says whether the end is reached.

    def block(self, statements: Iterable[ast.stmt]) -> bool:
        """Read the statements one after another; those after a ``return`` are not read."""
        return all(self.statement(node) for node in statements)

    def statement(self, node: ast.stmt) -> bool:
        """Read one statement."""
        match node:
            case ast.Assign(targets=targets, value=value_node):
                value = self.evaluate(value_node)
                for target in targets:
                    self.bind(target, value, node)
            case ast.AnnAssign(target=target, value=annotated) if annotated is not None:
                self.bind(target, self.evaluate(annotated), node)
            case ast.AugAssign():
                self.augment(node)
            case ast.Delete(targets=targets):
                for target in targets:
                    self.delete(target)
            case ast.Expr(value=ast.Await(value=ast.Call() as call) | (ast.Call() as call)):
                self.call(call, discarded=True)
            case ast.Expr(value=expression) | ast.Assert(test=expression):
                self.evaluate(expression)
            case ast.Return(value=returned):
                value = FRESH if returned is None else self.evaluate(returned)
                self.escape(value, node.lineno)
                self.returned.append(value)
                return False
            case ast.Raise(exc=exc, cause=cause):
                for raised in (exc, cause):
                    if raised is not None:
                        self.evaluate(raised)
                return False
            case ast.Import() | ast.ImportFrom():
                imported = import_bindings(node, self.place.module.name)
                self.names |= {name: Value(name=full) for name, full in imported.items()}
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.define(node)
            case ast.ClassDef():
                self.block(node.body)
                self.names[node.name] = FRESH
            case _:
                return self.compound(node)
        return True

    def compound(self, node: ast.stmt) -> bool:
        """Read a statement that holds others."""
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                self.evaluate(test)
                return self.branch([({}, body), ({}, orelse)])
            case ast.For() | ast.AsyncFor():
                item = iterated_item(self.evaluate(node.iter))
                self.loop(node.body, lambda: self.bind(node.target, item, "for"))
                return self.block(node.orelse)
            case ast.While(test=test, body=body, orelse=orelse):
                self.loop(body, lambda: self.evaluate(test))
                return self.block(orelse)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                return self.manage(items, body)
            case ast.Try() | ast.TryStar():
                return self.attempt(node)
            case ast.Match(subject=subject, cases=cases):
                inner = part(self.evaluate(subject))
                paths: list[Path] = [({}, [])]
                for case in cases:
                    guard = [ast.Expr(case.guard)] if case.guard else []
                    paths.append((dict.fromkeys(_captures(case.pattern), inner), guard + case.body))
                return self.branch(paths)
        return True

    def branch(self, paths: Sequence[Path], ends: Sequence[Names] = ()) -> bool:
        """Read each path from the names at hand; the names afterwards are of any of them."""
        before = self.names
        after = list(ends)
        for names, statements in paths:
            self.names = {**before, **names}
            if self.block(statements):
                after.append(self.names)
        self.names = merged(after) if after else before
        return bool(after)

    def loop(self, body: Sequence[ast.stmt], begin: Callable[[], object]) -> None:
        """Read a loop's body twice; perhaps it is not run at all."""
        before = self.names
        for _ in range(2):
            self.names = dict(self.names)
            begin()
            self.block(body)
            self.names = merged([before, self.names])

    def manage(self, items: Sequence[ast.withitem], body: Sequence[ast.stmt]) -> bool:
        """Read a ``with`` block; what it catches or puts back at its end is nobody's business."""
        words = []
        for item in items:
            value = self.evaluate(item.context_expr)
            if isinstance(item.context_expr, ast.Call):
                words.append(self.contained(item.context_expr))
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value, "with")
        first = len(self.findings)
        passed = self.block(body)
        self.findings[first:] = [
            finding
            for finding in self.findings[first:]
            if not any(word and word in finding.message for word in words)
        ]
        return passed

    def contained(self, node: ast.Call) -> str:
        """A word of the findings that do not get out of the block; empty for none."""
        name = self.quietly(node.func).name
        if name == "contextlib.redirect_stdout" and node.args:
            target = self.quietly(node.args[0])
            return "prints: " if target.kind is Kind.BUFFER and not target.sources else ""
        return ": warnings." if name == "warnings.catch_warnings" else ""

    def quietly(self, node: ast.expr) -> Value:
        """The value of an expression that was read before."""
        first = len(self.findings)
        value = self.evaluate(node)
        del self.findings[first:]
        return value

    def attempt(self, node: ast.Try | ast.TryStar) -> bool:
        """Read a ``try`` with its handlers, which begin anywhere in its body."""
        before = self.names
        self.names = dict(before)
        done = self.block(node.body)
        failed = merged([before, self.names])
        passed = done and self.block(node.orelse)
        ends = [self.names] if passed else []
        self.names = failed
        handlers: list[Path] = [
            ({handler.name: FRESH} if handler.name else {}, handler.body)
            for handler in node.handlers
        ]
        passed = self.branch(handlers, ends)
        return self.block(node.finalbody) and passed

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """A function defined inside: its body is read once, as if called with new objects."""
        for decorator in node.decorator_list:
            self.evaluate(decorator)
        closure = Closure(node, dict(self.names))
        self.call_closure(closure, (), {})
        self.names[node.name] = Value(closure=closure)

    def escape(self, value: Value, line: int) -> None:
        """A function that is returned takes what it declares ``nonlocal`` with it."""
        node = value.closure.node if value.closure else None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            kept = declared(node.body, ast.Nonlocal)
            if kept:
                lines = [
                    child.lineno
                    for child in ast.walk(node)
                    if isinstance(child, ast.Name)
                    and child.id in kept
                    and isinstance(child.ctx, ast.Store)
                ]
                names = ", ".join(sorted(kept))
                message = f"returns {node.name}(), which remembers {names} from call to call"
                self.found(min(lines, default=line), Cause.GLOBAL, message, target=names)

    # What is given to names and objects.

    def bind(self, target: ast.expr, value: Value, what: ast.AST | str) -> None:
        """Give ``value`` to a target: a name takes it, anything else is edited by it."""
        match target:
            case ast.Name(id=name) if name in self.place.global_names:
                if not self.place.at_import:
                    self.change_global(target, what)
            case ast.Name(id=name):
                self.names[name] = value
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for item in targets:
                    self.bind(item, iterated_item(value), what)
            case ast.Starred(value=inner):
                self.bind(inner, value, what)
            case ast.Attribute(value=owner) | ast.Subscript(value=owner):
                if isinstance(target, ast.Subscript):
                    self.evaluate(target.slice)
                self.edit(self.evaluate(owner), target.lineno, what)
                self.store(owner, [value])

    def store(self, owner: ast.expr, values: Iterable[Value]) -> None:
        """After ``box[key] = value`` or ``box.append(value)`` the local ``box`` holds the value."""
        if isinstance(owner, ast.Name) and owner.id in self.names:
            self.names[owner.id] = holding(self.names[owner.id], values)

    def augment(self, node: ast.AugAssign) -> None:
        """``x += …`` edits lists, arrays and frames in place, and makes new numbers and texts."""
        operand = self.evaluate(node.value)
        target = node.target
        if not isinstance(target, ast.Name) or target.id in self.place.global_names:
            self.bind(target, SCALAR, node)
            return
        current = self.name(target.id, node.lineno)
        if current.kind in EDITED_BY_AUGMENTED or isinstance(node.value, _WRITTEN_OUT):
            sure = Sure.CERTAIN
        else:
            mutable = operand.kind in (Kind.LIST, Kind.ARRAY, Kind.FRAME)
            sure = Sure.LIKELY if mutable else Sure.POSSIBLE
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if current.kind is not Kind.SCALAR and not is_text:
            self.edit(replace(current, name=""), node.lineno, node, sure)
        self.names[target.id] = current

    def delete(self, target: ast.expr) -> None:
        """Read ``del``."""
        match target:
            case ast.Attribute(value=owner) | ast.Subscript(value=owner):
                self.edit(self.evaluate(owner), target.lineno, f"del {snippet(target)}")
            case ast.Name(id=name) if name in self.place.global_names:
                self.change_global(target, f"del {name}")
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for item in targets:
                    self.delete(item)

    def change_global(self, target: ast.Name, what: ast.AST | str) -> None:
        """A name that is declared ``global`` gets another value."""
        shown = what if isinstance(what, str) else snippet(what)
        message = f"changes the global {target.id}: {shown}"
        self.found(target.lineno, Cause.GLOBAL, message, target=target.id)

    def found(  # pylint: disable=too-many-arguments,too-many-positional-arguments
        self, line: int, cause: Cause, message: str, sure: Sure = Sure.CERTAIN, target: str = ""
    ) -> None:
        """Keep a finding."""
        self.findings.append(Finding(line, cause, message, sure, target))

    def affect(self, line: int, effect: Effect, what: str, target: str = "") -> None:
        """Keep what a call does to the world."""
        self.found(line, effect.cause, f"{effect.phrase}: {what}", effect.sure, target)

    def edit(  # pylint: disable=too-many-arguments,too-many-positional-arguments
        self,
        value: Value,
        line: int,
        what: ast.AST | str,
        sure: Sure = Sure.CERTAIN,
        message: str = "{verb} {name}: {what}",
    ) -> None:
        """Findings for an edit of ``value``: one for each outside object that it may be."""
        if not value.sources and (not value.name or self.place.at_import):
            return
        shown = what if isinstance(what, str) else snippet(what)
        for source in sorted(value.sources, key=lambda source: (source.scope, source.name)):
            self.edit_source(source, value.kind, line, (shown, message), sure)
        owner, _, short = value.name.rpartition(".")
        if not value.sources and owner in self.project.modules:
            self.found(line, Cause.GLOBAL, f"changes the global {short}: {shown}", sure, short)
        elif not value.sources:
            self.found(line, Cause.SETTINGS, f"changes {value.name}: {shown}", sure, value.name)

    def edit_source(  # pylint: disable=too-many-arguments,too-many-positional-arguments
        self, source: Source, kind: Kind, line: int, what: tuple[str, str], sure: Sure
    ) -> None:
        """A finding for an edit of one outside object."""
        shown, message = what
        sure = min(sure, source.sure)
        if source.scope is Scope.GLOBAL:
            if not self.place.at_import:
                text = message.format(verb="changes the global", name=source.name, what=shown)
                remedy = fixes.CACHED if source.name.startswith("cache of ") else ""
                self.findings.append(
                    Finding(line, Cause.GLOBAL, text, sure, source.name, remedy=remedy)
                )
            return
        text = message.format(verb="edits its argument", name=source.name, what=shown)
        remedy = fixes.of_statement(source.name, kind, text.partition(": ")[2])
        if source.name in self.place.shared_defaults:
            remedy = fixes.DEFAULT.format(name=source.name)
        if source.name == self.place.own_object:
            if self.place.function.rpartition(".")[2] in MAKERS:
                return
            text = text.replace(f"edits its argument {source.name}", "changes its own object")
            remedy = fixes.NEW_OBJECT
        self.findings.append(Finding(line, Cause.ARGUMENT, text, sure, source.name, remedy=remedy))

    # Expressions.

    def evaluate(self, node: ast.expr) -> Value:
        """What an expression may stand for; what computing it does is kept."""
        match node:
            case ast.Name(id=name):
                return self.name(name, node.lineno)
            case ast.Constant():
                return SCALAR
            case ast.Attribute(value=owner, attr=attribute):
                value = self.evaluate(owner)
                if value.is_named:
                    return self.named(f"{value.name}.{attribute}", node.end_lineno or node.lineno)
                return attribute_of(value, attribute)
            case ast.Subscript(value=owner, slice=key):
                value = self.evaluate(owner)
                self.evaluate(key)
                return subscripted(value, key)
            case ast.Call():
                return self.call(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.evaluate(test)
                return either(self.evaluate(body), self.evaluate(orelse))
            case ast.BoolOp(values=nodes):
                return joined([self.evaluate(item) for item in nodes])
            case ast.NamedExpr(target=target, value=inner):
                value = self.evaluate(inner)
                self.bind(target, value, node)
                return value
            case ast.Lambda():
                closure = Closure(node, dict(self.names))
                self.call_closure(closure, (), {})
                return Value(closure=closure)
            case ast.Await(value=inner) | ast.Starred(value=inner):
                return self.evaluate(inner)
            case ast.Yield(value=yielded):
                self.yielded.append(FRESH if yielded is None else self.evaluate(yielded))
                return FRESH
            case ast.YieldFrom(value=inner):
                self.yielded.append(part(self.evaluate(inner)))
                return FRESH
        return self.composed(node)

    def composed(self, node: ast.expr) -> Value:
        """An expression that makes a new object of others."""
        match node:
            case ast.List(elts=nodes) | ast.Tuple(elts=nodes) | ast.Set(elts=nodes):
                kinds = {ast.List: Kind.LIST, ast.Set: Kind.SET}
                items = [
                    part(value) if isinstance(item, ast.Tuple | ast.Starred) else value
                    for item, value in zip(nodes, self.each(nodes), strict=True)
                ]
                return container(kinds.get(type(node), Kind.UNKNOWN), items)
            case ast.Dict(keys=keys, values=nodes):
                self.each(key for key in keys if key is not None)
                return container(Kind.DICT, self.each(nodes))
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self.comprehension(node)
        children = (
            child.value if isinstance(child, ast.FormattedValue) else child
            for child in ast.iter_child_nodes(node)
        )
        return operated(node, self.each(c for c in children if isinstance(c, ast.expr)))

    def each(self, nodes: Iterable[ast.expr]) -> list[Value]:
        """The values of several expressions."""
        return [self.evaluate(node) for node in nodes]

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> Value:
        """A comprehension has names of its own."""
        outer = self.names
        self.names = dict(outer)
        for generator in node.generators:
            self.bind(generator.target, iterated_item(self.evaluate(generator.iter)), "for")
            self.each(generator.ifs)
        if isinstance(node, ast.DictComp):
            self.evaluate(node.key)
            made = container(Kind.DICT, [self.evaluate(node.value)])
        else:
            kind = Kind.SET if isinstance(node, ast.SetComp) else Kind.LIST
            made = container(kind, [self.evaluate(node.elt)])
        self.names = outer
        return made

    def name(self, name: str, line: int) -> Value:
        """What a name stands for at this point of the text."""
        module = self.place.module
        full = f"{module.name}.{name}"
        if name not in self.place.global_names:
            if name in self.names:
                return self.names[name]
            if name in self.place.local_names:
                return FRESH  # bound on another path, or later
        if full in self.project.summaries or name in module.classes:
            return Value(name=full)
        if name in module.imports:
            return self.named(module.imports[name], line, name)
        if name in module.assigned:
            return self.named(full, line, name)
        return Value(name=name if name in _BUILTINS else self.starred(name))

    def starred(self, name: str) -> str:
        """The full name of what ``from module import *`` may have brought."""
        names = (f"{star}.{name}" for star in self.place.module.stars)
        known = self.project.summaries
        return next((n for n in names if n in known or effects.effect_of_name(n)), "")

    def named(self, full: str, line: int, shown: str = "") -> Value:
        """What a full name stands for: data of a module is a global, the rest a name."""
        effect = effects.READ_ATTRIBUTES.get(full)
        if effect is not None and not self.place.at_import:
            self.affect(line, effect, full, full)
        owner, _, name = full.rpartition(".")
        module = self.project.modules.get(owner)
        if module is None or name not in module.assigned or name in module.classes:
            return Value(name=full)
        if full in self.project.summaries:
            return Value(name=full)
        shown = shown or full
        why = self.project.inputs.get(full)
        if why is not None and not self.place.at_import:
            message = f"reads the global {shown}, which {why}"
            self.found(line, Cause.READS_GLOBAL, message, target=shown)
        known = self.project.values.get(full, FRESH)
        return replace(known, sources=frozenset([Source(Scope.GLOBAL, shown)]))

    # Calls.

    def call(self, node: ast.Call, discarded: bool = False) -> Value:
        """Read a call; ``discarded`` says that nobody looks at what it returns."""
        function = node.func
        receiver = self.evaluate(function.value) if isinstance(function, ast.Attribute) else FRESH
        if isinstance(function, ast.Attribute) and not receiver.is_named:
            arguments = self.arguments(node, discarded)
            return self.call_method(receiver, function, arguments)
        if isinstance(function, ast.Attribute):
            full = f"{receiver.name}.{function.attr}"
            called = self.named(full, function.end_lineno or node.lineno)
        else:
            called = self.evaluate(function)
        return self.call_value(called, self.arguments(node, discarded))

    def arguments(self, node: ast.Call, discarded: bool) -> Arguments:
        """Read the arguments of a call."""
        positional = tuple(
            part(value) if isinstance(argument, ast.Starred) else value
            for argument, value in zip(node.args, self.each(node.args), strict=True)
        )
        named = {word.arg or "**": self.evaluate(word.value) for word in node.keywords}
        return Arguments(positional, named, node, discarded)

    def call_value(self, called: Value, arguments: Arguments) -> Value:
        """Call what is no method of an object."""
        if called.closure is not None:
            return self.call_closure(called.closure, arguments.positional, arguments.named)
        self.hand_over(arguments)
        if called.name in self.project.summaries:
            return self.apply(self.project.summaries[called.name], arguments, None)
        owner, _, short = called.name.rpartition(".")
        module = self.project.modules.get(owner)
        if module is not None and short in module.classes:
            return self.make(called.name, arguments)
        if called.name:
            effect = library_effect(called.name, arguments)
            about = "os.environ" if called.name.startswith("os.environ.") else ""
            self.perform(effect, library_edits(called.name, arguments), arguments, about)
            return library_result(called.name, arguments)
        if called.sources:  # an argument that is called: as pure as what the caller passes
            return FRESH
        sources = frozenset(source for value in arguments.positional for source in value.sources)
        return weaker(Value(sources=sources), Sure.POSSIBLE)  # it may hand back what it got

    def call_method(self, receiver: Value, function: ast.Attribute, arguments: Arguments) -> Value:
        """Call a method of an object."""
        method = function.attr
        if receiver.closure is not None:
            return FRESH
        summary = self.project.summaries.get(f"{receiver.instance_of}.{method}")
        if receiver.instance_of and summary is not None:
            self.hand_over(arguments)
            return self.apply(summary, arguments, receiver)
        if method == "pipe" and arguments.positional:
            piped, *rest = arguments.positional
            return self.call_value(piped, replace(arguments, positional=(receiver, *rest)))
        self.hand_over(arguments)
        effect = method_effect(receiver, method, arguments)
        self.perform(effect, method_edits(receiver, method, arguments, effect), arguments)
        if arguments.discarded and not receiver.sources:
            self.store(function.value, arguments.positional)
        return method_result(receiver, method, arguments)

    def perform(
        self, effect: Effect | None, edits: Edits, arguments: Arguments, about: str = ""
    ) -> None:
        """Keep what the call of something known does."""
        if effect is not None:
            self.affect(arguments.line, effect, snippet(arguments.node), about)
        for value, sure in edits:
            self.edit(value, arguments.line, arguments.node, sure)

    def make(self, name: str, arguments: Arguments) -> Value:
        """An object of a project class: it holds what it was given."""
        held = [*arguments.positional, *arguments.named.values()]
        new = replace(container(Kind.UNKNOWN, held), instance_of=name)
        for initializer in ("__init__", "__post_init__"):
            summary = self.project.summaries.get(f"{name}.{initializer}")
            if summary is not None:
                self.apply(summary, arguments, new)
        return new

    def hand_over(self, arguments: Arguments) -> None:
        """Functions handed to a call (``map(save, rows)``, ``df.apply(print)``) are called by it."""
        for value in (*arguments.positional, *arguments.named.values()):
            if not value.is_named:
                continue
            summary = self.project.summaries.get(value.name)
            effect = effects.effect_of_name(value.name)
            is_function = value.name.rpartition(".")[2].islower()
            if summary is not None and value.name != self.place.function:
                self.pass_on(summary, arguments.line)
            elif effect and is_function and not value.name.startswith("sys."):
                likely = replace(effect, sure=min(effect.sure, Sure.LIKELY))
                self.affect(arguments.line, likely, value.name, value.name)

    def pass_on(self, summary: Summary, line: int) -> None:
        """What a called function does to the world, its caller does."""
        for finding in summary.findings:
            if finding.cause is not Cause.ARGUMENT:
                place = f"({file_of(summary.path)}, line {finding.line})"
                origin = finding.origin or f"{finding.message} {place}"
                message = f"calls {summary.called}(), which {origin}"
                self.findings.append(replace(finding, line=line, message=message, origin=origin))

    def apply(self, summary: Summary, arguments: Arguments, receiver: Value | None) -> Value:
        """A project function is called: its findings become the caller's, about its objects."""
        itself = () if receiver is None or summary.is_static else (receiver,)
        positional = (*itself, *arguments.positional)
        rest = joined(positional[len(summary.parameters) :])
        given = {
            **dict(zip(summary.parameters, positional, strict=False)),
            **arguments.named,
            summary.rest: rest,
        }
        # What it does is reported at its own lines then.
        calls_itself = summary.key == self.place.function
        if not calls_itself:
            self.pass_on(summary, arguments.line)
        for finding in summary.findings:
            value = replace(given.get(finding.target, FRESH), name="")
            same = calls_itself and {s.name for s in value.sources} == {finding.target}
            if finding.cause is Cause.ARGUMENT and not same:
                message = _passing(summary, finding)
                self.edit(value, arguments.line, "", finding.sure, message)
        result = in_terms_of(summary.returned, given)
        if summary.is_cached and result.kind is not Kind.SCALAR:  # later callers get the same
            sure = Sure.LIKELY if result.kind is Kind.UNKNOWN else Sure.CERTAIN
            kept = Source(Scope.GLOBAL, f"cache of {summary.called}()", sure)
            return replace(result, sources=result.sources | {kept})
        return result

    def call_closure(self, closure: Closure, positional: Sequence[Value], named: Names) -> Value:
        """Read the body of a function defined here with these arguments."""
        if self.depth >= _DEEPEST_CALL:
            return FRESH
        node = closure.node
        names = [parameter.arg for parameter in parameters(node.args)]
        names += [arg.arg for arg in (node.args.vararg, node.args.kwarg) if arg is not None]
        given = {**dict.fromkeys(names, FRESH), **dict(zip(names, positional, strict=False))}
        given |= {name: value for name, value in named.items() if name in names}
        inner = _Reader(self.project, self.place, {**closure.names, **given})
        inner.depth = self.depth + 1
        local = frozenset(inner.names)
        if isinstance(node, ast.Lambda):
            inner.place = replace(self.place, local_names=self.place.local_names | local)
            inner.returned = [inner.evaluate(node.body)]
        else:
            local |= frozenset(bound_names(node.body)) - declared(node.body, ast.Nonlocal)
            inner.place = replace(
                self.place,
                local_names=self.place.local_names | local,
                global_names=frozenset(declared(node.body, ast.Global)),
            )
            inner.block(node.body)
        self.findings += inner.findings
        return container(Kind.LIST, inner.yielded) if inner.yielded else joined(inner.returned)


def _passing(summary: Summary, finding: Finding) -> str:
    """What the caller's reader learns of an edit by the called function."""
    what = finding.message.partition(": ")[2].replace("{", "{{").replace("}", "}}")
    place = f" ({file_of(summary.path)}, line {finding.line})" if " line " not in what else ""
    return "{verb} {name}: " + f"passes it to {summary.called}(), which edits it: {what}{place}"


def _captures(pattern: ast.pattern) -> Iterator[str]:
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        if isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest
