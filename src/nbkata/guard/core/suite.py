"""The tests of a project, read from their code: what each asks for, and all that it asks it with.

Helpers that assert are read where they are called; the constants of a test are those of its
parameters, fixtures, helpers and tables as well. So it does not matter where a test keeps them.
"""

import ast
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from nbkata.guard.core.assertions import (
    Assertion,
    assertions_of,
    called_assertion,
    constants_in,
    last_name,
    raised,
    reducers_in,
)
from nbkata.guard.core.limits import Function, Limits, limits_of
from nbkata.guard.core.paths import is_collected, is_test
from nbkata.guard.core.source_module import SKIPS, SourceModule, length, loops, module_of, skip_in

_MARKS = ("pytestmark", "__test__")
_CATCHES = frozenset(("", "Exception", "BaseException", "AssertionError", "Failed"))
CAUGHT = "an error is caught"
RETURNS = "the test may return before it"
_CONDITION = "it is asked only if a condition holds"
# How deep helpers that call helpers are read.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Test:
    """One test function, or one that pytest does not collect."""

    path: str
    name: str
    line: int
    text: str
    skipped: str = ""
    is_collected: bool = True
    assertions: tuple[Assertion, ...] = ()
    constants: Counter[str] = field(default_factory=Counter)
    reducers: Counter[str] = field(default_factory=Counter)
    cases: int = 1
    # The constants of each row of its parameters; none if these cannot be read, or are several lists.
    rows: tuple[frozenset[str], ...] = ()
    names: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()  # what ``monkeypatch`` or ``mock`` puts a stand-in for
    limits: Limits = field(default_factory=dict)

    @property
    def short_name(self) -> str:
        """Without its class."""
        return self.name.rpartition(".")[2]


def read_tests(files: Mapping[str, str], wanted: Container[str]) -> tuple[Test, ...]:
    """All functions in the test files that are wanted, those that pytest collects and others.

    Helpers and fixtures are looked for in files without tests as well. Files with syntax errors have
    no functions.
    """
    read = [
        path for path in sorted(files) if path in wanted or is_test(path) and not is_collected(path)
    ]
    modules = [module for path in read if (module := module_of(path, files[path]))]
    shared: dict[str, tuple[SourceModule, Function]] = {}
    tables: dict[str, ast.expr] = {}
    for module in modules:
        tables |= {} if is_collected(module.path) else dict(module.tables)
        for name, function in module.functions.items():
            if not name.startswith("test"):
                shared.setdefault(name, (module, function))
    return tuple(
        _Reader(
            module, shared, {**tables, **module.tables, **module.own.get(_owner(name), {})}
        ).test(name, function)
        for module in modules
        if module.path in wanted
        for name, function in module.functions.items()
    )


def _owner(name: str) -> str:
    """The class that a test is in, with a full stop."""
    return "".join(name.rpartition(".")[:2])


class _Reader:
    """Reads one test with all that it uses."""

    def __init__(
        self,
        module: SourceModule,
        shared: Mapping[str, tuple[SourceModule, Function]],
        tables: Mapping[str, ast.expr],
    ) -> None:
        self.module = module
        self.shared = shared
        self.tables = tables

    def test(self, name: str, function: Function) -> Test:
        """The function as a test, whether pytest collects it or not."""
        pairs = self._closure(function)
        used = [one for _, one in pairs]
        inside = [node for one in used for node in (*one.body, *one.decorator_list)]
        constants = Counter(text for node in inside for text in constants_in(node))
        names = {last_name(child) for node in inside for child in ast.walk(node)} - {""}
        constants.update(text for table in self._tables(names) for text in constants_in(table))
        cases = self._cases(function)
        asserted = tuple(self._asserted(function.body, frozenset(), 0))
        return Test(
            self.module.path,
            name,
            function.lineno,
            "\n".join(map(ast.unparse, function.body)),
            self._skipped(name, function, used),
            self._is_collected(name),
            tuple(replace(one, repeats=True) for one in asserted) if cases > 1 else asserted,
            constants,
            sum((reducers_in(node) for node in inside), Counter()),
            cases + loops(function, self.module),
            tuple(self._rows(function)),
            frozenset(names),
            frozenset(name for node in inside for name in _replaced(node)),
            limits_of(used, self.tables),
        )

    def _tables(self, names: Set[str]) -> list[ast.expr]:
        """Those that have one of the names, and those that they are made of."""
        found: dict[str, ast.expr] = {}
        while names := (names & self.tables.keys()) - found.keys():
            found |= {name: self.tables[name] for name in names}
            names = {last_name(one) for name in names for one in ast.walk(self.tables[name])}
        return list(found.values())

    def _found(self, name: str) -> tuple[SourceModule, Function] | None:
        own = self.module.functions.get(name)
        return (self.module, own) if own else self.shared.get(name)

    def _closure(self, function: Function) -> list[tuple[SourceModule, Function]]:
        """It and all helpers and fixtures that it uses, each with its module."""
        waiting = [(self.module, function), *self._automatic()]
        found = {one.name: (module, one) for module, one in waiting}
        while waiting:
            _, one = waiting.pop()
            names = {last_name(child) for child in ast.walk(one)} | {
                arg.arg for arg in one.args.args
            }
            for name in names - found.keys():
                other = self._found(name)
                if other is not None and not name.startswith("test"):
                    found[name] = other
                    waiting.append(other)
        return list(found.values())

    def _automatic(self) -> list[tuple[SourceModule, Function]]:
        """Fixtures that no test need ask for."""
        places = [(self.module, one) for one in self.module.functions.values()]
        places += [pair for pair in self.shared.values() if pair[0].path.endswith("conftest.py")]
        return [
            (module, one)
            for module, one in places
            if any("autouse" in ast.unparse(decorator) for decorator in one.decorator_list)
        ]

    def _is_collected(self, name: str) -> bool:
        owner, _, short = name.rpartition(".")
        if not is_collected(self.module.path) or not short.startswith("test"):
            return False
        node = self.module.classes.get(owner)
        if node is None:
            return True
        is_unit = any(last_name(base).endswith("TestCase") for base in node.bases)
        return (
            is_unit
            or node.name.startswith("Test")
            and "__init__" not in {getattr(one, "name", "") for one in node.body}
        )

    def _skipped(self, name: str, function: Function, used: Sequence[Function]) -> str:
        owner = self.module.classes.get(name.rpartition(".")[0])
        marks: list[ast.AST] = [*function.decorator_list, *(owner.decorator_list if owner else ())]
        for node in owner.body if owner else ():
            if isinstance(node, ast.Assign) and last_name(node.targets[0]) in _MARKS:
                marks.append(node.value)
        calls = [
            node
            for one in used
            for node in ast.walk(one)
            if isinstance(node, ast.Call) and last_name(node.func) in SKIPS
        ]
        return self.module.skipped or next(filter(None, map(skip_in, [*marks, *calls])), "")

    def _cases(self, function: Function) -> int:
        cases = 1
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and last_name(decorator.func) == "parametrize":
                values = decorator.args[1] if len(decorator.args) > 1 else None
                cases *= max(length(values, self.module), 2)
        return cases

    def _rows(self, function: Function) -> Iterator[frozenset[str]]:
        """The constants of each row of parameters."""
        lists = [
            decorator.args[1]
            for decorator in function.decorator_list
            if isinstance(decorator, ast.Call)
            and last_name(decorator.func) == "parametrize"
            and len(decorator.args) > 1
        ]
        rows = lists[0] if len(lists) == 1 else None
        if isinstance(rows, ast.Name):
            rows = self.module.tables.get(rows.id)
        for row in rows.elts if isinstance(rows, ast.List | ast.Tuple) else ():
            parts = row.args if isinstance(row, ast.Call) else [row]  # pytest.param(…, id="low")
            yield frozenset(text for part in parts for text in constants_in(part))

    def _asserted(  # pylint: disable=too-many-branches # one for each kind of statement
        self, body: Sequence[ast.stmt], guards: frozenset[str], depth: int
    ) -> Iterator[Assertion]:
        for node in body:
            if isinstance(node, ast.Assert):
                yield from _guarded(assertions_of(node.test, node.lineno), guards)
            elif isinstance(node, ast.If):
                if any(isinstance(one, ast.Return) for one in node.body):
                    guards = guards | {RETURNS}
                inside = guards | {_CONDITION}
                yield from self._asserted([*node.body, *node.orelse], inside, depth)
            elif isinstance(node, ast.Try):
                caught = guards | {CAUGHT} if _swallows(node) else guards
                yield from self._asserted(node.body, caught, depth)
                yield from self._asserted([*node.orelse, *node.finalbody], guards, depth)
            elif isinstance(node, ast.With | ast.AsyncWith):
                calls = [item.context_expr for item in node.items]
                found = [one for one in calls if isinstance(one, ast.Call)]
                for call in found:
                    if last_name(call.func) in ("raises", "warns", "assertRaises"):
                        yield from _guarded([raised(call, node.lineno)], guards)
                suppressed = any(last_name(call.func) == "suppress" for call in found)
                yield from self._asserted(
                    node.body, guards | {CAUGHT} if suppressed else guards, depth
                )
            elif isinstance(node, ast.For | ast.While | ast.AsyncFor):
                for one in self._asserted(node.body, guards, depth):
                    yield replace(one, repeats=True)
            elif isinstance(node, ast.Return):
                yield from self._called(node, guards, depth)
                guards = guards | {RETURNS}
            elif not isinstance(node, Function | ast.ClassDef):
                yield from self._called(node, guards, depth)

    def _called(self, node: ast.stmt, guards: frozenset[str], depth: int) -> Iterator[Assertion]:
        """Assertions that are calls, and those of helpers that are called."""
        for call in ast.walk(node):
            if not isinstance(call, ast.Call):
                continue
            helper = self._found(last_name(call.func))
            if helper is not None and depth < _DEEPEST:
                body = helper[1].body
                inside = list(self._asserted(body, guards, depth + 1))
                loose = reducers_in(ast.Module(body, []))
                yield from (
                    replace(one, text=f"{one.text} # {ast.unparse(call)}", reducers=one.reducers | loose,
                            constants=one.constants | set(constants_in(call)), line=node.lineno)
                    for one in inside
                )  # fmt: skip
                if inside:
                    continue
            found = called_assertion(call, node.lineno)
            if found is not None:
                yield from _guarded([found], guards)


def _guarded(
    found: Iterator[Assertion] | list[Assertion], guards: frozenset[str]
) -> Iterator[Assertion]:
    return (replace(one, guards=guards) for one in found)


def _swallows(node: ast.Try) -> bool:
    for handler in node.handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if not _CATCHES.isdisjoint(last_name(kind) for kind in kinds):
            ends = [child for one in handler.body for child in ast.walk(one)]
            fails = any(last_name(getattr(one, "func", None)) == "fail" for one in ends)
            if not fails and not any(isinstance(one, ast.Raise | ast.Assert) for one in ends):
                return True
    return False


def _replaced(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and last_name(call.func) in ("setattr", "patch", "object"):
            for value in call.args:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value.rpartition(".")[2]
