"""The behaviour light: are the results what the golden record says?"""

from nbkata.core.compare import Difference, Moved
from nbkata.core.lights import Light

AT_MOST = 3
"""Results named in a message; the rest are counted."""


def behaviour_light(difference: Difference, results: int, cells: int, seconds: float) -> Light:
    """The light for a run of ``cells`` cells that took ``seconds``, with so many ``results``."""
    if difference.first_moved is None:
        ran = f"{cells} cells ran in {seconds:.0f} s"
        return Light(True, (f"{ran}; the {results} results are as they were, to the last bit",))
    moved = (difference.first_moved, *difference.also)
    messages = [_sentence(item) for item in moved[:AT_MOST]]
    if len(moved) > AT_MOST:
        messages.append(f"And {len(moved) - AT_MOST} more.")
    return Light(False, tuple(messages))


def _sentence(moved: Moved) -> str:
    column = f", column {moved.column}," if moved.column else ""
    said = f"{moved.name}{column} {moved.how}."
    if moved.examples:
        first = moved.examples[0]
        place = first.row if first.row.startswith("at place") else f"row {first.row}"
        said += f" {place[:1].upper()}{place[1:]}: {first.now}, was {first.before}."
    return said
