"""The words after `./go`, and the commands they become."""

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.setup.core.go_commands import (
    Request,
    Shell,
    Task,
    activate_line,
    help_text,
    pytest_command,
    request_in,
    shell_named,
)


@pytest.mark.parametrize(
    ("argv", "request_"),
    [
        ((), Request(Task.START)),
        (("--timeout", "60"), Request(Task.START, ("--timeout", "60"))),
        (("start", "monday"), Request(Task.START, ("monday",))),
        (("test", "-k", "lock"), Request(Task.TEST, ("-k", "lock"))),
        (("lab",), Request(Task.LAB)),
        (("-h",), Request(Task.HELP)),
        (("--help",), Request(Task.HELP)),
        (("test", "--help"), Request(Task.TEST, ("--help",))),
        (("--from", "a b"), Request(Task.START, (), "a b")),
        (("--from=a b", "lab", "--no-browser"), Request(Task.LAB, ("--no-browser",), "a b")),
        (("--from", "a", "--timeout", "60"), Request(Task.START, ("--timeout", "60"), "a")),
    ],
)
def test_words_become_a_task_and_what_is_passed_on(
    argv: tuple[str, ...], request_: Request
) -> None:
    assert request_in(argv, "./go") == request_


@pytest.mark.parametrize("argv", [("--from",), ("--from=",), ("--from", "--timeout", "60")])
def test_from_without_a_folder_is_refused(argv: tuple[str, ...]) -> None:
    what = "--from needs a folder, the offline pack."
    assert request_in(argv, "./go") == Refusal(what, "", "./go --from DIR")


def test_an_unknown_word_is_refused_with_the_nearest_one() -> None:
    assert request_in(["tset"], "./go") == Refusal(
        "There is no go 'tset'. Did you mean test?", "", "./go help lists what there is."
    )


def test_the_help_fits_in_80_columns_and_has_a_line_for_every_word() -> None:
    lines = help_text(".\\go").splitlines()
    assert max(map(len, lines)) <= 80
    for task in Task:
        assert any(line.startswith(f"  .\\go {task.value}") for line in lines)


@pytest.mark.parametrize(("cores", "workers"), [(1, "2"), (2, "3"), (4, "5"), (64, "5")])
def test_tests_take_at_most_four_cores_and_a_worker_for_when_others_wait(
    cores: int, workers: str
) -> None:
    command = pytest_command("python", ("-k", "lock"), cores)
    assert command[command.index("-n") + 1] == workers
    assert command[-2:] == ("-k", "lock")


def test_quick_runs_the_tests_of_pure_code_and_passes_on_the_rest() -> None:
    command = pytest_command("python", ("--quick", "-k", "lock"), 2)
    assert command[-4:] == ("-o", "python_files=test_core_*.py", "-k", "lock")
    assert "python_files=test_core_*.py" not in pytest_command("python", (), 2)


@pytest.mark.parametrize(
    ("login", "windows", "scripts", "line"),
    [
        ("/bin/zsh", False, ".venv/bin", ". .venv/bin/activate"),
        ("/bin/bash", False, "/tmp/a b/.venv/bin", ". '/tmp/a b/.venv/bin/activate'"),
        ("/usr/bin/fish", False, ".venv/bin", "source .venv/bin/activate.fish"),
        ("/bin/tcsh", False, ".venv/bin", "source .venv/bin/activate.csh"),
        ("", False, ".venv/bin", ". .venv/bin/activate"),
        ("", True, ".venv\\Scripts", ".venv\\Scripts\\activate"),
        ("", True, "C:\\a b\\.venv\\Scripts", '"C:\\a b\\.venv\\Scripts\\activate"'),
        ("/usr/bin/bash.exe", True, ".venv/Scripts", ". .venv/Scripts/activate"),
    ],
)
def test_every_shell_is_told_its_own_line(
    login: str, windows: bool, scripts: str, line: str
) -> None:
    assert activate_line(shell_named(login, windows), scripts) == line


def test_fish_is_no_posix_shell() -> None:
    assert shell_named("/opt/homebrew/bin/fish", False) is Shell.FISH
