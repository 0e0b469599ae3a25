"""`nbkata facilitate room` and `call`, `nbkata join`, `hand` and `leave`: as people call them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Nbkata
from support.builders import output_of
from support.waiting import PATIENCE_S, wait_until

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.lights import Light, Verdict
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.room import report_check
from nbkata.kata.shell.workspace import Workspace, create_workspace
from nbkata.workspace.core.room import RoomLine, text_of

STEP_06 = "nbkata catch-up 06 --keep-mine"
NO_TEST = (
    "my_titles (train.py, line 99) has no unit test yet: there are only the tests of train(). "
    "Write one in tests/test_features.py that calls it on a few made-up rows."
)


@pytest.fixture(name="kit")
def fixture_kit() -> Kit:
    found = load_kit()
    assert isinstance(found, Kit)
    return found


@pytest.fixture(name="dojo")
def fixture_dojo(tmp_path: Path, kit: Kit) -> Workspace:
    return create_workspace(tmp_path / "dojo", kit)


@contextmanager
def open_room(
    folder: Path, *arguments: str, port: int = 0
) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """A room in a process of its own, at this port or a free one."""
    with socket.socket() as probe:
        if not port:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "nbkata",
        "facilitate",
        "room",
        "--port",
        str(port),
        *arguments,
    ]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            wait_until(lambda: answers(port))
            yield port, process
        finally:
            process.kill()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def code_of(folder: Path) -> str:
    return str(json.loads((folder / "nbkata-room" / "room.json").read_text("utf-8"))["code"])


def kept(folder: Path) -> str:
    files = sorted((folder / "nbkata-room" / "people").iterdir())
    return "".join(path.read_text(encoding="utf-8") for path in files)


def test_a_learner_joins_is_seen_raises_a_hand_and_leaves(
    nbkata: Nbkata, tmp_path: Path, dojo: Workspace, kit: Kit
):
    with open_room(tmp_path) as (port, _):
        place = f"127.0.0.1:{port}"
        joined = nbkata("join", place, code_of(tmp_path), "--as", "Ada", cwd=dojo.path)
        assert joined.returncode == 0, joined.stderr
        assert f"  You are in the room {place}, as Ada." in joined.stdout
        hand = nbkata("hand", cwd=dojo.path)
        assert (hand.returncode, hand.stdout.splitlines()[0]) == (0, "  Your hand is up.")
        assert '"help": true' in kept(tmp_path)
        call = nbkata("facilitate", "call", "6")
        assert call.returncode == 0 and STEP_06 in call.stdout
        step = kit.kata.steps[0]
        green = Light(True, ("it ran",))
        verdict = Verdict(step.slug, green, Light(False, (NO_TEST,)), 2.0)
        wait_until(lambda: STEP_06 in report_check(kit, dojo, step, verdict))
        shown = nbkata("join", cwd=dojo.path)
        assert shown.returncode == 0
        for line in kept(tmp_path).splitlines():  # all that the room has of this learner
            start = line.partition('"kata"')[2] or line
            assert start in shown.stdout
        for private in ("my_titles", "train.py", "99", "it ran", str(dojo.path)):
            assert private not in kept(tmp_path)
        left = nbkata("leave", cwd=dojo.path)
        assert left.returncode == 0 and "deleted, there and here" in left.stdout
        assert kept(tmp_path) == ""
        assert nbkata("hand", cwd=dojo.path).returncode == 2


def test_a_room_that_was_killed_opens_again_where_it_was(
    nbkata: Nbkata, tmp_path: Path, dojo: Workspace
):
    with open_room(tmp_path) as (port, process):
        place = f"127.0.0.1:{port}"
        assert nbkata("join", place, code_of(tmp_path), cwd=dojo.path).returncode == 0
        before = code_of(tmp_path), kept(tmp_path)
        process.kill()
        process.wait(PATIENCE_S)
        assert (code_of(tmp_path), kept(tmp_path)) == before
        away = nbkata("hand", cwd=dojo.path)
        assert away.returncode == 2
        assert away.stderr.split("\n")[0].startswith(f"✗ {place}: the room does not answer.")
    with open_room(tmp_path, port=port):
        assert (code_of(tmp_path), kept(tmp_path)) == before
        assert nbkata("hand", cwd=dojo.path).returncode == 0
        assert kept(tmp_path).count('"help": true') == 2  # the one that it missed as well


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_by_ctrl_c_and_says_nothing_of_what_strangers_send(
    tmp_path: Path, number: signal.Signals, capfd: pytest.CaptureFixture[str]
):
    with open_room(tmp_path) as (port, process):
        assert process.stdout is not None
        said = ""
        while "Ctrl-C ends it" not in said:
            said += process.stdout.readline()
        for data in (
            b"\x16\x03\x01\x02\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", port)) as stranger:
                stranger.sendall(data)
                assert b"200 OK" not in stranger.recv(1000)
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 0
        assert process.stdout.read() == ""
    assert capfd.readouterr().err == ""


def test_what_is_open_already_is_refused(nbkata: Nbkata, tmp_path: Path):
    with open_room(tmp_path) as (port, _):
        again = nbkata("facilitate", "room", "--port", str(port))
        assert (again.returncode, again.stdout) == (2, "")
        assert "this room is open already" in again.stderr
        other = tmp_path / "other"
        other.mkdir()
        taken = nbkata("facilitate", "room", "--port", str(port), cwd=other)
        assert (taken.returncode, taken.stdout) == (2, "")
        assert f"nbkata facilitate room --port {port + 1}" in " ".join(taken.stderr.split())


def test_a_shared_folder_needs_no_network(nbkata: Nbkata, tmp_path: Path, dojo: Workspace):
    shared = tmp_path / "shared"
    shared.mkdir()
    assert nbkata("join", str(shared), "--as", "Ada", cwd=dojo.path).returncode == 0
    with open_room(tmp_path, "--folder", str(shared)):
        assert nbkata("facilitate", "call", "06").returncode == 0
        assert (shared / "call").read_text(encoding="ascii") == "06-titles\n"
    assert nbkata("facilitate", "call", "--off").returncode == 0
    assert (shared / "call").read_text(encoding="ascii") == "\n"
    assert nbkata("leave", cwd=dojo.path).returncode == 0
    assert [path.name for path in shared.iterdir()] == ["call"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["join"], "you are in no room; nothing is sent."),
        (["join", "nowhere"], "nowhere: there is no such folder. A room has a code"),
        (["join", "no such host", "AAAA"], "no such host: this is no address of a machine."),
        (["join", "127.0.0.1:99999", "AAAA"], "this is no address of a machine."),
        (["join", "127.0.0.1:1", "AAAA"], "127.0.0.1:1: the room does not answer."),
        (["join", "127.0.0.1:1", "AAAA", "--as", "a" * 10**6], "this name is too long."),
        (["hand"], "you are in no room."),
        (["leave"], "you are in no room; nothing is sent."),
        (["facilitate", "call", "06"], "there is no room here."),
        (["facilitate", "call"], "name the step, or --off."),
        (["facilitate", "call", "06", "--off"], "name the step, or --off."),
        (["facilitate", "call", "99"], "there is no step '99'."),
        (["facilitate", "room", "--folder", "nowhere"], "there is no such folder."),
        (["facilitate", "room", "--kata", "nothing"], "there is no kata 'nothing'."),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_a_refusal_says_what_is_wrong_and_keeps_nothing(
    arguments: list[str], message: str, dojo: Workspace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(dojo.path)
    before = sorted(path.name for path in dojo.path.rglob("*"))
    code, output, error = output_of(*arguments)
    assert (code, output) == (2, "") and message in error
    assert sorted(path.name for path in dojo.path.rglob("*")) == before


def test_a_check_is_no_slower_for_a_room_that_is_gone_and_says_nothing(
    nbkata: Nbkata, tmp_path: Path, dojo: Workspace, kit: Kit
):
    with open_room(tmp_path) as (port, _):
        place = f"127.0.0.1:{port}"
        assert nbkata("join", place, code_of(tmp_path), cwd=dojo.path).returncode == 0
    step = kit.kata.steps[0]
    refused = Refusal("cell 3: NameError")
    began = time.monotonic()
    assert report_check(kit, dojo, step, refused) == ""
    assert time.monotonic() - began < 1  # 0.2 s, and the machine may be busy


def test_a_look_back_at_an_earlier_step_does_not_move_the_learner(
    tmp_path: Path, dojo: Workspace, kit: Kit
):
    shared = tmp_path / "shared"
    shared.mkdir()
    assert output_of("join", str(shared), "--workspace", str(dojo.path))[0] == 0
    move_to_03(dojo)
    red = Light(False, ("no",))
    report_check(kit, dojo, kit.kata.steps[0], Verdict(kit.kata.steps[0].slug, red, red, 1.0))
    last = (dojo.path / ".nbkata" / "room.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["step"] == "03-convert" and "behaviour" not in json.loads(last)


def move_to_03(dojo: Workspace) -> None:
    with dojo.journal.open("a", encoding="utf-8") as journal:
        journal.write(
            '{"time": "2030-01-31T10:00:00+00:00", "step": "03-convert", "moved": "next"}\n'
        )


def test_a_check_shows_where_the_room_goes_on(
    nbkata: Nbkata, tmp_path: Path, dojo: Workspace, kit: Kit
):
    call_from_a_folder(nbkata, tmp_path, dojo, kit)
    checked = nbkata("check", "--json", cwd=dojo.path)
    assert checked.stderr == f"The room goes on at step 06: {STEP_06}\n"
    assert json.loads(checked.stdout)["step"] == "03-convert"
    sent = json.loads(sent_by(dojo)[-1])
    assert (sent["step"], sent["behaviour"]) == ("03-convert", True)


@pytest.mark.skipif(sys.platform == "win32", reason="Python can open no pseudo-terminal there")
def test_a_watch_shows_where_the_room_goes_on(
    nbkata: Nbkata, tmp_path: Path, dojo: Workspace, kit: Kit
):
    from support.terminal import Terminal

    call_from_a_folder(nbkata, tmp_path, dojo, kit)
    terminal = Terminal("watch", "--plain", cwd=dojo.path)
    try:
        terminal.wait_for(f"The room goes on at step 06: {STEP_06}")
        terminal.wait_for("Checked in")
    finally:
        terminal.close()
    assert json.loads(sent_by(dojo)[-1])["behaviour"] is True


def call_from_a_folder(nbkata: Nbkata, tmp_path: Path, dojo: Workspace, kit: Kit) -> None:
    """The learner, who has done 03, joins by a shared folder, in which the room goes on at step 06."""
    lay_out(kit, kit.kata.steps[3], dojo.path)
    move_to_03(dojo)
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "call").write_text("06-titles\n", encoding="ascii")
    assert nbkata("join", str(shared), cwd=dojo.path).returncode == 0


def sent_by(dojo: Workspace) -> list[str]:
    return (dojo.path / ".nbkata" / "room.jsonl").read_text(encoding="utf-8").splitlines()


def test_what_a_room_was_sent_tells_a_run_sheet_how_long_steps_took(nbkata: Nbkata, tmp_path: Path):
    people = tmp_path / "nbkata-room" / "people"
    people.mkdir(parents=True)
    lines = [
        RoomLine(f"2030-01-31T10:{minute:02}:00+00:00", "refactoring", "00-run", ok, ok, 1.0)
        for minute, ok in ((0, False), (12, False), (24, True))
    ]
    text = "".join(text_of(line) + "\n" for line in lines)
    (people / f"{'a' * 16}.jsonl").write_text(text, encoding="utf-8")
    sheet = nbkata("facilitate", "run-sheet", "--minutes-from", "nbkata-room")
    assert sheet.returncode == 0, sheet.stderr
    assert "09:45 to 10:10  00 Run it" in sheet.stdout, sheet.stdout
