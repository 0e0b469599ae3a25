"""Sending to the room that a learner joined. Who joined none pays one look for a file.

What was sent is kept beside the journal, in ``.nbkata/room.jsonl``: the learner can read all of it, and what a
room that was away did not get goes with the next line. Nothing that goes wrong here is the learner's business: a
check waits for at most `PATIENCE_S`, then it is silent.
"""

import json
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import append_line, read_bounded, write_atomically
from nbkata.workspace.core.room import (
    MOST_ANSWER,
    MOST_SENT,
    RoomLine,
    call_in,
    head_of,
    id_of,
    text_of,
)
from nbkata.workspace.core.workspace import MARKER

# What a check waits for the room.
PATIENCE_S = 0.2
# What a command waits that only talks to the room.
ASKED_S = 5.0
# The file in a shared folder that says where the room goes on.
CALL = "call"


class Membership(NamedTuple):
    """The room that a workspace is in: one at an address, or a shared folder."""

    token: str
    name: str = ""
    host: str = ""
    port: int = 0
    folder: str = ""
    # Nothing is sent any more, but the room did not answer when it was to delete what it has.
    left: bool = False

    @property
    def place(self) -> str:
        """As a person names it."""
        return self.folder or f"{self.host}:{self.port}"

    @property
    def file(self) -> Path:
        """The learner's own file in a shared folder."""
        return Path(self.folder, f"{id_of(self.token)}.jsonl")


def membership_of(workspace: Path) -> Membership | None:
    """The room that this workspace is in. A copy of a workspace is in none."""
    try:
        found = json.loads((workspace / MARKER / _MEMBER).read_text(encoding="utf-8"))
        if found.pop("workspace") != os.path.realpath(workspace):
            return None
        return Membership(**found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


_MEMBER, _SENT = "room.json", "room.jsonl"


def sent_lines(workspace: Path) -> list[str]:
    """All that was sent or waits to be sent, as it is sent; the first line holds the name."""
    try:
        return (workspace / MARKER / _SENT).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def report(workspace: Path, line: RoomLine, within_s: float = PATIENCE_S) -> str | Refusal:
    """Keep a line and send all that the room has not got.

    Returns the step at which the room goes on, empty if it was not called to one. The refusal says why the room
    has not got it.
    """
    member = membership_of(workspace)
    if member is None or member.left:
        return ""
    try:
        append_line(workspace / MARKER / _SENT, text_of(line) + "\n")
    except OSError as error:
        return Refusal(f"the line cannot be kept ({error.strerror}).", str(workspace))
    return deliver(workspace, member, within_s)


def deliver(workspace: Path, member: Membership, within_s: float = PATIENCE_S) -> str | Refusal:
    """Send what the room has not got; returns as `report`."""
    lines = sent_lines(workspace)
    to = _to_folder if member.folder else _to_server
    return _within(within_s, lambda: to(member, lines, within_s), member)


def join(workspace: Path, member: Membership, code: str) -> str | Refusal:
    """Join a room and remember it; returns as `report`. Nothing is kept if the room refuses."""
    if member.folder:
        if not os.path.isdir(member.folder):
            return Refusal("there is no such folder.", member.folder, "Ask for the right one.")
    else:
        document = {"token": member.token, "code": code, "name": member.name}
        answer = _within(ASKED_S, lambda: _asked(member, "/join", document, ASKED_S), member)
        if isinstance(answer, Refusal):
            return answer
    lines = [head_of(member.name), *sent_lines(workspace)[1:]]
    try:
        write_atomically(workspace / MARKER / _SENT, "".join(f"{it}\n" for it in lines).encode())
        _remember(workspace, member)
    except OSError as error:
        return Refusal(f"this cannot be kept ({error.strerror}).", str(workspace))
    return deliver(workspace, member, ASKED_S)


def leave(workspace: Path, member: Membership) -> Refusal | None:
    """Have the room delete what it was sent, and forget the room. Until it answers, nothing more is sent."""
    try:
        _remember(workspace, member._replace(left=True))
        done = _within(ASKED_S, lambda: _deleted(member), member)
        if isinstance(done, Refusal):
            return done
        for name in (_SENT, _MEMBER):
            (workspace / MARKER / name).unlink(missing_ok=True)
    except OSError as error:
        return Refusal(f"this cannot be written ({error.strerror}).", str(workspace / MARKER))
    return None


def _remember(workspace: Path, member: Membership) -> None:
    """Raises ``OSError``."""
    kept = member._asdict() | {"workspace": os.path.realpath(workspace)}
    write_atomically(workspace / MARKER / _MEMBER, json.dumps(kept).encode("utf-8"))


def _deleted(member: Membership) -> str | Refusal:
    if not member.folder:
        answer = _asked(member, "/leave", {"token": member.token}, ASKED_S)
        return answer if isinstance(answer, Refusal) else ""
    if not os.path.isdir(member.folder):
        return _away(member)
    member.file.unlink(missing_ok=True)
    return ""


def _to_folder(member: Membership, lines: list[str], _: float) -> str | Refusal:
    """Replace the learner's own file, whatever a neighbour put in its place: a link is not followed."""
    from nbkata.common.shell.clock import now  # pylint: disable=import-outside-toplevel # datetime

    if not os.path.isdir(member.folder):
        return _away(member)
    text = "".join(f"{line}\n" for line in [head_of(member.name, now()), *lines[1:]])
    write_atomically(member.file, text.encode("utf-8"), follow=False)
    with suppress(OSError):
        call = read_bounded(Path(member.folder, CALL), MOST_ANSWER)
        return call_in(call.decode("ascii", "replace").strip())
    return ""


def _to_server(member: Membership, lines: list[str], within_s: float) -> str | Refusal:
    """Send from the last line on; the room answers how many it has, and gets the others."""
    from nbkata.common.shell.clock import now  # pylint: disable=import-outside-toplevel # datetime

    events = lines[1:]
    first, before = max(len(events) - 1, 0), -1
    while True:
        part = events[first : first + MOST_SENT]
        document = {"token": member.token, "from": first, "now": now(), "lines": part}
        answer = _asked(member, "/lines", document, within_s)
        if isinstance(answer, Refusal):
            return answer
        has = answer.get("have")
        if not isinstance(has, int) or not before < has < len(events):
            return call_in(answer.get("call"))
        before = first = has


def _asked(
    member: Membership, path: str, document: Mapping[str, Any], within_s: float
) -> dict[str, Any] | Refusal:
    """What the room answers, at most `MOST_ANSWER` bytes of it. Raises ``OSError``."""
    # pylint: disable-next=import-outside-toplevel # 20 ms, only for those who joined a room
    from http.client import HTTPConnection

    connection = HTTPConnection(member.host, member.port, timeout=within_s)
    try:
        body = json.dumps(document).encode("utf-8")
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read(MOST_ANSWER))
    finally:
        connection.close()
    if not isinstance(answer, dict):
        return _away(member)
    if response.status != 200:
        return Refusal(str(answer.get("error", "the room refuses this."))[:300], member.place)
    return answer


T = TypeVar("T")


def _within(seconds: float, ask: Callable[[], T | Refusal], member: Membership) -> T | Refusal:
    """Its answer if it comes in time. A name server or a network drive may keep it for a minute: it is left behind."""
    answers: list[T | Refusal] = []

    def run() -> None:
        try:
            answers.append(ask())
        except Exception:  # pylint: disable=broad-exception-caught # what answers may be anything
            answers.append(_away(member))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else _away(member)


def _away(member: Membership) -> Refusal:
    return Refusal("the room does not answer.", member.place, "Is it open, and the address right?")
