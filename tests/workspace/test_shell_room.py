"""A learner's side of a room: what is sent, what is kept, and what happens if the room is away."""

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.rooms import Served, served
from support.waiting import wait_until

from nbkata.common.core.refusal import Refusal
from nbkata.workspace.core.room import MOST_SENT, RoomLine, head_of, id_of, text_of
from nbkata.workspace.shell import room as sending
from nbkata.workspace.shell.room import Membership, deliver, join, leave, membership_of, report

TOKEN = "token-of-ada-0123456789"
LINE = RoomLine("2030-01-31T10:00:00+00:00", "till", "06-titles", True, False, 3.25, 1)


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    path = tmp_path / "dojo"
    (path / ".nbkata").mkdir(parents=True)
    return path


@pytest.fixture(name="open_room")
def fixture_open_room(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "room") as room:
        yield room


def member(room: Served) -> Membership:
    return Membership(TOKEN, "Ada", "127.0.0.1", room.port)


def kept_in(room: Served) -> int:
    seat = room.room.seats.get(id_of(TOKEN))
    return seat.lines if seat else -1


def test_who_joined_no_room_sends_nothing_and_keeps_nothing(workspace: Path):
    assert report(workspace, LINE) == ""
    assert not list((workspace / ".nbkata").iterdir())


def test_a_line_arrives_and_the_call_comes_back(workspace: Path, open_room: Served):
    assert join(workspace, member(open_room), open_room.room.code) == ""
    open_room.room.call = "07-alone"
    (open_room.room.home / "call").write_text("07-alone\n", encoding="ascii")
    assert report(workspace, LINE, 5) == "07-alone"
    assert kept_in(open_room) == 1


def test_nothing_is_kept_of_a_room_that_refuses(workspace: Path, open_room: Served):
    refused = join(workspace, member(open_room), "AAAAAAAA")
    assert isinstance(refused, Refusal) and "not the code" in refused.what
    assert not list((workspace / ".nbkata").iterdir())


def test_what_a_room_that_was_away_missed_comes_with_the_next_line(workspace: Path, tmp_path: Path):
    with served(tmp_path / "room") as room:
        here = member(room)
        join(workspace, here, room.room.code)
        report(workspace, LINE, 5)
    for _ in range(2 * MOST_SENT):
        assert isinstance(report(workspace, LINE), Refusal)
    lines = (workspace / ".nbkata" / "room.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 1 + 2 * MOST_SENT
    (workspace / ".nbkata" / "room.jsonl").write_text("\n".join(lines[:50]) + "\n", "utf-8")
    with served(tmp_path / "room") as room:
        moved = here._replace(port=room.port)
        kept = moved._asdict() | {"workspace": str(workspace.resolve())}
        (workspace / ".nbkata" / "room.json").write_text(json.dumps(kept), encoding="utf-8")
        assert report(workspace, LINE, 5) == ""
        assert kept_in(room) == 50


@pytest.fixture(name="silent")
def fixture_silent() -> Iterator[int]:
    """A port where somebody takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_room_that_does_not_answer_costs_a_fifth_of_a_second(workspace: Path, silent: int):
    kept = Membership(TOKEN, "", "127.0.0.1", silent)._asdict()
    kept |= {"workspace": str(workspace.resolve())}
    (workspace / ".nbkata" / "room.json").write_text(json.dumps(kept), encoding="utf-8")
    began = time.monotonic()
    assert isinstance(report(workspace, LINE), Refusal)
    assert time.monotonic() - began < 5 * sending.PATIENCE_S  # the machine may be busy


def test_a_network_drive_that_hangs_costs_no_more(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    comes_back = threading.Event()
    shared = tmp_path / "shared"
    shared.mkdir()
    assert join(workspace, Membership(TOKEN, folder=str(shared)), "") == ""
    monkeypatch.setattr(sending, "_to_folder", lambda *_: comes_back.wait(60) and "")
    began = time.monotonic()
    assert isinstance(report(workspace, LINE), Refusal)
    assert time.monotonic() - began < 5 * sending.PATIENCE_S
    comes_back.set()


def test_a_copy_of_a_workspace_is_in_no_room(workspace: Path, tmp_path: Path, open_room: Served):
    join(workspace, member(open_room), open_room.room.code)
    shutil.copytree(workspace, tmp_path / "copy")
    assert membership_of(tmp_path / "copy") is None
    assert membership_of(workspace) == member(open_room)


def test_leaving_deletes_what_was_sent_there_and_here(workspace: Path, open_room: Served):
    join(workspace, member(open_room), open_room.room.code)
    report(workspace, LINE, 5)
    assert leave(workspace, member(open_room)) is None
    assert kept_in(open_room) == -1 and not list((workspace / ".nbkata").iterdir())


def test_who_left_while_the_room_was_away_sends_no_more_and_can_leave_again(
    workspace: Path, tmp_path: Path
):
    with served(tmp_path / "room") as room:
        join(workspace, member(room), room.room.code)
        here = member(room)
    assert isinstance(leave(workspace, here), Refusal)
    assert membership_of(workspace) == here._replace(left=True)
    before = (workspace / ".nbkata" / "room.jsonl").read_bytes()
    assert report(workspace, LINE) == ""
    assert (workspace / ".nbkata" / "room.jsonl").read_bytes() == before
    with served(tmp_path / "room") as room:
        assert leave(workspace, here._replace(port=room.port)) is None
        assert kept_in(room) == -1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"workspace": 5}', "\0"])
def test_a_membership_that_was_edited_is_none(workspace: Path, text: str):
    (workspace / ".nbkata" / "room.json").write_text(text, encoding="utf-8")
    assert membership_of(workspace) is None


def test_a_shared_folder_gets_one_file_and_the_room_sees_it(workspace: Path, tmp_path: Path):
    shared = tmp_path / "shared"
    shared.mkdir()
    here = Membership(TOKEN, "Ada", folder=str(shared))
    with served(tmp_path / "room", shared) as room:
        assert join(workspace, here, "") == ""
        report(workspace, LINE, 5)
        assert [path.name for path in shared.iterdir()] == [f"{id_of(TOKEN)}.jsonl"]
        wait_until(lambda: kept_in(room) == 1)
        (shared / "call").write_text("07-alone\n", encoding="ascii")
        assert report(workspace, LINE, 5) == "07-alone"
        wait_until(lambda: kept_in(room) == 2 and room.room.call == "07-alone")
        (dot,) = room.view()["rows"][0]["dots"]
        assert dot["who"] == "Ada"
        assert leave(workspace, here) is None
        wait_until(lambda: kept_in(room) == -1)
    assert [path.name for path in shared.iterdir()] == ["call"]


def test_a_shared_folder_that_is_away_is_not_made(workspace: Path, tmp_path: Path):
    gone = Membership(TOKEN, folder=str(tmp_path / "gone"))
    assert isinstance(join(workspace, gone, ""), Refusal)
    assert isinstance(deliver(workspace, gone), Refusal)
    assert isinstance(leave(workspace, gone), Refusal)
    assert not (tmp_path / "gone").exists()


def test_a_clock_that_is_an_hour_off_in_a_folder_that_keeps_its_times_makes_nobody_late(
    tmp_path: Path,
):
    """As Syncthing and the like do: the file has the time of the machine that wrote it."""
    shared = tmp_path / "shared"
    shared.mkdir()
    theirs = datetime.now(UTC) - timedelta(hours=1)
    path = shared / f"{id_of(TOKEN)}.jsonl"
    with served(tmp_path / "room", shared) as room:
        wait_until(lambda: room.room.has_looked)
        red = [
            LINE._replace(time=(theirs - timedelta(minutes=m)).isoformat(), behaviour=False)
            for m in (20, 15, 12)
        ]
        text = "\n".join([head_of("Ada", theirs.isoformat()), *map(text_of, red), ""])
        path.write_text(text, encoding="utf-8")
        os.utime(path, (theirs.timestamp(), theirs.timestamp()))
        wait_until(lambda: kept_in(room) == 3)
        (dot,) = room.view()["rows"][0]["dots"]
        assert (dot["state"], dot["red"], dot["seen"]) == ("long", 20, 12)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="Windows makes no links without rights")
def test_a_link_that_a_neighbour_put_there_leads_nowhere(workspace: Path, tmp_path: Path):
    shared = tmp_path / "shared"
    shared.mkdir()
    mine = tmp_path / "train.py"
    mine.write_text("my work\n", encoding="utf-8")
    (shared / f"{id_of(TOKEN)}.jsonl").symlink_to(mine)
    (shared / "call").symlink_to(mine)
    (shared / f"{'0' * 16}.jsonl").symlink_to(mine)
    join(workspace, Membership(TOKEN, folder=str(shared)), "")
    assert report(workspace, LINE, 5) == ""
    assert mine.read_text(encoding="utf-8") == "my work\n"
    assert not (shared / f"{id_of(TOKEN)}.jsonl").is_symlink()
    with served(tmp_path / "room", shared) as room:
        wait_until(lambda: list(room.room.seats) == [id_of(TOKEN)])
