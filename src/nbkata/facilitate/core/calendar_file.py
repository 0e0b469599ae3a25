"""A run sheet as an iCalendar file (RFC 5545), times without a zone: as the room's clock shows them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from nbkata.facilitate.core.run_sheet import Part

# Octets, RFC 5545 3.1: a longer line is folded.
LONGEST_LINE = 75


def as_calendar(parts: Sequence[Part], begins: datetime, says: dict[str, str]) -> str:
    """An event a part; ``says`` is the sentence of each step, by slug."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//nbkata//run sheet//EN"]
    for number, part in enumerate(parts):
        start, end = (begins + timedelta(minutes=minute) for minute in (part.begins, part.ends))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{begins:%Y%m%dT%H%M}-{number}@nbkata",
            f"DTSTAMP:{begins:%Y%m%dT%H%M%S}Z",
            f"DTSTART:{start:%Y%m%dT%H%M%S}",
            f"DTEND:{end:%Y%m%dT%H%M%S}",
            f"SUMMARY:{_text(part.title)}",
            *[f"DESCRIPTION:{_text(says[step.slug])}" for step in part.steps if part.is_walked],
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _text(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    folded, length = "", 0
    for sign in line:
        width = len(sign.encode())
        if length + width > LONGEST_LINE:
            folded, length = f"{folded}\r\n ", 1
        folded, length = folded + sign, length + width
    return folded
