"""What every detector looks at: the tree, the blocks, and who binds and reads which name.

One walk over the tree gathers the facts; detectors only look them up, so that the work stays
linear in the number of cells.
"""

import ast
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from astroid import nodes
from astroid.manager import AstroidManager
from astroid.rebuilder import TreeRebuilder

from nbkata.smells.core.finding import Spot
from nbkata.smells.core.settings import Settings
from nbkata.smells.core.source import Block, Source, SourceKind
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, blocks_of, dotted, is_local

T = TypeVar("T")

_ONE_LINE_BODY = (nodes.FunctionDef, nodes.ClassDef)


@dataclass(frozen=True, slots=True)
class Step:
    """A statement that runs when its cell runs: not in a function or class."""

    node: Node
    block: int  # the position of its block among the blocks, not the cell's number
    depth: int  # 0 directly in the cell, more inside ``for``, ``if``, ``with`` and ``try``


class View:
    """A source with its tree and the facts that detectors share."""

    def __init__(
        self, source: Source, tree: nodes.Module, settings: Settings | None = None
    ) -> None:
        self.source = source
        self.tree = tree
        self.settings = settings or Settings()
        self.parameters: frozenset[str] = frozenset()  # of the function, if it is one's body
        self._once: dict[Any, Any] = {}
        self._by_type: dict[type[Node], list[Node]] = defaultdict(list)
        stack: list[Node] = [tree]
        while stack:
            node = stack.pop()
            self._by_type[type(node)].append(node)
            stack.extend(reversed(list(node.get_children())))

    def once(self, build: Callable[["View"], T]) -> T:
        """What ``build(view)`` gives, computed once for all detectors."""
        if build not in self._once:
            self._once[build] = build(self)
        value: T = self._once[build]
        return value

    @property
    def is_notebook(self) -> bool:
        """Whether there are outputs and counts to look at."""
        return self.source.kind is SourceKind.NOTEBOOK

    @property
    def has_cells(self) -> bool:
        """Whether the code is cut in cells."""
        return self.source.kind is not SourceKind.MODULE

    def all(self, *types: type[Node]) -> Iterator[Node]:
        """Every node of these exact types, in the order of the text for each type."""
        for kind in types:
            yield from self._by_type.get(kind, ())

    def calls(self) -> Iterator[nodes.Call]:
        """Every call."""
        yield from self._by_type.get(nodes.Call, ())

    @cached_property
    def parsed(self) -> ast.Module:
        """Python's own tree of the same text."""
        return _parsed(self.source.text)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The code cells, or the module."""
        return self.source.blocks

    def position(self, node: Node) -> int:
        """Which block a node is in, among the blocks."""
        return self.position_of_line(node.lineno or 1)

    def position_of_line(self, line: int) -> int:
        """Which block a line of the joined text is in."""
        block = self.source.block_at(line)
        return self._positions[block.first] if block is not None else 0

    @cached_property
    def _positions(self) -> dict[int, int]:
        return {block.first: number for number, block in enumerate(self.blocks)}

    def name_of(self, position: int) -> str:
        """How to name a block to a person: ``cell 7``, or its line in a script."""
        block = self.blocks[position]
        return f"cell {block.index}" if self.is_notebook else f"line {block.first}"

    @cached_property
    def steps(self) -> list[Step]:
        """The statements that run at the top, in order, compound ones before their parts."""
        found: list[Step] = []

        def descend(body: list[Node], depth: int) -> None:
            for statement in body:
                found.append(Step(statement, self.position(statement), depth))
                for block in blocks_of(statement):
                    descend(block, depth + 1)

        descend(self.tree.body, 0)
        return found

    @cached_property
    def steps_by_block(self) -> dict[int, list[Step]]:
        """The steps of each block that has any."""
        result: dict[int, list[Step]] = defaultdict(list)
        for step in self.steps:
            result[step.block].append(step)
        return result

    @cached_property
    def last_statement(self) -> dict[int, Node]:
        """The last top statement of each block: a notebook shows its value."""
        return {
            block: last
            for block, steps in self.steps_by_block.items()
            if (last := next((s.node for s in reversed(steps) if s.depth == 0), None)) is not None
        }

    @cached_property
    def aliases(self) -> dict[str, str]:
        """What imported names stand for: ``{'np': 'numpy', 'SVC': 'sklearn.svm.SVC'}``."""
        found: dict[str, str] = {}
        for node in self.all(nodes.Import):
            for name, alias in node.names:
                found[alias or name.split(".")[0]] = name if alias else name.split(".")[0]
        for node in self.all(nodes.ImportFrom):
            for name, alias in node.names:
                found[alias or name] = f"{node.modname}.{name}"
        return found

    @cached_property
    def wildcards(self) -> list[str]:
        """The modules imported with ``*``."""
        return [n.modname for n in self.all(nodes.ImportFrom) if n.names[0][0] == "*"]

    def qualified(self, node: Node | None) -> str:
        """``numpy.random.seed`` for ``np.random.seed``; the name itself where not imported."""
        name = dotted(node)
        head, dot, rest = name.partition(".")
        full = self.aliases.get(head, head) + dot + rest
        return re.sub(r"^(autograd|jax|cupy)\.numpy\b|^cupy\b", "numpy", full)

    @cached_property
    def reads(self) -> dict[str, list[Node]]:
        """Every place that reads a name, in any scope."""
        result: dict[str, list[Node]] = defaultdict(list)
        for node in self.all(nodes.Name):
            result[node.name].append(node)
        return result

    @cached_property
    def free_reads(self) -> dict[str, list[Node]]:
        """The places that read a name of the notebook's own, not one of a function's."""
        own = {name: [n for n in found if not is_local(n)] for name, found in self.reads.items()}
        return {name: found for name, found in own.items() if found}

    @cached_property
    def writes(self) -> dict[str, list[Node]]:
        """The places at the top of cells that bind a name: assignments, loops, imports, defs."""
        result: dict[str, list[Node]] = defaultdict(list)
        for node in self.all(nodes.AssignName):
            if isinstance(node.scope(), nodes.Module):
                result[node.name].append(node)
        for node in self.all(nodes.FunctionDef, nodes.AsyncFunctionDef, nodes.ClassDef):
            if isinstance(node.parent.scope(), nodes.Module):
                result[node.name].append(node)
        for node in self.all(nodes.Import, nodes.ImportFrom):
            if isinstance(node.scope(), nodes.Module):
                for name, alias in node.names:
                    result[alias or name.split(".")[0]].append(node)
        return result

    def spot(self, smell: Smell, node: Node, message: str, last: Node | None = None) -> Spot:
        """A spot at a node, or from it to ``last``."""
        line = node.fromlineno or node.lineno or 1
        ending = last or node
        end = line if isinstance(ending, _ONE_LINE_BODY) else ending.end_lineno
        if blocks_of(ending):
            end = ending.blockstart_tolineno
        return Spot(smell, line, message, max(line, end or line))


def view_of(source: Source, settings: Settings | None = None) -> View:
    """Parse into astroid's tree, and no more than that.

    astroid's own builder loads the builtins, looks imported modules up and infers attributes,
    which takes longer than everything here. Raises ``SyntaxError`` or ``RecursionError``.
    """
    return View(source, _tree_of(source, _parsed(source.text)), settings)


def body_of(view: View, function: ast.FunctionDef | ast.AsyncFunctionDef) -> View:
    """The body of a function as if it were the whole program, after all the imports."""
    program = ast.Module([*view.once(_imports), *function.body], [])
    body = View(view.source, _tree_of(view.source, program), view.settings)
    body.parsed = program
    names = {part.arg for part in ast.walk(function.args) if isinstance(part, ast.arg)}
    body.parameters = frozenset(names - {"self", "cls"})
    return body


def _imports(view: View) -> list[ast.stmt]:
    return [n for n in ast.walk(view.parsed) if isinstance(n, ast.Import | ast.ImportFrom)]


def _tree_of(source: Source, parsed: ast.Module) -> nodes.Module:
    rebuilder = TreeRebuilder(AstroidManager(), source.text)
    return rebuilder.visit_module(parsed, "notebook", source.path, False)


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes are the reader's to see, not ours
        return ast.parse(text)
