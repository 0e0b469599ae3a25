"""The notebook's own asserts as tests, where it leaves nothing behind that could be compared."""

import ast
from collections.abc import Sequence

from nbkata.adopt.core.paths import parsed
from nbkata.adopt.core.translate import Translated


def asserts_as_tests(module: str, cells: Sequence[Translated]) -> tuple[str, int]:
    """A test for each cell that asserts something of functions and classes, and how many there are.

    An assert about anything else is left out: another cell may have changed it since.
    """
    trees = {cell.cell: tree for cell in cells if (tree := parsed(cell.code)) is not None}
    defined = {
        node.name
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    bound = {name for tree in trees.values() for name in _bound(tree)}
    used: set[str] = set()
    tests = []
    for cell in cells:
        held = []
        for node in trees[cell.cell].body if cell.cell in trees else ():
            if isinstance(node, ast.Assert):
                names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
                if names & defined and not names & bound:
                    held.append(ast.get_source_segment(cell.code, node) or ast.unparse(node))
                    used |= names & defined
        if held:
            tests.append("\n    ".join([f"def test_cell_{cell.cell}():", *held]))
    if not tests:
        return "", 0
    head = f'"""What the notebook itself asserted, cell by cell."""\n\nfrom {module} import '
    return head + ", ".join(sorted(used)) + "\n\n\n" + "\n\n\n".join(tests) + "\n", len(tests)


def _bound(tree: ast.Module) -> set[str]:
    """Names that the cell itself gives a value, or imports."""
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    aliases = (
        a for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names
    )
    return stored | {alias.asname or alias.name.partition(".")[0] for alias in aliases}
