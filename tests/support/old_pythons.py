"""Pythons too old for the kit: what they can read, and where they are on this machine."""

import ast
import os
import shutil
import subprocess
from pathlib import Path

_NEWER = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)


def assert_python_2_reads(path: Path) -> None:
    """Fail if a file has syntax that Python 2.7 does not know."""
    for node in ast.walk(ast.parse(path.read_bytes().decode("ascii"))):
        assert not isinstance(node, _NEWER), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            assert not (node.returns or arguments.kwonlyargs or arguments.posonlyargs), node.name
            assert not any(argument.annotation for argument in arguments.args), node.name
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            assert not any(isinstance(item, ast.Starred) for item in node.elts), node.lineno
        if isinstance(node, ast.Raise):
            assert node.cause is None, node.lineno


def real_python(version: str) -> str | None:
    """An interpreter of that version: one of pyenv's, or one on the PATH."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for path in (*map(str, kept.glob(f"{version}.*/bin/python")), shutil.which(f"python{version}")):
        say = [path or "", "-E", "-s", "-c", "import sys; sys.stdout.write(sys.executable)"]
        if path and subprocess.run(say, capture_output=True, check=False).stdout:
            return path
    return None
