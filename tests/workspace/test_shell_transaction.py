"""workspace/shell/transaction.py: all files or none, whatever goes wrong on the way."""

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.workspace.core.workspace import MARKER
from nbkata.workspace.core.writes import Snapshot, Write
from nbkata.workspace.shell import transaction
from nbkata.workspace.shell.snapshots import folder_of, kept_content, snapshots
from nbkata.workspace.shell.transaction import apply, locked, settle


def nobody_waits() -> None:
    pytest.fail("no one else holds the lock")


def done(root: Path, **files: bytes | None) -> Snapshot | Refusal | None:
    named = {name.replace("_", "/"): content for name, content in files.items()}
    return apply(root, Write("a change", named), "00-run", nobody_waits)


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    root = tmp_path / "a b é"
    (root / MARKER).mkdir(parents=True)
    (root / "src").mkdir()
    (root / "src" / "lamp").write_bytes(b"old lamp")
    (root / "src" / "chair").write_bytes(b"old chair")
    return root


def state(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "src").iterdir()}


OLD = {"lamp": b"old lamp", "chair": b"old chair"}


def test_a_change_replaces_adds_and_removes_and_keeps_what_was_there(root: Path):
    change = done(root, src_lamp=b"new lamp", src_chair=None, src_table=b"table")
    assert isinstance(change, Snapshot)
    assert state(root) == {"lamp": b"new lamp", "table": b"table"}
    assert kept_content(root, 1, "src/lamp") == b"old lamp"
    assert kept_content(root, 1, "src/chair") == b"old chair"
    assert snapshots(root) == (change,)
    assert sorted(path.name for path in folder_of(root, 1).iterdir()) == ["before", "plan.json"]


def test_a_change_that_changes_nothing_leaves_no_snapshot(root: Path):
    assert done(root, src_lamp=b"old lamp", src_table=None) is None
    assert snapshots(root) == ()


def test_a_replaced_file_keeps_its_permissions(root: Path):
    (root / "src" / "lamp").chmod(0o750)
    done(root, src_lamp=b"new lamp")
    assert os.name == "nt" or (root / "src" / "lamp").stat().st_mode & 0o777 == 0o750


def test_a_full_disk_is_refused_and_nothing_is_changed(root: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "src/lamp")

    monkeypatch.setattr(os, "fsync", full)
    refusal = done(root, src_lamp=b"new lamp", src_chair=None)
    assert str(refusal) == (
        "src/lamp: the disk is full. Nothing was changed. Make room, then run it again."
    )
    monkeypatch.undo()
    assert state(root) == OLD
    assert not list((root / MARKER / "snapshots").iterdir())


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_file_that_may_not_be_replaced_is_refused_and_all_are_put_back(
    root: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
):
    replace, calls = os.replace, []

    def barred(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == fails_at:
            raise PermissionError(errno.EACCES, "Permission denied", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", barred)
    refusal = done(root, src_chair=None, src_lamp=b"new lamp", src_table=b"table")
    assert "this may not be written. Nothing was changed. Make the folder" in str(refusal)
    assert state(root) == OLD
    assert snapshots(root) == ()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_disk_that_is_full_for_the_journal_is_refused_and_all_are_put_back(root: Path):
    (root / MARKER / "journal.jsonl").symlink_to("/dev/full")
    change = Write("reset", {"src/lamp": b"new lamp"}, moves_to="01-tidy", moved_by="reset")
    refusal = apply(root, change, "00-run", nobody_waits)
    assert "the disk is full." in str(refusal)
    assert state(root) == OLD


class Saver:
    """An editor that saves a file at the n-th moment at which a write touches the disk."""

    def __init__(self) -> None:
        self.left = 0
        self.save: Callable[[], None] | None = None
        sys.addaudithook(self._touched)

    def _touched(self, event: str, _: object) -> None:
        if self.save is not None and event.startswith(("open", "os.", "shutil.")):
            self.left -= 1
            if self.left == 0:
                save, self.save = self.save, None
                save()

    def during(self, write: Callable[[], object], moment: int, save: Callable[[], None]) -> bool:
        """Whether the write was still under way at this moment."""
        self.left, self.save = moment, save
        write()
        saved, self.save = self.save is None, None
        return saved


@pytest.fixture(name="saver", scope="module")
def fixture_saver() -> Saver:
    return Saver()  # an audit hook cannot be removed again


class InPlace:
    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self) -> None:
        self.path.write_bytes(b"my save")

    def end(self) -> None:
        """It is done."""


class ByRename(InPlace):
    def begin(self) -> None:
        beside = self.path.with_name("lamp.tmp")
        beside.write_bytes(b"my save")
        os.replace(beside, self.path)


class Slowly(InPlace):
    """Opened, and so emptied, at the moment; written when the command is over."""

    file: BinaryIO | None = None

    def begin(self) -> None:
        self.file = self.path.open("wb")

    def end(self) -> None:
        if self.file is not None:
            self.file.write(b"my save")
            self.file.close()


@pytest.mark.parametrize("editor", [InPlace, ByRename, Slowly])
@pytest.mark.parametrize("change", ["replace", "remove"])
def test_a_save_at_any_moment_of_a_write_is_in_its_place_or_in_a_snapshot(
    tmp_path: Path, saver: Saver, editor: type[InPlace], change: str
):
    if os.name == "nt" and editor is not InPlace:
        pytest.skip("Windows lets no one replace an open file")
    new = b"new lamp" if change == "replace" else None
    lost, refused, moment, under_way = [], 0, 0, True
    while under_way:
        moment += 1
        root = tmp_path / str(moment)
        (root / MARKER).mkdir(parents=True)
        (root / "src").mkdir()
        lamp = root / "src" / "lamp"
        lamp.write_bytes(b"old lamp")
        saved, answer = editor(lamp), []
        under_way = saver.during(
            lambda answer=answer, root=root: answer.append(
                done(root, src_lamp=new, src_table=b"table")
            ),
            moment,
            saved.begin,
        )
        saved.end()
        there = {path.read_bytes() for path in (root / MARKER).rglob("lamp")}
        there |= {lamp.read_bytes()} if lamp.exists() else set()
        if under_way and b"my save" not in there:
            lost.append(moment)
        if isinstance(answer[0], Refusal):
            refused += 1
            assert "src/lamp: it was saved while the kit was about to replace it." in str(answer[0])
            assert lamp.read_bytes() == b"my save" and not (lamp.parent / "table").exists()
            assert snapshots(root) == ()
    assert lost == []
    assert moment > 20 and refused > 3


def test_a_file_that_is_empty_because_it_is_being_saved_is_looked_at_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    lamp = root / "src" / "lamp"
    lamp.write_bytes(b"")
    monkeypatch.setattr(time, "sleep", lambda _: lamp.write_bytes(b"my save"))
    done(root, src_lamp=b"new lamp")
    assert kept_content(root, 1, "src/lamp") == b"my save"


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_a_linked_file_stays_a_link_and_what_it_leads_to_changes(root: Path, tmp_path: Path):
    real, lamp = tmp_path / "real lamp", root / "src" / "lamp"
    real.write_bytes(b"old lamp")
    lamp.unlink()
    lamp.symlink_to(real)
    done(root, src_lamp=b"new lamp")
    assert lamp.is_symlink() and real.read_bytes() == b"new lamp"
    assert kept_content(root, 1, "src/lamp") == b"old lamp"


def test_a_file_that_was_taken_away_by_a_killed_command_comes_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "_place", killed)
        patch.setattr(transaction, "_settle", lambda _: "")
        with pytest.raises(KeyboardInterrupt):
            done(root, src_lamp=b"new lamp", src_chair=b"new chair")
    assert state(root) == {"chair": b"old chair"}
    output = settle(root, nobody_waits)
    assert output == "a change was stopped halfway; everything is as it was before it."
    assert state(root) == OLD


def stopped(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of both files, killed after the first one was replaced."""
    with monkeypatch.context() as patch:
        place = transaction._place  # pylint: disable=protected-access

        def killed(source: Path, target: Path) -> None:
            place(source, target)
            raise KeyboardInterrupt

        patch.setattr(transaction, "_place", killed)
        patch.setattr(transaction, "_settle", lambda _: "")
        with pytest.raises(KeyboardInterrupt):
            done(root, src_lamp=b"new lamp", src_chair=b"new chair")
    assert state(root) == OLD | {"lamp": b"new lamp"}


def test_what_a_killed_command_left_is_put_back_and_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    stopped(root, monkeypatch)
    output = settle(root, nobody_waits)
    assert output == "a change was stopped halfway; everything is as it was before it."
    assert state(root) == OLD
    assert settle(root, nobody_waits) == ""
    assert not list((root / MARKER / "snapshots").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows moves files without a link in between")
def test_putting_back_may_be_killed_between_a_link_and_its_removal(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    """Both names are one file then: who writes to one of them writes to the other."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(transaction.shutil, "rmtree", killed)  # all is written, and it is not over
        patch.setattr(transaction, "_settle", lambda _: "")
        with pytest.raises(KeyboardInterrupt):
            done(root, src_lamp=b"new lamp", src_chair=b"new chair")
    for _ in OLD:
        with monkeypatch.context() as patch:
            patch.setattr(transaction.os, "unlink", killed)
            with pytest.raises(KeyboardInterrupt):
                settle(root, nobody_waits)
    settle(root, nobody_waits)
    assert state(root) == OLD
    assert not list((root / MARKER / "snapshots").iterdir())


def test_work_on_a_file_after_the_kill_is_never_put_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    stopped(root, monkeypatch)
    (root / "src" / "lamp").write_bytes(b"an hour of work")
    output = settle(root, nobody_waits)
    assert "files were edited since; they are left alone. nbkata undo brings back" in str(output)
    assert state(root) == OLD | {"lamp": b"an hour of work"}
    assert kept_content(root, 1, "src/lamp") == b"old lamp"


def test_a_plan_that_was_damaged_is_refused_with_the_place(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    stopped(root, monkeypatch)
    (root / MARKER / "snapshots" / "0001.doing" / "plan.json").write_text("{")
    refusal = settle(root, nobody_waits)
    assert isinstance(refusal, Refusal)
    assert "0001.doing: a stopped write cannot be undone" in str(refusal)
    assert "Take what you need from before/ beside it, then delete the folder." in str(refusal)


def test_a_snapshot_whose_plan_was_deleted_hides_no_other(root: Path):
    done(root, src_lamp=b"1")
    done(root, src_lamp=b"2")
    (folder_of(root, 1) / "plan.json").unlink()
    assert [snapshot.number for snapshot in snapshots(root)] == [2]
    assert isinstance(third := done(root, src_lamp=b"3"), Snapshot) and third.number == 3


def test_a_second_command_says_that_it_waits_and_then_goes_on(root: Path):
    messages: list[str] = []
    held, let_go = threading.Event(), threading.Event()

    def first() -> None:
        with locked(root, nobody_waits):
            held.set()
            let_go.wait(30)

    def waiting() -> None:
        messages.append("waiting")
        let_go.set()

    thread = threading.Thread(target=first)
    thread.start()
    held.wait(30)
    change = apply(root, Write("a change", {"src/lamp": b"new lamp"}), "", waiting)
    thread.join()
    assert isinstance(change, Snapshot)
    assert messages == ["waiting"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can mount a tiny disk")
def test_a_disk_that_is_really_full_loses_nothing(tmp_path: Path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        (disk / MARKER).mkdir()
        (disk / "src").mkdir()
        for name, content in OLD.items():
            (disk / "src" / name).write_bytes(content)
        refusal = done(disk, src_lamp=b"x" * 40_000, src_chair=b"x" * 40_000)
        assert "the disk is full." in str(refusal)
        assert state(disk) == OLD
    finally:
        subprocess.run(["umount", str(disk)], check=True)
