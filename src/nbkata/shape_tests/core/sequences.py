"""The sequences of which a function is made: its statements, the elements of lists, the links of chains."""

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

Tree = TypeVar("Tree", bound=ast.AST)
# In a link of a chain, the place of what it is handed.
HOLE = "…"


@dataclass(frozen=True)
class PieceSequence:
    """The pieces of one sequence, in their order, and the node that they are in."""

    node: ast.AST
    pieces: Sequence[ast.AST]
    base: ast.AST | None = None  # what the first link of a chain is handed
    are_given: bool = (
        False  # the pieces are what a call is given: make_pipeline(fill, band, encode)
    )

    @property
    def keys(self) -> list[str]:
        """What two pieces that are the same have in common."""
        return [ast.dump(piece) for piece in self.pieces]

    def with_pieces(self, pieces: Sequence[ast.AST]) -> ast.AST:
        """The node with others in their place."""
        if isinstance(self.node, ast.Call) and not self.are_given:
            made = self.base
            for link in pieces:
                made = with_other(link, made, *(one for one in ast.walk(link) if _is_hole(one)))
            assert made is not None
            return made
        name = "args" if self.are_given else "body" if hasattr(self.node, "body") else "elts"
        fields = {**dict(ast.iter_fields(self.node)), name: [*pieces]}
        return ast.copy_location(type(self.node)(**fields), self.node)


def sequences(tree: ast.AST) -> list[PieceSequence]:
    """All of them, always in the same order."""
    local = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)} - {"self", "cls"}
    local |= {node.id for node in names_in(tree) if isinstance(node.ctx, ast.Store)}
    found, linked = list[PieceSequence](), set[ast.AST]()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found.append(PieceSequence(node, node.body))
        elif isinstance(node, ast.List | ast.Tuple) and isinstance(node.ctx, ast.Load):
            found.append(PieceSequence(node, node.elts))
        elif isinstance(node, ast.Call) and len(node.args) > 2:
            found.append(PieceSequence(node, node.args, are_given=True))
        if isinstance(node, ast.Call) and node not in linked:
            links, inner = list[ast.AST](), _handed(node, local)
            link: ast.AST = node
            while isinstance(link, ast.Call) and inner:
                linked.add(link)
                links.insert(0, with_other(link, ast.Name(HOLE, ast.Load()), inner))
                link, inner = inner, _handed(inner, local)
            found.append(PieceSequence(node, links, link))
    return found


def _handed(node: ast.AST, local: set[str]) -> ast.AST | None:
    """What a call is handed by the one before it, or at the start of a chain; nothing if there is none."""
    if not isinstance(node, ast.Call):
        return None
    root = node.func
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    if isinstance(node.func, ast.Attribute):
        if isinstance(root, ast.Call):
            return root
        if getattr(root, "id", "") in local:
            return node.func.value
    return node.args[0] if node.args and not isinstance(node.args[0], ast.Starred) else None


def with_other(tree: Tree, instead: ast.AST | None, *nodes: ast.AST) -> Tree:
    """A copy of the tree with something else in the place of some of its nodes."""
    return copy.deepcopy(tree, {id(node): instead for node in nodes})


def _is_hole(node: ast.AST) -> bool:
    return getattr(node, "id", "") == HOLE


def names_in(tree: ast.AST) -> Iterator[ast.Name]:
    """The names, wherever they are in it."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Name))
