"""`nbkata join`: let the facilitator see where you are."""

import secrets
import socket
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import called, opened
from nbkata.kata.shell.room import report_place
from nbkata.terminal import plain
from nbkata.workspace.core.room import DEFAULT_PORT, cleaned_name, id_of, tag_of
from nbkata.workspace.shell import room as sending
from nbkata.workspace.shell.room import Membership, membership_of, sent_lines


def join(
    room: Annotated[
        str, typer.Argument(metavar="HOST | DIR", help="As the facilitator says.")
    ] = "",
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The room's code; a folder has none.")
    ] = "",
    name: Annotated[
        str,
        typer.Option("--as", metavar="NAME", help="What the facilitator reads beside your dot."),
    ] = "",
    workspace: WorkspaceOption = None,
) -> int:
    """Let the facilitator see which step you are at, and its two lights. Alone: see all that was sent.

    Sent are: kata, step, two lights, seconds, hints used, the kit's name for a known mistake, your hand. No
    code, no file names, and no name unless you give one. nbkata leave deletes it.
    """
    found = opened(workspace)
    path = found.workspace.path
    before = membership_of(path)
    if not room:
        return _shown(path, before)
    wanted = or_refuse(_wanted(room, code, name, before))
    if before is not None and before.place != wanted.place:
        sending.leave(path, before)  # what it does not answer stays there, and is said nowhere else
    or_refuse(sending.join(path, wanted, code))
    report_place(found.kit, found.workspace)
    who = f"as {wanted.name}" if wanted.name else f"without a name, as {_tag(wanted)}"
    lines = [f"  You are in the room {wanted.place}, {who}."]
    text = (
        "Each check sends: kata, step, two lights, seconds, hints used, and the kit's name for a mistake "
        "that it knows. No code, no file names, no messages."
    )
    lines += plain.wrapped(text, plain.width(), "  ")
    commands = {"sent": "join", "help": "hand", "leave": "leave"}
    places = {label: f"{called()} {word}" for label, word in commands.items()}
    plain.show([*lines, *plain.pointers(**places)])
    return 0


def _tag(member: Membership) -> str:
    return tag_of(id_of(member.token))


def _wanted(room: str, code: str, name: str, before: Membership | None) -> Membership | Refusal:
    """The membership that is asked for, with the token of before if it is the same room."""
    if len(name) > 10_000:
        return Refusal("this name is too long.", "--as", "Give a shorter one.")
    name = cleaned_name(name)
    if not code:
        if not Path(room).is_dir():
            hint = "A room has a code: nbkata join HOST CODE. Or name the shared folder."
            return Refusal("there is no such folder.", room, hint)
        wanted = Membership("", name, folder=str(Path(room).resolve()))
    else:
        address = _address(room)
        if isinstance(address, Refusal):
            return address
        wanted = Membership("", name, *address)
    same = before is not None and before.place == wanted.place
    token = before.token if before is not None and same else secrets.token_urlsafe(24)
    return wanted._replace(token=token)


def _address(room: str) -> tuple[str, int] | Refusal:
    """The host's number and the port: a check has no time to look a name up."""
    host, _, port = room.removeprefix("http://").rstrip("/").partition(":")
    try:
        number = int(port or DEFAULT_PORT)
        if not 0 < number < 65536:
            raise ValueError(port)
        found = socket.getaddrinfo(host, number, socket.AF_INET, socket.SOCK_STREAM)
        return str(found[0][4][0]), number
    except (OSError, ValueError, UnicodeError, OverflowError):
        return Refusal(
            "this is no address of a machine.", room, "Write it as it is shown: 192.168.1.5"
        )


def _shown(path: Path, member: Membership | None) -> int:
    """All that was sent."""
    if member is None:
        hint = "To join one, ask the facilitator: nbkata join HOST CODE"
        raise Refused(Refusal("you are in no room; nothing is sent.", "", hint))
    lines = sent_lines(path)
    what = "Left, but not deleted there yet" if member.left else "In the room"
    plain.show([f"  {what} {member.place}. All that was sent or waits to be sent:", "", *lines])
    return 0
