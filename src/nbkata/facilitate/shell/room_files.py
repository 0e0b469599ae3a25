"""A room's files: one for each learner, that only grows, so that a killed room comes back with all.

``room.json`` holds the join code and the page's key, ``call`` the step at which the room goes on, ``lowered.json``
the hands that the facilitator lowered, ``people/`` a file for each learner. If the network keeps learners apart, they
write their files themselves, into a shared folder, and the room looks there.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import append_line, read_bounded, write_atomically
from nbkata.common.shell.paths import shown_path
from nbkata.facilitate.core.admission import ALPHABET, CODE_SIGNS, MOST_PEOPLE, Bucket, full_bucket
from nbkata.facilitate.core.room import Person
from nbkata.workspace.core.room import (
    MEMBER_FILE,
    MOST_LINE,
    MOST_LINES,
    RoomLine,
    call_in,
    cleaned_name,
    head_of,
    id_of,
    line_in,
    moment_of,
    name_in,
    shifted,
    text_of,
    written_in,
)
from nbkata.workspace.shell.room import CALL

# The folder of a room, in the folder where it was opened.
HOME = "nbkata-room"
# Of one learner's file; what is beyond is not read.
MOST_BYTES = 3_000_000
# Of one learner: a room that comes back gets many at once.
LINES_AT_ONCE, LINES_A_SECOND = 60, 0.5


@dataclass(slots=True)
class Seat:
    """One learner, and how many lines of them are kept."""

    person: Person
    lines: int = 0
    bucket: Bucket = field(default_factory=lambda: full_bucket(LINES_AT_ONCE, LINES_A_SECOND))
    # Time and size of the file as it was read, in a shared folder.
    stamp: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the disk found: where the room goes on, and who is in a shared folder, if there is one."""

    call: str
    seats: dict[str, Seat] | None


@dataclass(slots=True)
class Room:
    """A room on disk, and who is in it."""

    home: Path
    code: str
    key: str
    shared: Path | None = None
    seats: dict[str, Seat] = field(default_factory=dict)
    call: str = ""
    lowered: dict[str, datetime] = field(default_factory=dict)
    # Whether a file that is new or changed has come just now: a synchronized folder keeps its writer's time.
    has_looked: bool = False
    # Grows whenever the page has something new to show.
    changes: int = 0
    # Why nothing can be kept at the moment.
    trouble: str = ""

    @property
    def people(self) -> list[Person]:
        """Everybody, with the hands down that were lowered."""
        return [
            seat.person.lowered(self.lowered.get(seat.person.identity))
            for seat in self.seats.values()
        ]

    @property
    def _folder(self) -> Path:
        return self.shared or self.home / "people"

    def join(self, token: str, name: str) -> None:
        """Seat a learner, or give one who is seated another name. Raises ``OSError``."""
        identity = id_of(token)
        append_line(self._folder / f"{identity}.jsonl", head_of(name) + "\n")
        seat = self.seats.setdefault(identity, Seat(Person(identity)))
        seat.person = replace(seat.person, name=cleaned_name(name))
        self.changes += 1

    def take(self, seat: Seat, lines: list[RoomLine]) -> None:
        """Keep lines, then count them. Raises ``OSError`` with none of them counted."""
        path = self._folder / f"{seat.person.identity}.jsonl"
        append_line(path, "".join(text_of(line) + "\n" for line in lines))
        for line in lines:
            seat.person = seat.person.after(line)
        seat.lines += len(lines)
        self.changes += 1

    def leave(self, token: str) -> None:
        """Delete all that a learner sent. Raises ``OSError``."""
        identity = id_of(token)
        if self.seats.pop(identity, None) is None:
            return
        (self._folder / f"{identity}.jsonl").unlink(missing_ok=True)
        if self.lowered.pop(identity, None):
            self._keep_lowered()
        self.changes += 1

    def lower(self, identity: str) -> None:
        """Take a hand down. Raises ``OSError``."""
        if identity in self.seats:
            self.lowered[identity] = datetime.now(UTC)
            self._keep_lowered()
            self.changes += 1

    def _keep_lowered(self) -> None:
        kept = {identity: moment.isoformat() for identity, moment in self.lowered.items()}
        write_atomically(self.home / _LOWERED, json.dumps(kept).encode("ascii"))

    def load(self) -> None:
        """Read what is kept; of a shared folder, `look` reads it."""
        with suppress(OSError, ValueError, AttributeError):
            kept = json.loads((self.home / _LOWERED).read_text(encoding="ascii"))
            moments = {identity: moment_of(text) for identity, text in kept.items()}
            self.lowered = {identity: at for identity, at in moments.items() if at is not None}
        if self.shared is None:
            for identity, path in _files(self._folder):
                with suppress(OSError):
                    self.seats[identity] = _seat(identity, path, None)
        self.changes += 1

    def look(self) -> Look:
        """What is on disk now, only what has changed read anew.

        It changes nothing here: a network drive may take its time, so another thread may look.
        """
        call = ""
        with suppress(OSError):
            text = read_bounded((self.shared or self.home) / CALL, MOST_LINE)
            call = call_in(text.decode("ascii", "replace").strip())
        if self.shared is None:
            return Look(call, None)
        found = {}
        for identity, path in _files(self.shared):
            try:
                status = path.lstat()
                before = self.seats.get(identity)
                stamp = (status.st_mtime_ns, status.st_size)
                if before is not None and before.stamp == stamp:
                    found[identity] = before
                else:
                    written = datetime.fromtimestamp(status.st_mtime, UTC)
                    arrived = datetime.now(UTC) if self.has_looked else written
                    found[identity] = _seat(identity, path, arrived)
                    found[identity].stamp = stamp
            except (OSError, OverflowError, ValueError):
                continue
        return Look(call, found)

    def saw(self, look: Look) -> None:
        """Take over what `look` found."""
        seats = self.seats if look.seats is None else look.seats
        if seats != self.seats or look.call != self.call:
            self.changes += 1
        self.seats, self.call, self.has_looked = seats, look.call, True


_LOWERED = "lowered.json"


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Learners' files with the identities that they are named by, no more than a room holds."""
    names = []
    with suppress(OSError), os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if MEMBER_FILE.fullmatch(entry.name))
    for name in names[:MOST_PEOPLE]:
        yield name.partition(".")[0], folder / name


def _seat(identity: str, path: Path, arrived: datetime | None) -> Seat:
    """What a file says. ``arrived`` is when it came, if its lines have their writer's time. Raises ``OSError``."""
    seat = Seat(Person(identity))
    lines: list[RoomLine] = []
    texts = read_bounded(path, MOST_BYTES).decode("utf-8", "replace").splitlines()
    for text in texts[: 2 * MOST_LINES]:
        line = line_in(text)
        if line is not None and len(lines) < MOST_LINES:
            lines.append(line)
        elif name := name_in(text):
            seat.person = replace(seat.person, name=name)
    there = written_in(texts[0]) if texts else None
    for line in lines:
        if arrived is not None:
            line = shifted(line, arrived - (there or arrived), arrived)
        seat.person = seat.person.after(line)
    seat.lines = len(lines)
    return seat


def open_room(home: Path, shared: Path | None) -> Room | Refusal:
    """The room that is kept in a folder, or a new one. All in it is for the facilitator alone."""
    if shared is not None and not shared.is_dir():
        return Refusal("there is no such folder.", shown_path(shared), "Make it, then try again.")
    try:
        (home / "people").mkdir(parents=True, exist_ok=True)
        (home / ".gitignore").write_text("*\n", encoding="ascii")  # it holds names of people
        kept = _kept(home)
        code = kept.get("code") or "".join(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS))
        room = Room(home, code, kept.get("key") or secrets.token_hex(10), shared)
        document = {"code": room.code, "key": room.key, "shared": _absolute(shared)}
        write_atomically(home / _ROOM, json.dumps(document).encode("utf-8"))
        os.chmod(home / _ROOM, 0o600)
    except OSError as error:
        what = f"the room cannot be kept there ({error.strerror})."
        return Refusal(what, shown_path(home), "Go to a folder that you may write to.")
    room.load()
    return room


_ROOM = "room.json"


def _absolute(shared: Path | None) -> str:
    return str(shared.absolute()) if shared else ""


def _kept(home: Path) -> dict[str, str]:
    """What ``room.json`` says; nothing if there is none, or one that was edited."""
    try:
        found = json.loads((home / _ROOM).read_text(encoding="utf-8"))
        return {name: str(found[name]) for name in ("code", "key", "shared")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def call_room(home: Path, slug: str) -> Refusal | None:
    """Say at which step the room of a folder goes on; empty takes it back."""
    kept = _kept(home)
    if not kept:
        hint = "Open one: nbkata facilitate room. Or run this in the folder where you opened it."
        return Refusal("there is no room here.", shown_path(home), hint)
    path = Path(kept["shared"] or home) / CALL
    try:
        if not path.parent.is_dir():
            return Refusal("the shared folder is not there.", shown_path(path.parent))
        write_atomically(path, f"{slug}\n".encode("ascii"))
    except OSError as error:
        return Refusal(f"this cannot be written ({error.strerror}).", shown_path(path))
    return None
