"""Commands that write a workspace: killed, met by a save, and on a disk that gets full, at a random moment.

A command runs in a fork that has everything imported. What it does to the disk, and each git that it
starts, is counted (Python's audit events), and at the n-th of them the trial happens. Other people's
code runs once, before the trials: after that its answer is given again (`_Once`). It writes nothing
of the workspace, and takes seconds where the writes take milliseconds.
"""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from attacks.trial import Trial

from nbkata.characterize.shell import characterize
from nbkata.cli import main
from nbkata.common.core.refusal import Refusal
from nbkata.kata.commands import _lights
from nbkata.kata.core.kata import Step
from nbkata.kata.shell import check
from nbkata.kata.shell.catch_up import bring_to_start
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, create_workspace, nobody, settle
from nbkata.record.commands import record
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.shell.git import Repository, make_repository
from nbkata.workspace.shell.snapshots import UNFINISHED

TOUCHES = ("open", "os.", "shutil.", "subprocess.Popen")
NOTE = "# a learner's own line\n"


class Attacked(NamedTuple):
    """A command in a workspace at step 06."""

    words: list[str]
    file: str = "src/train.py"
    """One that it writes, or reads to commit it: what the learner saves meanwhile."""


COMMANDS = {
    "catch-up": Attacked(["catch-up", "11"]),
    "reset": Attacked(["reset"]),
    "undo": Attacked(["undo"]),
    "annotate": Attacked(["smells", "--annotate", "--in-place", "src/train.py"]),
    "drill": Attacked(["drill", "reset", "01"]),
    "record": Attacked(
        ["record", "src/small.py", "--out", "small.record.json"], "small.record.json"
    ),
    "characterize": Attacked(
        ["characterize", "src/small.py", "--tests", "mine", "--approve"], "mine/golden/table.csv"
    ),
    "commit": Attacked(["check", "05", "--commit"]),
}
# The script that is recorded and characterized, and what it was when that was done before.
SMALL = "import pandas as pd\n\ntable = pd.DataFrame({'a': [1, 2, 3]})\nvalue = 2.5\nprint(table, value)\n"
OLDER = SMALL.replace("[1, 2, 3]", "[1, 2, 4]")
State = dict[str, bytes]


def kills(chance: random.Random, folder: Path) -> Generator[Trial]:
    """KILL, TERM or HUP at a random touch of the disk; what the next command finds is old or new."""

    def strike(_: str) -> None:
        number = chance.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGHUP))
        if chance.random() < 0.7:
            os.kill(os.getpid(), number)
        else:  # while it waits for git, or a little later
            timer = threading.Timer(chance.random() * 0.03, os.kill, (os.getpid(), number))
            timer.daemon = True
            timer.start()

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

    def strike(_: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for bench, name, before, after in _trials(chance, folder, strike, stays=True):
        now = bench.state()
        lost = "" if now in (before, after) else f"{name}: neither the old files nor the new ones"
        yield Trial(lost=lost, left=bench.left())


def saves(chance: random.Random, folder: Path) -> Generator[Trial]:
    """A learner saves a file at a random touch, in place or by rename: it is there, or in a snapshot."""

    def strike(file: str) -> None:
        path = Path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
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
    """A workspace that is put back before each trial. All kinds share one: they take turns."""

    shared: "list[_Bench]" = []

    def __init__(self, folder: Path) -> None:
        kit = load_kit()
        assert isinstance(kit, Kit), kit
        self.root, self.template = folder / "dojo", folder / "template"
        create_workspace(self.template, kit)
        wanted = kit.kata.step("06")
        assert not isinstance(wanted, Refusal)
        bring_to_start(kit, Workspace(self.template), wanted, "catch-up", False, nobody)
        small = self.template / "src" / "small.py"
        small.write_text(OLDER, encoding="utf-8")
        for name in ("record", "characterize"):
            assert _run(self.template, COMMANDS[name].words) == 0, name
        small.write_text(SMALL, encoding="utf-8")
        made = make_repository(self.template, "Start")
        assert isinstance(made, Repository), made
        (self.template / ".git" / "info").mkdir(exist_ok=True)
        (self.template / ".git" / "info" / "exclude").write_text("struck\n", encoding="utf-8")
        train = self.template / "src" / "train.py"
        train.write_text(train.read_text("utf-8") + "# worked on\n", encoding="utf-8")
        (self.template / "src" / "mine.py").write_text('print("mine")\n', encoding="utf-8")
        _answer_runs_once(folder)
        self.refresh()
        self.before = self.state()
        self.undisturbed: dict[str, tuple[int, State]] = {}
        """The touches of each command, and the files after it."""
        for name, command in COMMANDS.items():
            self.refresh()
            _run(self.root, command.words)  # so that a fork has everything imported
            self.refresh()
            touches = _in_child(self.root, command, 0, lambda _: None)
            self.undisturbed[name] = touches, self.state()
            assert name == "drill" or self.undisturbed[name][1] != self.before, name
        self.shared.append(self)

    def refresh(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.template, self.root)

    def state(self) -> State:
        """The files of the learner's and the last commit's, once the next command has settled it."""
        refused = settle(self.root, nobody)
        assert refused is None, refused
        paths = (path for path in self.root.rglob("*") if path.is_file())
        names = {path.relative_to(self.root): path for path in paths if path.name != "struck"}
        own = {n: p for n, p in names.items() if n.parts[0] not in (MARKER, ".git")}
        files = {name.as_posix(): path.read_bytes() for name, path in own.items()}
        return {**files, "the last commit": self._last_commit()}

    def _last_commit(self) -> bytes:
        """The learner's files in it, or what git says if the repository is not sound."""
        listed, sound = (
            subprocess.run(["git", *words], cwd=self.root, capture_output=True, check=False)
            for words in (["ls-tree", "-r", "HEAD"], ["fsck", "--no-progress"])
        )
        lines = [line for line in listed.stdout.splitlines() if f"\t{MARKER}".encode() not in line]
        return b"\n".join([*lines, sound.stderr if sound.returncode else b""])

    def left(self) -> str:
        """Half-made snapshots that no command would take away, and locks that stop the next commit."""
        home = self.root / MARKER / "snapshots"
        names = [p.name for p in home.iterdir()] if home.is_dir() else []
        half = [n for n in names if not n.isdecimal() and not n.startswith(UNFINISHED)]
        return ", ".join([*half, *(p.name for p in (self.root / ".git").rglob("*.lock"))])


def _both(file: str, before: State, after: State) -> tuple[bytes | None, ...]:
    return before.get(file), after.get(file)


def _trials(
    chance: random.Random, folder: Path, strike: Callable[[str], None], stays: bool = False
) -> Generator[tuple[_Bench, str, State, State]]:
    """After each strike: the command, the files before it, and after it undisturbed."""
    bench = _Bench.shared[0] if _Bench.shared else _Bench(folder)
    while True:
        name = chance.choice(list(COMMANDS))
        touches, after = bench.undisturbed[name]
        bench.refresh()
        _in_child(bench.root, COMMANDS[name], chance.randint(1, max(touches, 1)), strike, stays)
        yield bench, name, bench.before, after


def _run(folder: Path, words: list[str]) -> int:
    here = Path.cwd()
    os.chdir(folder)
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            return main(words)
    finally:
        os.chdir(here)


class _Once:
    """A function that runs other people's code: it does so once for each of its requests."""

    def __init__(self, module: Any, name: str, known_by: Callable[..., object], kept: Path) -> None:
        self.run, self.known_by, self.kept = getattr(module, name), known_by, kept
        self.answers: dict[object, Any] = {}
        setattr(module, name, self)

    def __call__(self, *given: Any, **named: Any) -> Any:
        key, out = self.known_by(*given), _folder_of(given)
        if key not in self.answers:
            self.answers[key] = self.run(*given, **named)
            if out:
                shutil.copytree(out, self.kept)
        elif out:
            shutil.copytree(self.kept, out, dirs_exist_ok=True)
        return self.answers[key]


def _folder_of(given: tuple[Any, ...]) -> str:
    """Into which a request wants files."""
    return given[1].get("out", "") if len(given) > 1 and isinstance(given[1], dict) else ""


def _answer_runs_once(folder: Path) -> None:
    """From now on, in this process and its forks."""
    kept = folder / "golden"
    _Once(record, "record_steadily", lambda path, *_: path, kept)
    _Once(characterize, "record_steadily", lambda path, *_: path, kept)
    _Once(characterize, "ask", lambda module, _: module, kept)
    _Once(_lights, "observe", lambda kit, step, *_: step, kept)
    seen: dict[str, Any] = {}
    check_step = check.check_step

    def check_once(kit: Kit, step: Step, path: Path, run: Callable[[Step], Any], *rest: Any) -> Any:
        run(step)
        if step.slug not in seen:
            seen[step.slug] = check_step(kit, step, path, run, *rest)
        return seen[step.slug]

    setattr(check, "check_step", check_once)


def _in_child(
    root: Path, command: Attacked, at: int, strike: Callable[[str], None], stays: bool = False
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
                    strike(command.file)
                finally:
                    inside[0] = False

        sys.addaudithook(audit)
        os.fsync = lambda _: None  # a hundred times as slow as all else
        try:
            with suppress(BaseException):
                main(command.words)
            inside[0] = True
            os.write(writer, str(touched[0]).encode())
        finally:  # and never up into the attack's own frames, by a late signal
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
