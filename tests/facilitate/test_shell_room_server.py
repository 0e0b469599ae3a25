"""The room's server: what learners send is kept and shown, and a hostile one can harm nobody."""

import http.client
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.rooms import Served, served
from support.waiting import PATIENCE_S, wait_until

from nbkata.facilitate.shell import room_server
from nbkata.facilitate.shell.room_files import LINES_AT_ONCE, call_room
from nbkata.workspace.core.room import MOST_SENT, RoomLine, id_of, text_of

ADA, BOB = "token-of-ada-0123456789", "token-of-bob-0123456789"


@pytest.fixture(name="open_room")
def fixture_open_room(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "room") as room:
        yield room


def join(room: Served, token: str, name: str = "") -> tuple[int, Any]:
    return room.ask("POST", "/join", {"token": token, "code": room.room.code, "name": name})


def line(minutes_ago: float = 0, **more: object) -> str:
    time = (datetime.now(UTC) - timedelta(minutes=minutes_ago)).isoformat(timespec="seconds")
    values = {"behaviour": True, "shape": False, "seconds": 1.5, **more}
    return text_of(RoomLine(time, "till", "06-titles", **values))  # type: ignore[arg-type]


def send(room: Served, token: str, first: int, *lines: str, **more: object) -> tuple[int, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    document = {"token": token, "from": first, "now": now, "lines": lines, **more}
    return room.ask("POST", "/lines", document)


def test_what_is_sent_is_kept_once_and_shown(open_room: Served):
    assert join(open_room, ADA, "Ada") == (200, {"joined": True})
    assert send(open_room, ADA, 0, line()) == (200, {"have": 1, "call": ""})
    assert send(open_room, ADA, 0, line(), line())[1]["have"] == 2  # the first is there already
    assert send(open_room, ADA, 5, line())[1]["have"] == 2  # some between are missing: it says so
    (dot,) = open_room.view()["rows"][0]["dots"]
    assert (dot["who"], dot["state"]) == ("Ada", "work")


def test_the_page_is_told_at_once_when_something_comes(open_room: Served):
    join(open_room, ADA)
    connection = http.client.HTTPConnection("127.0.0.1", open_room.port, timeout=PATIENCE_S)
    connection.request("GET", f"/{open_room.room.key}/events")
    events = connection.getresponse()
    assert events.getheader("Content-Type") == "text/event-stream"
    assert not json.loads(events.readline()[6:])["first"]
    send(open_room, ADA, 0, line(help=True))
    sent = datetime.now(UTC)
    while not (event := events.readline()).startswith(b"data: "):
        pass
    assert datetime.now(UTC) - sent < timedelta(seconds=2)
    assert json.loads(event[6:])["first"][0]["hand"] == 0
    connection.close()
    wait_until(lambda: open_room.desk.viewers == 0)


def test_a_room_that_was_killed_comes_back_with_all(tmp_path: Path):
    home = tmp_path / "room"
    with served(home) as room:
        join(room, ADA, "Ada")
        send(room, ADA, 0, line(30, behaviour=False), line(20, behaviour=False))
        send(room, ADA, 2, line(15, behaviour=False, help=True))
        join(room, BOB)
        before = room.view()
        key, code = room.room.key, room.room.code
    with (home / "people" / f"{id_of(BOB)}.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"time": "2030')
    with served(home) as room:
        assert (room.room.key, room.room.code) == (key, code)
        assert {**room.view(), "join": ""} == {**before, "join": ""}
        assert before["first"][0]["red"] >= 29
        assert send(room, ADA, 3, line())[1]["have"] == 4
        assert send(room, BOB, 0, line())[1]["have"] == 1  # on a line of its own after the torn one


def test_who_leaves_is_deleted_and_the_others_are_not(open_room: Served):
    for token in (ADA, BOB):
        join(open_room, token)
        send(open_room, token, 0, line())
    assert open_room.ask("POST", "/leave", {"token": ADA}) == (200, {"left": True})
    left = [path.name for path in (open_room.room.home / "people").iterdir()]
    assert left == [f"{id_of(BOB)}.jsonl"] and open_room.view()["people"] == 1
    assert send(open_room, ADA, 1, line())[0] == 403
    assert open_room.ask("POST", "/leave", {"token": ADA})[0] == 200


def test_a_clock_that_is_an_hour_off_makes_nobody_red_for_an_hour(open_room: Served):
    join(open_room, ADA)
    late = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
    send(open_room, ADA, 0, line(61, behaviour=False), now=late)
    assert open_room.view()["rows"][0]["dots"][0]["red"] in (0, 1)


def test_a_hand_that_the_facilitator_took_down_stays_down_until_it_is_raised_again(tmp_path: Path):
    with served(tmp_path / "room") as room:
        join(room, ADA)
        send(room, ADA, 0, line(1, help=True))
        lower = f"/{room.room.key}/lower"
        assert room.ask("POST", lower, {"id": id_of(ADA)}) == (200, {})
        assert not room.view()["first"]
    with served(tmp_path / "room") as room:
        assert not room.view()["first"]
        assert room.ask("POST", f"/{'0' * 20}/lower", {"id": id_of(ADA)})[0] == 404


def test_a_call_is_answered_to_everybody_and_can_be_taken_back(open_room: Served):
    join(open_room, ADA)
    assert call_room(open_room.room.home, "07-alone") is None
    wait_until(lambda: send(open_room, ADA, 0)[1]["call"] == "07-alone")
    assert open_room.view()["call"] == "07-alone"
    assert call_room(open_room.room.home, "") is None
    wait_until(lambda: send(open_room, ADA, 0)[1]["call"] == "")


def test_without_the_code_nobody_joins_and_without_a_token_nobody_sends(open_room: Served):
    wrong = {"token": ADA, "code": "AAAA-AAAA", "name": "Ada"}
    assert open_room.ask("POST", "/join", wrong)[0] == 403
    assert send(open_room, ADA, 0, line())[0] == 403
    assert open_room.ask("POST", "/join", {**wrong, "token": "short"})[0] == 400
    assert not list((open_room.room.home / "people").iterdir())


def test_only_who_has_the_key_sees_the_page(open_room: Served):
    join(open_room, ADA, "Ada")
    assert "nbkata join" in open_room.ask("GET", "/")[1]
    for path in ("/", f"/{'0' * 20}/", f"/{'0' * 20}/events", "/events", "/lines", "/people"):
        assert "Ada" not in str(open_room.ask("GET", path))
    assert open_room.ask("GET", f"/{'0' * 20}/events")[0] == 404


@pytest.mark.parametrize(
    "path",
    ["/../room.json", "/%2e%2e/room.json", "//etc/passwd", "/people/..%2froom.json", "/C:\\x"],
)
def test_there_is_no_path_to_a_file(open_room: Served, path: str):
    answer = open_room.send(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))
    assert open_room.room.code.encode() not in answer and b"root:" not in answer


@pytest.mark.parametrize(
    "token", ["../../../tmp/evil-0123456789", "a/" * 12, "\0" * 24, "é\n" * 12]
)
def test_a_token_names_no_file(open_room: Served, token: str, tmp_path: Path):
    assert join(open_room, token)[0] == 200
    assert send(open_room, token, 0, line())[1]["have"] == 1
    inside = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jsonl")}
    assert inside == {f"room/people/{id_of(token)}.jsonl"}


@pytest.mark.parametrize("size", [40_000, 10**7])
def test_markup_and_megabytes_in_a_name_harm_nobody(open_room: Served, size: int):
    assert join(open_room, ADA, "<script>alert(1)</script>\n\x1b[2J")[0] == 200
    assert send(open_room, ADA, 0, line())[0] == 200
    body = json.dumps({"token": BOB, "code": open_room.room.code, "name": "a" * size}).encode()
    head = f"POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    assert b"200 OK" not in open_room.send(head + body)
    view = open_room.view()
    assert view["people"] == 1
    assert view["rows"][0]["dots"][0]["who"] == "<script>alert(1)</script> [2J"


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /lines HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        b"POST /lines HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n"
        + b"a" * 10**6,
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n",
        b"POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n" + b"[" * 40_000,
        b"POST /lines HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n\xff\xfe\x00nonsen",
    ],
)
def test_what_is_no_message_is_refused(open_room: Served, data: bytes):
    answer = open_room.send(data)
    assert b"200 OK" not in answer and b"Traceback" not in answer
    assert join(open_room, ADA)[0] == 200


def test_one_learner_can_send_no_more_than_one_sends(open_room: Served):
    join(open_room, ADA)
    join(open_room, BOB)
    first, taken = 0, []
    while not taken or taken[-1] == 200:
        status, answer = send(open_room, ADA, first, *[line()] * MOST_SENT)
        taken.append(status)
        first = answer.get("have", first)
    assert taken[-1] == 429 and first <= LINES_AT_ONCE + MOST_SENT
    assert send(open_room, BOB, 0, line())[1]["have"] == 1


def test_a_file_does_not_grow_by_joining_again_and_again(open_room: Served):
    join(open_room, ADA, "Ada")
    path = open_room.room.home / "people" / f"{id_of(ADA)}.jsonl"
    size = path.stat().st_size
    assert join(open_room, ADA, " Ada ")[0] == 200
    assert path.stat().st_size == size
    statuses = [join(open_room, ADA, f"Ada {n}")[0] for n in range(LINES_AT_ONCE + 20)]
    assert statuses[0] == 200 and statuses[-1] == 429


def test_no_more_join_from_one_address_than_the_facilitator_allows(tmp_path: Path):
    with served(tmp_path / "room", from_one=2) as room:
        assert [join(room, f"{n}-{ADA}")[0] for n in range(3)] == [200, 200, 429]
        assert "--from-one-address" in join(room, BOB)[1]["error"]
        assert join(room, f"1-{ADA}", "Ada")[0] == 200  # who is in may change the name
        assert "--from-one-address" in room.view()["trouble"]


def test_a_flood_from_one_address_is_turned_away(
    open_room: Served, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(room_server, "REQUESTS_AT_ONCE", 3)
    monkeypatch.setattr(room_server, "REQUESTS_A_SECOND", 0.001)
    statuses = [open_room.ask("GET", "/")[0] for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_connections_that_say_nothing_do_not_lock_the_others_out(
    open_room: Served, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(room_server, "MOST_FROM_ONE", 10)
    silent = [socket.create_connection(("127.0.0.1", open_room.port)) for _ in range(10)]
    try:
        assert open_room.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == b""
        silent.pop().close()
        wait_until(lambda: b"200 OK" in open_room.send(b"GET / HTTP/1.0\r\nHost: a\r\n\r\n"))
    finally:
        for one in silent:
            one.close()


def test_a_full_disk_is_told_and_nothing_is_counted(
    open_room: Served, monkeypatch: pytest.MonkeyPatch
):
    join(open_room, ADA)
    real = room_server.Room.take

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room_server.Room, "take", full)
    assert send(open_room, ADA, 0, line())[0] == 507
    assert open_room.view()["trouble"] == "Nothing can be kept: No space left on device."
    monkeypatch.setattr(room_server.Room, "take", real)
    assert send(open_room, ADA, 0, line())[1]["have"] == 1
    assert open_room.view()["trouble"] == ""


def test_the_page_loads_nothing_and_can_be_framed_by_nobody(open_room: Served):
    connection = http.client.HTTPConnection("127.0.0.1", open_room.port, timeout=PATIENCE_S)
    connection.request("GET", f"/{open_room.room.key}/")
    response = connection.getresponse()
    text, rules = response.read().decode(), response.getheader("Content-Security-Policy") or ""
    connection.close()
    assert "default-src 'none'" in rules and "frame-ancestors 'none'" in rules
    assert "unsafe" not in rules and "://" not in text
    assert response.getheader("Cache-Control") == "no-store"
