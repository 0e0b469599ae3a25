"""The time: for the journal, and as the clock on the wall shows it."""

from datetime import UTC, datetime


def wall_clock(time: str) -> str:
    """``14:05`` for today, ``20 Nov 14:05`` for another day; as it is if it is no time.

    ``time`` is ISO 8601 with its offset.
    """
    try:
        moment = datetime.fromisoformat(time).astimezone()
    except ValueError:
        return time
    is_today = moment.date() == datetime.now().astimezone().date()
    return moment.strftime("%H:%M" if is_today else "%d %b %H:%M")


def now(precision: str = "seconds") -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec=precision)
