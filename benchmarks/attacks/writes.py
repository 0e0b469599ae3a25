"""Commands that write a workspace: killed, met by a save, and on a disk that gets full, at a random moment.

A command runs in a fork that has everything imported. What it does to the disk is counted (Python's
audit events), and at the n-th of them the trial happens.
"""

import errno
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any

from attacks.trial import Trial

from nbkata.cli import main
from nbkata.common.core.refusal import Refusal
from nbkata.kata.shell.catch_up import bring_to_start
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, create_workspace, nobody, settle
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.shell.snapshots import UNFINISHED

TOUCHES = ("open", "os.", "shutil.")
NOTE = "# a learner's own line\n"
# What is run in a workspace at step 06; each writes files of the learner's.
COMMANDS = {
    "catch-up": ["catch-up", "11"],
    "reset": ["reset"],
    "undo": ["undo"],
    "annotate": ["smells", "--annotate", "--in-place", "src/train.py"],
    "drill": ["drill", "reset", "01"],
}
State = dict[str, bytes]


def kills(chance: random.Random, folder: Path) -> Generator[Trial]:
    """KILL, TERM or HUP at a random touch of the disk; what the next command finds is old or new."""

    def strike() -> None:
        os.kill(os.getpid(), chance.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)))

    for bench, name, before, after in _trials(chance, folder, strike):
        now = bench.state()
        wrong = [
            file for file in {*before, *after} if now.get(file) not in _both(file, before, after)
        ]
        mixed = now not in (before, after)
        lost = f"{name}: {', '.join(wrong) or 'half of it is new'}" if wrong or mixed else ""
        yield Trial(lost=lost, left=bench.left())


def full_disks(chance: random.Random, folder: Path) -> Generator[Trial]:
    """From a random touch on, nothing can be written; then there is room again."""

    def strike() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for bench, name, before, after in _trials(chance, folder, strike, stays=True):
        now = bench.state()
        lost = "" if now in (before, after) else f"{name}: neither the old files nor the new ones"
        yield Trial(lost=lost, left=bench.left())


def saves(chance: random.Random, folder: Path) -> Generator[Trial]:
    """A learner saves a file at a random touch, in place or by rename: it is there, or in a snapshot."""

    def strike() -> None:
        path = (
            Path("src/train.py")
            if Path("src/train.py").exists()
            else Path("notebooks/titanic.ipynb")
        )
        if chance.random() < 0.5:
            path.write_text(NOTE, encoding="utf-8")
        else:
            beside = path.with_name("beside.tmp")
            beside.write_text(NOTE, encoding="utf-8")
            os.replace(beside, path)

    for bench, name, _, _ in _trials(chance, folder, strike):
        kept = [
            path
            for path in bench.root.rglob("*")
            if path.is_file() and path.stat().st_size == len(NOTE)
        ]
        struck = (bench.root / "struck").exists()
        found = any(path.read_text("utf-8", "replace") == NOTE for path in kept)
        empty = [
            p.name for p in (bench.root / MARKER).rglob("before/**/*.py") if not p.stat().st_size
        ]
        lost = f"{name}: the save is gone" if struck and not found else ""
        yield Trial(lost=lost or (f"{name}: an empty file is kept: {empty}" if empty else ""))


class _Bench:
    """A workspace that is put back before each trial."""

    def __init__(self, folder: Path) -> None:
        kit = load_kit()
        assert isinstance(kit, Kit), kit
        self.root, self.template = folder / "dojo", folder / "template"
        create_workspace(self.template, kit)
        wanted = kit.kata.step("06")
        assert not isinstance(wanted, Refusal)
        bring_to_start(kit, Workspace(self.template), wanted, "catch-up", False, nobody)
        train = self.template / "src" / "train.py"
        train.write_text(train.read_text("utf-8") + "# worked on\n", encoding="utf-8")
        (self.template / "src" / "mine.py").write_text("mine = 1\n", encoding="utf-8")
        self.refresh()

    def refresh(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.template, self.root)

    def state(self) -> State:
        """The files of the learner's, once the next command has settled what was stopped."""
        refused = settle(self.root, nobody)
        assert refused is None, refused
        paths = (path for path in self.root.rglob("*") if path.is_file())
        names = {path.relative_to(self.root): path for path in paths if path.name != "struck"}
        return {n.as_posix(): p.read_bytes() for n, p in names.items() if n.parts[0] != MARKER}

    def left(self) -> str:
        """Half-made snapshots that no command would take away."""
        home = self.root / MARKER / "snapshots"
        names = [p.name for p in home.iterdir()] if home.is_dir() else []
        return ", ".join(n for n in names if not n.isdecimal() and not n.startswith(UNFINISHED))


def _both(file: str, before: State, after: State) -> tuple[bytes | None, ...]:
    return before.get(file), after.get(file)


def _trials(
    chance: random.Random, folder: Path, strike: Callable[[], None], stays: bool = False
) -> Generator[tuple[_Bench, str, State, State]]:
    """After each strike: the command, the files before it, and after it undisturbed."""
    bench = _Bench(folder)
    before = bench.state()
    undisturbed: dict[str, tuple[int, State]] = {}
    for name, words in COMMANDS.items():
        bench.refresh()
        os.chdir(bench.root)
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            main(words)  # so that a fork has everything imported
        os.chdir(folder)
        bench.refresh()
        touches = _in_child(bench.root, words, 0, strike)
        undisturbed[name] = touches, bench.state()
    while True:
        name = chance.choice(list(COMMANDS))
        touches, after = undisturbed[name]
        bench.refresh()
        _in_child(bench.root, COMMANDS[name], chance.randint(1, max(touches, 1)), strike, stays)
        yield bench, name, before, after


def _in_child(
    root: Path, words: list[str], at: int, strike: Callable[[], None], stays: bool = False
) -> int:
    """Run a command in a fork, struck at a touch of the disk; how many touches it made.

    If the strike ``stays``, it is repeated whenever a file is opened for writing.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.chdir(root)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        touched, inside = [0], [False]

        def audit(event: str, given: tuple[Any, ...]) -> None:
            if inside[0] or not event.startswith(TOUCHES) or not _is_below(given, root):
                return
            touched[0] += 1
            writes = event == "open" and isinstance(given[2], int) and given[2] & os.O_CREAT
            if touched[0] == at or stays and writes and 0 < at < touched[0]:
                inside[0] = True
                Path("struck").touch()
                try:
                    strike()
                finally:
                    inside[0] = False

        sys.addaudithook(audit)
        os.fsync = lambda _: None  # a hundred times as slow as all else
        with suppress(BaseException):
            main(words)
        inside[0] = True
        os.write(writer, str(touched[0]).encode())
        os._exit(0)
    os.close(writer)
    end = time.monotonic() + 60
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)
    told = os.read(reader, 20)
    os.close(reader)
    return int(told or 0)


def _is_below(given: tuple[Any, ...], root: Path) -> bool:
    """Whether an event is about a path in the workspace; that is also the working directory."""
    path = (
        os.fsdecode(given[0]) if given and isinstance(given[0], str | bytes | os.PathLike) else "/"
    )
    return not os.path.isabs(path) or path.startswith(str(root))
