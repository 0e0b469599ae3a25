"""Any Python reads the bootstrap script; one that is too old finds a newer, or says so."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "src" / "nbkata" / "shell" / "bootstrap.py"
OLD = ("2.7", "3.6", "3.8", "3.9", "3.10")

posix = pytest.mark.skipif(os.name == "nt", reason="stands a shell script in for a Python")


@pytest.fixture(name="bootstrap")
def _bootstrap(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", list(sys.path))  # as a script it puts the kit first
    from nbkata.shell import bootstrap  # pylint: disable=import-outside-toplevel

    return bootstrap


def _pretend(path: Path, version: str) -> None:
    path.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    path.chmod(0o755)


def test_it_is_written_in_words_that_python_2_knows() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="ascii"))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        assert not isinstance(node, newer), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            assert not (node.returns or arguments.kwonlyargs or arguments.posonlyargs), node.name
            assert not any(argument.annotation for argument in arguments.args), node.name
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            assert not any(isinstance(item, ast.Starred) for item in node.elts), node.lineno
        if isinstance(node, ast.Raise):
            assert node.cause is None, node.lineno


def _real_python(version: str) -> str | None:
    """An interpreter of that version: of pyenv's, where it keeps one, or on the PATH."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for path in (*map(str, kept.glob(f"{version}.*/bin/python")), shutil.which(f"python{version}")):
        say = [path or "", "-E", "-s", "-c", "import sys; sys.stdout.write(sys.executable)"]
        if path and subprocess.run(say, capture_output=True, check=False).stdout:
            return path
    return None


@pytest.mark.parametrize("version", OLD)
def test_a_real_old_python_ends_in_one_sentence(version: str, tmp_path: Path) -> None:
    real = _real_python(version)
    if real is None:
        pytest.skip(f"Python {version} is not on this machine")
    done = subprocess.run(
        [real, "-E", "-s", str(SCRIPT), "help"],
        env={"PATH": str(tmp_path)},  # where there is no other
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(
        f"nbkata needs Python 3.11, 3.12 or 3.13, and found only {version} "
    )


def test_where_every_python_is_too_old_the_versions_are_named(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.main(["test"]) == 2
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    go = ".\\go" if os.name == "nt" else "./go"
    assert capsys.readouterr().err == (
        f"nbkata needs Python 3.11, 3.12 or 3.13, and found only {running} here. Install one "
        f"from python.org or with your package manager, then run: {go}\n"
    )


@posix
def test_an_old_python_hands_over_to_a_newer_one_on_the_path(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    _pretend(tmp_path / "first" / "python3", "98.7")
    _pretend(tmp_path / "first" / "python3.12", "pyenv: python3.12: command not found")
    _pretend(tmp_path / "second" / "python3", "99.1")
    (tmp_path / "second" / "python3.11").touch()  # may not be executed
    handed: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    monkeypatch.setattr(bootstrap, "hand_over", lambda command: handed.append(command) or 0)
    monkeypatch.setenv("PATH", f"{tmp_path / 'first'}{os.pathsep}{tmp_path / 'second'}")
    assert bootstrap.main(["test", "-k", "a b"]) == 0
    newer = str(tmp_path / "second" / "python3")
    assert handed == [[newer, "-I", str(SCRIPT), "test", "-k", "a b"]]


@posix
def test_a_python_that_uv_keeps_off_the_path_is_found(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _pretend(tmp_path / "uv", "/home/ada/.local/share/uv/python/bin/python3.13")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(bootstrap.candidates(False)) == [
        ["/home/ada/.local/share/uv/python/bin/python3.13"]
    ]


def test_on_windows_the_launcher_is_asked_for_each_version(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    launcher = tmp_path / "py.exe"
    launcher.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(bootstrap.candidates(True)) == [
        [str(launcher), "-3.13"],
        [str(launcher), "-3.12"],
        [str(launcher), "-3.11"],
    ]


def test_neighbours_of_the_script_do_not_shadow_the_standard_library(tmp_path: Path) -> None:
    shell = tmp_path / "src" / "nbkata" / "shell"
    shell.mkdir(parents=True)
    shutil.copy(SCRIPT, shell)
    (shell / "subprocess.py").write_text("raise SystemExit('shadowed')", encoding="utf-8")
    (shell / "go.py").write_text("def main(argv): return 40 + len(argv)", encoding="utf-8")
    for package in (shell, shell.parent):
        (package / "__init__.py").touch()
    command = [sys.executable, "-E", "-s", str(shell / "bootstrap.py"), "a", "b"]
    assert subprocess.run(command, check=False).returncode == 42
