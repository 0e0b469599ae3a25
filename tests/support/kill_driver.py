"""Kills commands that write a workspace, at seeded moments, and looks at what they leave.

One warm process forks a child for each run. The child counts what it does to the disk (Python's
audit events, and each flush to the disk) and kills itself with SIGKILL at its n-th; some are killed
from outside after a seeded time. Prints one JSON document.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.kata.shell.catch_up import CaughtUp, bring_to_start
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.undo import Undone, undo
from nbkata.kata.shell.workspace import Workspace, create_workspace, nobody, settle
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.shell.snapshots import UNFINISHED, folder_of, snapshots

TOUCHES = ("open", "os.", "shutil.")
"""The audit events that are counted, by how they begin."""
BY_TIME = 5
"""In every so many runs the kill comes from outside, after a seeded part of the time it takes."""
RECOVERY_KILLED = 5
"""In every so many runs the recovery is killed as well."""

State = tuple[tuple[str, str], ...]


@dataclass
class Command:
    """One to kill: how its workspace looks before, and what it does."""

    name: str
    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    found: dict[str, int] = field(
        default_factory=lambda: {"old": 0, "new": 0, "broken": 0, "ran to its end": 0}
    )


def main(folder: Path, seed: int, runs: int) -> dict[str, Any]:
    """Kill each command ``runs`` times. The counts of what was found, by command."""
    os.fsync = void  # takes a hundred times as long as the rest, and is not needed to survive kill
    kit = small_kit(folder)
    chance = random.Random(seed)
    problems: list[str] = []
    root = folder / "dojo"
    commands = commands_of(kit, folder)
    for command in commands:
        problems += kill(command, kit, root, chance, runs)
    return {"found": {c.name: c.found for c in commands}, "problems": problems}


def kill(command: Command, kit: Kit, root: Path, chance: random.Random, runs: int) -> list[str]:
    """Kill one command so often. What was found goes to its counts; the problems."""
    problems = []
    template = root.with_name(f"{command.name} template")
    command.prepare(template)
    old = state_of(kit, template)
    refresh(template, root)
    started = time.perf_counter()
    operations = in_child(lambda: command.run(root), count=True)
    seconds = time.perf_counter() - started
    new = state_of(kit, root)
    assert old != new, command.name
    last = operations + operations // 10  # beyond its end: some runs must not be killed at all
    for number in range(runs):
        refresh(template, root)
        if number % BY_TIME == 0:
            ended = in_child(lambda: command.run(root), after_s=chance.random() * seconds)
        else:
            ended = in_child(lambda: command.run(root), at=chance.randint(1, last))
        command.found["ran to its end"] += ended == 0
        if number % RECOVERY_KILLED == 1:
            in_child(lambda: recover(root), at=chance.randint(1, 40))
        recover(root)
        state, output = state_of(kit, root), problem_of(root)
        kind = "old" if state == old else "new" if state == new else "broken"
        command.found[kind] += 1
        if kind == "broken" or output:
            problems.append(f"{command.name}, run {number}: {kind} {output}")
    return problems


def small_kit(folder: Path) -> Kit:
    """The real steps and checkpoints, with a notebook and data that are quickly copied."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    for source in kit.start_files.values():
        path = folder / "kit" / source.relative_to(kit.root)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source.name, encoding="utf-8")
    (folder / "kit" / "solutions").symlink_to(kit.root / "solutions")
    return Kit(folder / "kit", kit.kata)


def commands_of(kit: Kit, folder: Path) -> list[Command]:
    """What writes several files at once."""
    worked = folder / "worked"
    create_workspace(worked, kit)
    bring(kit, worked, "06", "catch-up")
    (worked / "src" / "train.py").write_text("def train(path):\n    return {}\n", encoding="utf-8")
    (worked / "src" / "mine.py").write_text("mine = 1\n", encoding="utf-8")

    def at_work(path: Path) -> None:
        shutil.copytree(worked, path)

    def caught_up(path: Path) -> None:
        shutil.copytree(worked, path)
        bring(kit, path, "09", "catch-up")
        (path / "src" / "train.py").write_text("edited = True\n", encoding="utf-8")

    return [
        Command("start", Path.mkdir, lambda root: void(create_workspace(root, kit))),
        Command("catch-up", at_work, lambda root: bring(kit, root, "11", "catch-up")),
        Command("reset", at_work, lambda root: bring(kit, root, "06", "reset")),
        Command("undo", caught_up, lambda root: undo_last(kit, root)),
    ]


def bring(kit: Kit, root: Path, step: str, command: str) -> None:
    wanted = kit.kata.step(step)
    assert not isinstance(wanted, Refusal)
    done = bring_to_start(kit, Workspace(root), wanted, command, False, nobody)
    assert isinstance(done, CaughtUp), done


def undo_last(kit: Kit, root: Path) -> None:
    assert isinstance(undo(Workspace(root), kit.kata, None, nobody), Undone)


def void(_: object) -> None:
    """Throw a result away."""


def recover(root: Path) -> None:
    """What every command does first."""
    refused = settle(root, nobody)
    assert refused is None, refused


def refresh(template: Path, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(template, root)


def state_of(kit: Kit, root: Path) -> State:
    """Every file of the learner's with its digest, and the step."""
    files = [
        (path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.relative_to(root).parts[0].startswith(MARKER)
    ]
    is_workspace = (root / MARKER).is_dir()
    return (*files, ("step", Workspace(root).step(kit.kata).slug if is_workspace else ""))


def problem_of(root: Path) -> str:
    """What is wrong with the snapshots or the journal; nothing if all is well."""
    for snapshot in snapshots(root):
        for name, kept in snapshot.files.items():
            path = folder_of(root, snapshot.number) / "before" / name
            there = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
            if there != kept.before:
                return f"snapshot {snapshot.number} lost {name}"
    home = root / MARKER / "snapshots"
    names = [path.name for path in home.iterdir()] if home.is_dir() else []
    numbers = sorted(name for name in names if not name.startswith(UNFINISHED))
    if numbers != [f"{snapshot.number:04}" for snapshot in snapshots(root)]:
        return f"left over: {numbers}"
    journal = root / MARKER / "journal.jsonl"
    if journal.exists():
        for line in journal.read_text(encoding="utf-8").splitlines():
            json.loads(line)
    return ""


def in_child(
    run: Callable[[], None], *, at: int = 0, after_s: float = 0, count: bool = False
) -> int:
    """Run it in a fork. Its wait status; with ``count``, how often it touched the disk."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        touched = [0]

        def touch(*_: object) -> None:
            touched[0] += 1
            if touched[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)

        def audit(event: str, _: tuple[Any, ...]) -> None:
            if event.startswith(TOUCHES):
                touch()

        os.fsync = touch
        sys.addaudithook(audit)
        try:
            run()
        except BaseException as error:  # pylint: disable=broad-exception-caught # it ends here
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os.write(writer, str(touched[0]).encode())
        os._exit(0)
    os.close(writer)
    if after_s:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    answer = os.read(reader, 20)
    os.close(reader)
    return int(answer) if count else status


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
