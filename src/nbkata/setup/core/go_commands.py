"""What `./go …` was asked for, and the commands that do it. Standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import Enum
from shlex import quote

from nbkata.common.core.refusal import Refusal


class Task(Enum):
    """A word after `go`, with its line in the help."""

    START = "start"
    TEST = "test"
    LAB = "lab"
    BENCH = "bench"
    READY = "ready"
    HELP = "help"


HELP_LINES = {
    Task.START: "the workspace, the notebook run for real, step 00; also by itself",
    Task.TEST: "all the tests, or --quick; what follows goes to pytest: -k lock",
    Task.LAB: "the workspace in JupyterLab",
    Task.BENCH: "every benchmark in benchmarks/",
    Task.READY: "whether this machine is ready, before anything is set up",
    Task.HELP: "this text",
}


QUICK = "--quick"
FROM = "--from"


@dataclass(frozen=True, slots=True)
class Request:
    """What to do, and what is passed on to it."""

    task: Task
    arguments: tuple[str, ...] = ()
    pack: str = ""  # the folder after ``--from``


def request_in(argv: Sequence[str], go: str) -> Request | Refusal:
    """The request in the words after `go`. Options without a word are those of `start`."""
    if argv and argv[0].partition("=")[0] == FROM:
        return _from_pack(argv, go)
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help")):
        return Request(Task.START, tuple(argv))
    if argv[0] in ("-h", "--help"):
        return Request(Task.HELP)
    words = [task.value for task in Task]
    if argv[0] in words:
        return Request(Task(argv[0]), tuple(argv[1:]))
    near = get_close_matches(argv[0], words, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return Refusal(f"There is no go {argv[0]!r}.{meant}", "", f"{go} help lists what there is.")


def _from_pack(argv: Sequence[str], go: str) -> Request | Refusal:
    option, _, folder = argv[0].partition("=")
    rest = argv[1:]
    if not folder and rest:
        folder, rest = rest[0], rest[1:]
    if not folder or folder.startswith("-"):
        return Refusal(f"{option} needs a folder, the offline pack.", "", f"{go} {option} DIR")
    request = request_in(rest, go)
    return request if isinstance(request, Refusal) else replace(request, pack=folder)


def help_text(go: str) -> str:
    """The text of `go help`."""
    lines = [f"  {go} {task.value:<6} {line}" for task, line in HELP_LINES.items()]
    return "\n".join(
        [
            f"Usage: {go} [WORD] [ARGUMENTS]",
            "",
            *lines,
            "",
            "Each but ready sets up first, where that is needed: .venv beside this file, from",
            "requirements.lock. Paths in arguments are seen from the folder of this file.",
            f"{go} {FROM} DIR [WORD ...] takes the packages from an offline pack, without a",
            "network; DIR is seen from where you are (nbkata facilitate pack makes one).",
        ]
    )


def start_command(python: str, arguments: Sequence[str]) -> tuple[str, ...]:
    """`nbkata start`. (-P: the current folder is no place to import from.)"""
    return (python, "-P", "-m", "nbkata", "start", *arguments)


def pytest_command(python: str, arguments: Sequence[str], cores: int) -> tuple[str, ...]:
    """All tests on at most four cores: each may run a kernel of its own beside them. One worker more
    than cores, as tests also wait: for what must end by itself, for a browser, for the disk.

    They are begun as `tests/conftest.py` sorts them, which knows better what takes long than a count of tests.
    With ``--quick`` the tests of pure code alone, which take seconds.
    """
    spread = ("-n", str(min(4, cores) + 1), "--dist", "loadscope", "--no-loadscope-reorder")
    chosen = ("-o", "python_files=test_core_*.py") if QUICK in arguments else ()
    passed_on = (word for word in arguments if word != QUICK)
    return (python, "-P", "-m", "pytest", *spread, *chosen, *passed_on)


def lab_command(python: str, arguments: Sequence[str]) -> tuple[str, ...]:
    """JupyterLab on its current folder."""
    return (python, "-P", "-m", "jupyterlab", *arguments)


class Shell(Enum):
    """The families of shells that start an environment each in their own way."""

    POSIX = "posix"
    FISH = "fish"
    CSH = "csh"
    WINDOWS = "windows"


def shell_named(path: str, windows: bool) -> Shell:
    """The family of a login shell, from the variable SHELL (also set by Git's on Windows)."""
    name = path.rsplit("/", 1)[-1].removesuffix(".exe")
    if name in ("csh", "tcsh"):
        return Shell.CSH
    if name == "fish":
        return Shell.FISH
    return Shell.WINDOWS if windows and not name else Shell.POSIX


def activate_line(shell: Shell, scripts: str) -> str:
    """What to type so that `nbkata` is found; ``scripts`` is where its command lies."""
    if shell is Shell.WINDOWS:
        path = scripts + "\\activate"
        return f'"{path}"' if " " in path else path
    suffix = {Shell.FISH: ".fish", Shell.CSH: ".csh"}.get(shell, "")
    word = "source" if suffix else "."
    return f"{word} {quote(scripts + '/activate' + suffix)}"
