"""What a learner who joined a room sends: lines of the journal, and nothing else.

One line of JSON each: ``{"time", "kata", "step", "behaviour", "shape", "seconds", "hints", "mistake",
"help"}``; what is not known is left out. ``mistake`` is a name out of the kit's own ``wrong.toml``, never a
text of the learner's; ``help`` raises or lowers the hand. The first line of a learner's file is
``{"name": …}``. The room believes none of it: `line_in` returns only what has the right form.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

# Characters of a name; what is longer is cut.
MOST_NAME = 40
# Characters of a line; a longer one is passed over.
MOST_LINE = 600
# Of one learner: a line every five seconds for fourteen hours.
MOST_LINES = 10_000
# Lines of one request.
MOST_SENT = 50
# Bytes of an answer of the room.
MOST_ANSWER = 4_096
DEFAULT_PORT = 8765

# The names of learners' files: `id_of` and an ending.
MEMBER_FILE = re.compile(r"[0-9a-f]{16}\.jsonl")

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_MISTAKE = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,120}")


class RoomLine(NamedTuple):
    """What one check, move or hand sends."""

    time: str  # ISO 8601, in UTC: by the learner's clock until the room writes its own there
    kata: str
    step: str
    behaviour: bool | None = None  # none: not checked
    shape: bool | None = None
    seconds: float = 0.0
    hints: int = 0  # tiers of the step's hints that were shown
    mistake: str = ""
    help: bool | None = None  # true raises the hand, False lowers it, None leaves it as it is

    @property
    def checked(self) -> bool:
        """Whether the two lights were looked at."""
        return self.behaviour is not None and self.shape is not None


def text_of(line: RoomLine) -> str:
    """The line as it is sent, without a line end."""
    left_out = () if line.checked else ("seconds",)
    values = line._asdict().items()
    known = {name: value for name, value in values if value is not None and value != ""}
    return json.dumps({name: value for name, value in known.items() if name not in left_out})


def head_of(name: str, now: str = "") -> str:
    """The first line of a learner's file; in a shared folder with the time of writing, by their clock."""
    return json.dumps({"name": cleaned_name(name)} | ({"now": now} if now else {}))


def written_in(text: str) -> datetime | None:
    """When a learner wrote a file with this first line, by their clock; None if it does not say."""
    found = _object(text)
    return moment_of(found.get("now")) if found else None


def name_in(text: str) -> str:
    """The name that a file's first line gives; empty if it gives none."""
    found = _object(text)
    return cleaned_name(str(found.get("name", ""))) if found else ""


def line_in(text: str) -> RoomLine | None:
    """A line as it came, with nothing in it but values of the right kind and size; or None."""
    found = _object(text)
    if found is None:
        return None
    moment = moment_of(found.get("time"))
    kata, step, mistake = (found.get(name, "") for name in ("kata", "step", "mistake"))
    behaviour, shape, hand = (found.get(name) for name in ("behaviour", "shape", "help"))
    seconds, hints = found.get("seconds", 0), found.get("hints", 0)
    if moment is None or not (_is_word(kata) and _is_word(step) and _is_mistake(mistake)):
        return None
    if not (_is_number(seconds) and _is_number(hints)):
        return None
    if not all(light is None or isinstance(light, bool) for light in (behaviour, shape, hand)):
        return None
    time = moment.isoformat(timespec="seconds")
    return RoomLine(
        time, kata, step, behaviour, shape, round(seconds, 3), int(hints), mistake, hand
    )


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(_WORD.fullmatch(value))


def _is_mistake(value: Any) -> bool:
    return isinstance(value, str) and (not value or bool(_MISTAKE.fullmatch(value)))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6


def moment_of(time: Any) -> datetime | None:
    """The moment in UTC of an ISO 8601 text that has its offset."""
    if not isinstance(time, str) or len(time) > len("2026-11-26T16:00:00.000000+00:00"):
        return None
    try:
        return datetime.fromisoformat(time).astimezone(UTC) if _has_offset(time) else None
    except (ValueError, OverflowError):
        return None


def _has_offset(time: str) -> bool:
    return datetime.fromisoformat(time).utcoffset() is not None


def shifted(line: RoomLine, by: timedelta, arrived: datetime) -> RoomLine:
    """The line with the room's time: a learner's clock may be an hour off.

    ``by`` is how much the room's clock is ahead of the learner's. No line is younger than its arrival, or older
    than `OLDEST`.
    """
    moment = moment_of(line.time)
    try:
        assert moment is not None, "line_in made it"
        there = max(arrived - OLDEST, min(moment + by, arrived))
    except OverflowError:
        there = arrived
    return line._replace(time=there.isoformat(timespec="seconds"))


# A line that waited for longer is of another day.
OLDEST = timedelta(hours=12)


def cleaned_name(name: str) -> str:
    """What may be shown of a name: printable characters, single blanks, at most `MOST_NAME`."""
    text = unicodedata.normalize("NFC", name[: 10 * MOST_NAME])
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:MOST_NAME].rstrip()


def id_of(token: str) -> str:
    """Whose lines these are, for everybody: the token itself, which may delete them, cannot be guessed from it."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()[:16]


def tag_of(identity: str) -> str:
    """How the room calls who gave no name."""
    return identity[:4]


def call_in(text: Any) -> str:
    """The step at which the room goes on, as a file or an answer names it; empty if that names none."""
    return text if isinstance(text, str) and _is_word(text) else ""


def nearest_mistake(message: str, known: Iterable[tuple[str, str]]) -> str:
    """The name of the known mistake whose sentence the message is, but for its names and numbers.

    ``known`` are names with the sentences that the kit proves. Empty if none is near: then nothing of the
    message is sent.
    """
    words = _plain_words(message)
    best, nearest = 0.0, ""
    for name, sentence in known:
        others = _plain_words(sentence)
        if len(others) >= FEWEST_WORDS and _MISTAKE.fullmatch(name):
            alike = len(words & others) / len(words | others)
            if alike > best:
                best, nearest = alike, name
    return nearest if best >= ALIKE else ""


FEWEST_WORDS = 6
# The share of plain words that two sentences have in common: what differs are the names of code in
# them.
ALIKE = 0.75


def _plain_words(message: str) -> set[str]:
    """Words of the language alone: names in code have signs or digits."""
    return {word for word in re.split(r"[\s.,:;()]+", message) if word.isalpha()}


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if len(text) <= MOST_LINE else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
