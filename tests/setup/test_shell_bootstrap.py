"""Any Python reads the bootstrap script; it hands over to one that suits better, or says so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from support.old_pythons import assert_python_2_reads, real_python

SCRIPT = Path(__file__).parents[2] / "src" / "nbkata" / "setup" / "shell" / "bootstrap.py"
OLD = ("2.7", "3.6", "3.8", "3.9", "3.10")

posix = pytest.mark.skipif(os.name == "nt", reason="stands a shell script in for a Python")


@pytest.fixture(name="bootstrap")
def _bootstrap(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", list(sys.path))  # as a script it puts the kit first
    from nbkata.setup.shell import bootstrap  # pylint: disable=import-outside-toplevel

    return bootstrap


def _pretend(path: Path, version: str) -> None:
    path.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    path.chmod(0o755)


def test_it_is_written_in_words_that_python_2_knows() -> None:
    assert_python_2_reads(SCRIPT)


@pytest.mark.parametrize("version", OLD)
def test_a_real_old_python_ends_in_one_sentence(version: str, tmp_path: Path) -> None:
    real = real_python(version)
    if real is None:
        pytest.skip(f"Python {version} is not on this machine")
    script = tmp_path / "kit" / SCRIPT.relative_to(SCRIPT.parents[4])  # a clone without .venv
    script.parent.mkdir(parents=True)
    shutil.copy(SCRIPT, script)
    done = subprocess.run(
        [real, "-E", "-s", str(script), "help"],
        env={"PATH": str(tmp_path)},  # where there is no other
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(
        f"nbkata needs Python 3.11 to 3.15, best 3.13, and found only {version} here. "
    )


@pytest.mark.parametrize("launcher", ["go", "go.bat"])
def test_the_launchers_name_the_versions_that_the_script_names(
    bootstrap: ModuleType, launcher: str
) -> None:
    text = (Path(bootstrap.SOURCE).parent / launcher).read_text(encoding="ascii")
    assert bootstrap.needed() == "nbkata needs Python 3.11 to 3.15, best 3.13"
    assert f"{bootstrap.needed()}, and found no Python here. Install one" in text


@pytest.fixture(name="machine")
def _machine(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that is all of the PATH, where this Python is 3.14 and nothing is set up yet."""
    monkeypatch.setattr(bootstrap, "RUNNING", (3, 14))
    monkeypatch.setattr(bootstrap, "hand_over", lambda command: print(command) or 0)
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", str(tmp_path / ".venv"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@posix
@pytest.mark.parametrize(
    ("running", "others", "taken", "why"),
    [
        ((3, 12), ("3.13", "3.14"), "", ""),
        ((3, 14), ("3.11", "3.12", "3.15"), "3.12", "it, and not on 3.14, which comes first here"),
        ((3, 15), ("3.14",), "3.14", ""),
        ((3, 16), ("3.10", "3.11"), "3.11", "3.16, which comes first here, is too new"),
        ((3, 9), ("3.13", "3.14"), "3.13", "3.9, which comes first here, is too old"),
        ((3, 14), ("3.10",), "", "of 3.11, 3.12, 3.13, on which nbkata is proven, none is here"),
        ((3, 15), ("3.16",), "", "of 3.11, 3.12, 3.13, on which nbkata is proven, none is here"),
    ],
)
def test_a_proven_python_is_taken_before_a_newer_one_and_the_reason_is_said(
    bootstrap: ModuleType,
    machine: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    running: tuple[int, int],
    others: tuple[str, ...],
    taken: str,
    why: str,
) -> None:
    for version in others:
        _pretend(machine / f"python{version}", version)
    monkeypatch.setattr(bootstrap, "RUNNING", running)
    assert bootstrap.main(["help"]) == 0
    message = capsys.readouterr().out.splitlines()
    if why:
        name = taken or f"{running[0]}.{running[1]}"
        first = message.pop(0)
        assert first.startswith(f"Taking Python {name}: ") and first.endswith(f"{why}.")
    if taken:
        assert message == [str([str(machine / f"python{taken}"), "-I", str(SCRIPT), "help"])]
    else:
        assert message[0].startswith("Usage: ")


@posix
def test_once_there_is_an_environment_the_reason_is_not_said_again(
    bootstrap: ModuleType, machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (machine / ".venv").mkdir()
    assert bootstrap.main(["help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: ")


@posix
@pytest.mark.parametrize("running", [(3, 10), (3, 16), (4, 0)])
def test_if_no_python_will_do_the_versions_are_named(
    bootstrap: ModuleType,
    machine: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    running: tuple[int, int],
) -> None:
    _pretend(machine / "python", "3.7")
    monkeypatch.setattr(bootstrap, "RUNNING", running)
    assert bootstrap.main(["test"]) == 2
    assert capsys.readouterr().err == (
        f"nbkata needs Python 3.11 to 3.15, best 3.13, and found only 3.7, {running[0]}.{running[1]} "
        "here. Install one from python.org or with your package manager, then run: ./go\n"
    )


@posix
@pytest.mark.parametrize(
    ("made_by", "taken"), [("3.12", True), ("3.13", False), ("3.10", False), ("", False)]
)
def test_the_python_that_made_the_environment_goes_on(
    made_by: str,
    taken: bool,
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(bootstrap, "RUNNING", (3, 13))
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", str(tmp_path))
    assert bootstrap.of_environment() == ""  # there is no environment
    python = tmp_path / "a python"
    if made_by:
        _pretend(python, made_by)
    (tmp_path / "pyvenv.cfg").write_text(f"home = x\nexecutable = {python}\n", encoding="utf-8")
    assert bootstrap.of_environment() == (str(python) if taken else "")


@posix
def test_a_python_that_does_not_run_or_bears_another_name_is_seen(
    bootstrap: ModuleType, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = machine / "second"
    second.mkdir()
    _pretend(machine / "python3", "3.14")
    _pretend(machine / "python3.13", "pyenv: python3.13: command not found")
    _pretend(second / "python3", "3.12")
    (second / "python3.13").touch()  # may not be executed
    monkeypatch.setenv("PATH", f"{machine}{os.pathsep}{second}")
    found = bootstrap.on_machine((3, 14), False)
    assert bootstrap.choose(found, False) == (3, 12)
    assert found[3, 12] == [str(second / "python3")]


@posix
def test_a_sitecustomize_that_prints_hides_no_python(bootstrap: ModuleType, tmp_path: Path) -> None:
    talker = tmp_path / "python3"  # as a Python would: without `-S` it loads the sitecustomize
    says = 'case " $* " in *" -S "*) ;; *) echo Welcome to the cluster. ;; esac'
    talker.write_text(f"#!/bin/sh\n{says}\necho 3.12\n", encoding="utf-8")
    talker.chmod(0o755)
    assert bootstrap.version_of([str(talker)]) == (3, 12)


@posix
def test_a_python_that_uv_keeps_off_the_path_is_found(bootstrap: ModuleType, machine: Path) -> None:
    python = machine / "kept-by-uv"
    _pretend(python, "3.13")
    _pretend(machine / "uv", str(python))
    found = bootstrap.on_machine((3, 10), False)
    assert bootstrap.choose(found, False) == (3, 13) and found[3, 13] == [str(python)]


def test_on_windows_the_launcher_is_asked_for_the_version(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    launcher = tmp_path / "py.exe"
    launcher.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(bootstrap.named((3, 12), True)) == [[str(launcher), "-3.12"]]


def test_neighbours_of_the_script_do_not_shadow_the_standard_library(tmp_path: Path) -> None:
    shell = tmp_path / "src" / "nbkata" / "setup" / "shell"
    shell.mkdir(parents=True)
    shutil.copy(SCRIPT, shell)
    (shell / "subprocess.py").write_text("raise SystemExit('shadowed')", encoding="utf-8")
    (shell / "go.py").write_text("def main(argv): return 40 + len(argv)", encoding="utf-8")
    for package in (shell, shell.parent, shell.parents[1]):
        (package / "__init__.py").touch()
    command = [sys.executable, "-E", "-s", str(shell / "bootstrap.py"), "a", "b"]
    assert subprocess.run(command, check=False).returncode == 42
