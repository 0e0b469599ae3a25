"""Drill 08: what is imported is used, once, and in the usual order."""

import ast
import sys

NEEDED = {"pd", "os", "Path", "RandomForestClassifier", "json"}


def imported(tree):
    """(line, module, name in this file) of every import, in order."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name, name.asname or name.name
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                yield node.lineno, node.module, name.asname or name.name


def test_every_import_is_used_and_none_is_missing(drill):
    names = [name for _, _, name in imported(drill.tree("train.py"))]
    missing = sorted(NEEDED - set(names))
    assert not missing, (
        f"train.py uses {', '.join(missing)}, which is not imported any more. nbkata drill reset."
    )
    unused = sorted(set(names) - NEEDED)
    assert not unused, (
        f"Imported and not used: {', '.join(unused)}. Where organizing only sorts (isort), the quick "
        "fix on the grey name removes it."
    )
    assert len(names) == len(set(names)), "An import is there twice. Organize the imports once more."


def test_the_standard_library_comes_first(drill):
    order = [
        (line, module.partition(".")[0] not in sys.stdlib_module_names)
        for line, module, _ in imported(drill.tree("train.py"))
    ]
    late = [line for (line, third), (_, before) in zip(order[1:], order, strict=False) if before > third]
    assert not late, (
        f"train.py, line {late[0]}: the standard library comes first, then pandas and sklearn."
    )


def test_the_code_below_is_the_same(drill):
    original, yours = (
        [ast.dump(node) for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
        for tree in (ast.parse(drill.original("train.py")), drill.tree("train.py"))
    )
    assert yours == original, "More than imports has changed. nbkata drill reset brings it back."
