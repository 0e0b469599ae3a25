"""The command line itself: overview, unknown commands, usage errors, start-up cost."""

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from support.builders import notebook_of, write_json
from conftest import Nbkata

from nbkata import __version__
from nbkata.cli import COMMANDS, QUICK, WORDS_OF, main, module_of
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace


def test_without_a_command_the_overview_lists_every_command(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in COMMANDS)
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("arguments", [["--help"], ["status"]])
def test_a_narrow_terminal_cuts_no_word(
    arguments: list[str], nbkata_inside: Nbkata, tmp_path: Path
):
    kit = load_kit()
    assert isinstance(kit, Kit)
    create_workspace(tmp_path / "workspace", kit)
    wide, narrow = (
        nbkata_inside(*arguments, cwd=tmp_path, COLUMNS=columns).stdout for columns in ("80", "44")
    )
    assert max(len(line) for line in narrow.splitlines() if "/" not in line) <= 44
    assert narrow.split() == wide.split()


WORDS = [f"{name} {word}" for name, words in WORDS_OF.items() for word in words]


@pytest.mark.parametrize("name", [*COMMANDS, *WORDS])
def test_every_command_has_help_that_fits_80_columns(name: str, nbkata_inside: Nbkata):
    done = nbkata_inside(*name.split(), "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Usage: nbkata {name}")
    assert name in WORDS_OF or " " in name or import_module(module_of(name)).__doc__
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert not re.search(r"list\[|Path\b|int range|/ --no-(?!cache|run)", done.stdout), done.stdout
    assert "--timeout <" not in done.stdout.replace("--timeout <number>", "")  # bounded


def test_h_is_help_for_every_command(nbkata_inside: Nbkata):
    for name in ("check", "smells"):
        assert nbkata_inside(name, "-h").stdout == nbkata_inside(name, "--help").stdout != ""


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows tells a writer nothing of a closed pipe"
)
@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["status", "-h"], ["drill", "list"]]
)
def test_a_pipe_that_nobody_reads_is_quiet(arguments: list[str], tmp_path: Path):
    theirs, ours = os.pipe()
    os.close(theirs)
    command = [sys.executable, "-m", "nbkata", *arguments]
    done = subprocess.run(
        command,
        stdout=ours,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": ""},  # what is buffered meets the closed pipe last
    )
    os.close(ours)
    assert (done.returncode, done.stderr) == (1, "")


def test_an_unknown_command_is_refused_with_the_nearest_one(nbkata: Nbkata):
    done = nbkata("chek")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "✗ There is no command 'chek'. Did you mean check? nbkata --help lists them.\n"
    )
    assert nbkata("facilitate", "runsheet").stderr == (
        "✗ There is no command 'facilitate runsheet'. Did you mean run-sheet? nbkata\n"
        "facilitate --help lists them.\n"
    )


def test_an_unknown_option_is_one_line_with_the_next_command(nbkata_inside: Nbkata):
    done = nbkata_inside("check", "--qqq")
    assert done.returncode == 2
    assert done.stderr == "✗ No such option: --qqq. nbkata check -h lists the options.\n"
    near = nbkata_inside("check", "--comit").stderr
    assert (
        near
        == "✗ No such option: --comit. Did you mean --commit? nbkata check -h lists the\noptions.\n"
    )


def test_the_version_is_the_packages(nbkata: Nbkata):
    assert nbkata("--version").stdout == f"nbkata {__version__}\n"


@pytest.mark.parametrize(
    ("called", "function"), [("check", "check.check"), ("status", "_standing.run")]
)
def test_a_mistake_of_the_kits_own_is_one_message_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], called: str, function: str
):
    def broken() -> int:
        """A command with a bug."""
        raise ZeroDivisionError("division by zero")

    monkeypatch.delenv("NBKATA_TRACEBACK", raising=False)
    monkeypatch.setattr(f"nbkata.kata.commands.{function}", broken)
    assert main([called]) == 2
    assert "ZeroDivisionError: division by zero" in " ".join(capsys.readouterr().err.split())
    monkeypatch.setenv("NBKATA_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main([called])


def test_a_reader_that_has_read_enough_is_no_mistake(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    def read_enough() -> int:
        """A command whose output goes to `head`."""
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.delenv("NBKATA_TRACEBACK", raising=False)
    monkeypatch.setattr("nbkata.kata.commands._standing.run", read_enough)
    assert main(["status"]) == 1
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", QUICK)
def test_quick_commands_import_nothing_that_takes_long(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NBKATA_CACHE", str(tmp_path))
    assert isinstance(load_kit(), Kit)  # who reads the kata first has to parse it
    code = (
        f"import sys; from nbkata.cli import main; main(['{name}']);"
        "heavy = {'typer', 'rich', 'nbformat', 'pandas', 'tempfile', 'shutil', 'dataclasses',"
        " 'inspect', 'tomllib'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_overview_imports_neither_typer_nor_rich_nor_any_command():
    code = (
        "import sys; from nbkata.cli import main; main(['--help']);"
        "heavy = {'typer', 'rich', 'nbformat', 'pandas', 'nbkata.kata'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["check", "smells", "strength"])
def test_help_is_the_same_for_a_python_that_drops_docstrings(name: str, nbkata: Nbkata):
    plain, optimized = nbkata(name, "--help"), nbkata(name, "--help", PYTHONOPTIMIZE="2")
    assert plain.stdout == optimized.stdout
    assert (optimized.returncode, optimized.stderr) == (0, "")


def test_assertions_count_in_a_python_that_drops_them(nbkata: Nbkata, tmp_path: Path):
    (tmp_path / "script.py").write_text("assert 1 == 2\n", "utf-8")
    write_json(tmp_path / "cells.ipynb", notebook_of("assert 1 == 2"))
    for name in ("script.py", "cells.ipynb"):
        done = nbkata("record", name, PYTHONOPTIMIZE="1")
        assert "AssertionError" in done.stdout + done.stderr


def test_the_exit_code_and_the_input_come_through_a_start_without_optimization(nbkata: Nbkata):
    done = nbkata("nothing", PYTHONOPTIMIZE="2")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("✗ There is no command 'nothing'.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("smells", "--format", "xyz"), "'--format': 'xyz' is not one of 'text', 'json',"),
        (("record", "a.ipynb", "--runs", "abc"), "'--runs': it must be a whole number."),
        (("purity", "a.py", "--timeout", "0"), "'--timeout': it must be at least 1."),
        (("strength", "--fail-under", "101"), "'--fail-under': it must be at most 100."),
    ],
)
def test_a_wrong_value_is_refused_without_the_words_of_a_parser(
    nbkata_inside: Nbkata, words: tuple[str, ...], said: str
):
    done = nbkata_inside(*words)
    assert done.returncode == 2 and f"Invalid value for {said}" in done.stderr, done.stderr
