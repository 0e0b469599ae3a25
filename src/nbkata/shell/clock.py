"""Times of the journal as the clock on the wall shows them."""

from datetime import datetime


def wall_clock(time: str) -> str:
    """``14:05`` for today, ``20 Nov 14:05`` for another day; as it stands where it is no time.

    ``time`` is ISO 8601 with its offset.
    """
    try:
        moment = datetime.fromisoformat(time).astimezone()
    except ValueError:
        return time
    is_today = moment.date() == datetime.now().astimezone().date()
    return moment.strftime("%H:%M" if is_today else "%d %b %H:%M")
