"""One file of tests: its functions, classes and tables by their names."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbkata.guard.core.assertions import last_name
from nbkata.guard.core.limits import Function
from nbkata.guard.core.plain_code import plain

SKIPS = frozenset(
    """skip skipif skipIf skipUnless xfail expectedFailure importorskip skipTest SkipTest""".split()
)


@dataclass(frozen=True, slots=True)
class SourceModule:
    """What it defines."""

    path: str
    skipped: str
    functions: Mapping[str, Function]  # by name; those in classes by Class.name
    classes: Mapping[str, ast.ClassDef]
    tables: Mapping[str, ast.expr]
    # Those of each class again, by its name with a full stop: two may have one name.
    own: Mapping[str, Mapping[str, ast.expr]]


@dataclass(slots=True)
class _Gathered:
    skipped: str = ""
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    tables: dict[str, ast.expr] = field(default_factory=dict)
    own: dict[str, dict[str, ast.expr]] = field(default_factory=dict)

    def gather(self, body: Sequence[ast.stmt], owner: str) -> None:
        """Take in what the statements define; ``owner`` is the class they are in, with a full stop."""
        for node in body:
            if isinstance(node, Function):
                self.functions[owner + node.name] = node
            elif isinstance(node, ast.ClassDef) and not owner:
                self.classes[node.name] = node
                self.gather(node.body, f"{node.name}.")
            elif isinstance(node, ast.If | ast.Try):
                self.gather(node.body, owner)
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                self._keep(last_name(node.target), owner, node.value)
            elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                name = last_name(node.targets[0])
                self._keep(name, owner, node.value)
                if owner:
                    continue
                if name == "pytestmark" or last_name(getattr(node.value, "func", None)) in SKIPS:
                    self.skipped = self.skipped or skip_in(node.value)
                if name == "__test__" and not getattr(node.value, "value", True):
                    self.skipped = "__test__ = False"
            elif isinstance(node, ast.Expr | ast.Raise) and not owner:
                self.skipped = self.skipped or skip_in(node)

    def _keep(self, name: str, owner: str, value: ast.expr) -> None:
        self.tables[name] = value
        self.own.setdefault(owner, {})[name] = value


def module_of(path: str, text: str) -> SourceModule | None:
    """The module, or nothing if it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    plain(tree)
    found = _Gathered()
    found.gather(tree.body, "")
    return SourceModule(
        path, found.skipped, found.functions, found.classes, found.tables, found.own
    )


def skip_in(node: ast.AST) -> str:
    """The word by which a mark or a call skips; empty if it does not."""
    for child in ast.walk(node):
        if last_name(child) in SKIPS:
            return last_name(child)
        if isinstance(child, ast.Constant) and child.value is False and child is node:
            return "__test__ = False"
    return ""


def length(node: ast.AST | None, module: SourceModule) -> int:
    """How many items a literal has, perhaps by its name in the module; 0 if that is not written."""
    if isinstance(node, ast.Name):
        node = module.tables.get(node.id)
    if isinstance(node, ast.Call) and node.args:  # enumerate(…), zip(…)
        return max(length(arg, module) for arg in node.args)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):  # {…}.items()
        return length(node.func.value, module)
    if isinstance(node, ast.Dict):
        return len(node.values)
    return len(node.elts) if isinstance(node, ast.List | ast.Tuple | ast.Set) else 0


def loops(function: Function, module: SourceModule) -> int:
    """The items that the loops of a function go through."""
    return sum(length(one.iter, module) for one in ast.walk(function) if isinstance(one, ast.For))
