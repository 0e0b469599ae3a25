"""What the interpreter of a function's text works with, and what it tells while it reads."""

import ast
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbkata.purity.core import fixes
from nbkata.purity.core.findings import Cause, Finding, Sure
from nbkata.purity.core.modules import Module
from nbkata.purity.core.values import Closure, Kind, Scope, Source, Value, container, joined

MAKERS = frozenset(["__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__"])
"""Methods that make an object: they may change it."""

CACHE_OF = "cache of "
"""Begins the name of what a cached function hands out, as if it were a global."""

Env = Mapping[str, Value]
"""The local names at one point of the text."""


@dataclass(frozen=True, slots=True)
class GlobalRead:
    """A name of the module is looked at."""

    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Returned:
    """The function may end with this value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Yielded:
    """The function may yield this value: it returns a new generator."""

    value: Value


@dataclass(frozen=True, slots=True)
class Jump:
    """``break`` or ``continue``: the names as they are there."""

    env: Env


Event = Finding | GlobalRead | Returned | Yielded | Jump
Reading = Generator[Event, None, Value]
Running = Generator[Event, None, Env | None]
"""Ends with the names after the statements, or none where they cannot be passed."""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a caller must know of a function."""

    key: str
    path: str
    line: int
    parameters: tuple[str, ...] = ()
    rest: str = ""
    """The name of ``*args``."""
    findings: tuple[Finding, ...] = ()
    """With those about its arguments: their ``target`` is the parameter."""
    returned: Value | None = None
    is_static: bool = False
    """A staticmethod: the object it is called on is none of its arguments."""
    is_cached: bool = False
    """What it returns is kept by a cache and handed out again."""

    @property
    def called(self) -> str:
        """As a reader knows it: the class where it is one of the methods that make an object."""
        owner, _, short = self.key.rpartition(".")
        return owner.rpartition(".")[2] if short in MAKERS else short


@dataclass(frozen=True, slots=True)
class Reader:
    """How the parts of a text are read that hold one another.

    Expressions hold calls and bind names, calls run statements, and statements hold expressions:
    what reads one of them reaches the others through this.
    """

    run: Callable[["Context", Sequence[ast.stmt], Env], Running]
    bind: Callable[["Context", ast.expr, Value, Env, str], Generator[Event, None, Env]]
    call: Callable[["Context", ast.Call, Env], Reading]
    call_closure: Callable[["Context", Closure, Sequence[Value], Mapping[str, Value]], Reading]


@dataclass(frozen=True, slots=True)
class Context:
    """Where the interpreter stands; the same for all statements of a function."""

    reader: Reader
    module: Module
    summaries: Mapping[str, Summary]
    """Of all functions of the project, by full name, as far as they are known."""
    modules: Mapping[str, Module]
    globals_: Mapping[str, Value]
    """Kinds of the module's own names, by full name."""
    changed_globals: Mapping[str, str]
    """Globals, by full name, that some function changes: who and where."""
    tainted_globals: Mapping[str, str]
    """Globals, by full name, that come from the world when the module is imported: how."""
    local_names: frozenset[str] = frozenset()
    global_names: frozenset[str] = frozenset()
    """Declared ``global`` in this function."""
    function: str = ""
    """The full name of the function that is read."""
    own_object: str = ""
    """The parameter that stands for the object itself: ``self`` in a method."""
    may_edit_self: bool = False
    at_import: bool = False
    depth: int = 0

    def deeper(self, local_names: frozenset[str], global_names: frozenset[str]) -> "Context":
        """The same for a function defined inside."""
        return replace(
            self,
            depth=self.depth + 1,
            local_names=self.local_names | local_names,
            global_names=global_names,
        )


def result_of(events: Sequence[Event]) -> Value | None:
    """What a call gives: of a function that yields, a new generator of what it yields."""
    yielded = [event.value for event in events if isinstance(event, Yielded)]
    if yielded:
        return container(Kind.LIST, yielded)
    return joined(event.value for event in events if isinstance(event, Returned))


def snippet(node: ast.AST, length: int = 60) -> str:
    """The code of a node on one line, short enough for a message."""
    try:
        text = " ".join(ast.unparse(node).split())
    except (ValueError, RecursionError):  # a tree made by hand may lack what unparse needs
        return "…"
    return text if len(text) <= length else text[: length - 1] + "…"


def edit(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    context: Context,
    value: Value,
    line: int,
    what: str,
    sure: Sure = Sure.CERTAIN,
    message: str = "{verb} {name}: {what}",
) -> Generator[Event, None, None]:
    """Findings for an edit of ``value``: one for each outside object that it may be."""
    for source in sorted(value.sources, key=lambda source: (source.scope, source.name)):
        is_global = source.scope is Scope.GLOBAL
        is_self = not is_global and source.name == context.own_object
        if (is_global and context.at_import) or (is_self and context.may_edit_self):
            continue
        verb = "changes the global" if is_global else "edits its argument"
        text = message.format(verb=verb, name=source.name, what=what)
        if is_self:
            text = text.replace(f"edits its argument {source.name}", "changes its own object")
        cause = Cause.GLOBAL if is_global else Cause.ARGUMENT
        yield Finding(
            line,
            cause,
            text,
            min(sure, source.sure),
            source.name,
            remedy=_remedy(source, is_self, value.kind, text.partition(": ")[2]),
        )
    if value.name and not value.sources and not context.at_import:
        yield _named_edit(context, value.name, line, what, sure)


def _remedy(source: Source, is_self: bool, kind: Kind, what: str) -> str:
    if source.scope is Scope.GLOBAL:
        return fixes.of_cache() if source.name.startswith(CACHE_OF) else ""
    return fixes.of_own_object() if is_self else fixes.of_statement(source.name, kind, what)


def _named_edit(context: Context, name: str, line: int, what: str, sure: Sure) -> Finding:
    """A project's class or function is a global; what a library holds is a setting."""
    owner, _, short = name.rpartition(".")
    if owner in context.modules:
        return Finding(line, Cause.GLOBAL, f"changes the global {short}: {what}", sure, short)
    return Finding(line, Cause.SETTINGS, f"changes {name}: {what}", sure, name)
