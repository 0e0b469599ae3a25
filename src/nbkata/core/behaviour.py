"""The behaviour light: are the results what the golden record says?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nbkata.core.compare import Difference, Moved
from nbkata.core.kata import Behaviour, Slip
from nbkata.core.lights import Light
from nbkata.core.record import Record, Stage
from nbkata.core.refusal import Refusal

AT_MOST = 3
"""Results named in a message; the rest are counted."""


def expected(golden: Record, results: Mapping[str, str]) -> Record:
    """Of the golden record, the results that count, called as the run calls them."""
    last = golden.last
    names = {here: last[there] for here, there in results.items() if there in last}
    return replace(golden, stages=(Stage(0, "", names),), only=tuple(results))


def behaviour_light(
    difference: Difference,
    results: int,
    ran: str,
    slips: Sequence[Slip] = (),
    right: str = "",
) -> Light:
    """The light for a run told by ``ran`` ("52 cells ran in 4 s"), with so many ``results``.

    ``slips`` are the usual ones of the step: the cause of the first that fits is told as well.
    ``right`` is how results are that equal a golden record which is not how they were before.
    """
    if difference.first_moved is None:
        return Light(
            True, (f"{ran}; the {results} results are {right or 'as they were'}, to the last bit",)
        )
    moved = (difference.first_moved, *difference.also)
    messages = [_sentence(item, "should be" if right else "was") for item in moved[:AT_MOST]]
    if len(moved) > AT_MOST:
        messages.append(f"And {len(moved) - AT_MOST} more.")
    names = {item.name for item in moved} | {item.column for item in moved}
    said = "\n".join(messages)
    causes = [slip.cause for slip in slips if slip.moved in names and slip.when in said]
    return Light(False, (*messages, *[f"Likely cause: {cause}" for cause in causes[:1]]))


def other_data_light(behaviour: Behaviour, found: Difference | Refusal) -> Light:
    """The light where only what the seam gives for other data is not as it was."""
    assert behaviour.other is not None, "it was called with some"
    said = f"For {behaviour.takes} the results are {behaviour.right or 'as they were'}. "
    said += f"For other data ({behaviour.other.what}) "
    if isinstance(found, Refusal):
        where = f" ({found.where})" if found.where else ""
        said += f"{behaviour.seam}() stops{where}: {found.what}"
    else:
        assert found.first_moved is not None, "nothing moved"
        before = "should be" if behaviour.right else "was"
        said += f"they are not: {_sentence(found.first_moved, before)}"
    return Light(False, (said, FROM_THE_DATA))


FROM_THE_DATA = (
    "Whatever the old code works out from the file that it is given (a mean, a median, the most "
    "frequent value), the new code must work out too: no constant, and no other file, in its place."
)


def _sentence(moved: Moved, before: str) -> str:
    column = f", column {moved.column}," if moved.column else ""
    how = moved.how
    if before == "should be":
        how = how.replace("it was ", "it should be ").replace("it had ", "it should have ")
    said = f"{moved.name}{column} {how}."
    if moved.examples:
        first = moved.examples[0]
        place = first.row if first.row.startswith("at place") else f"row {first.row}"
        said += f" {place[:1].upper()}{place[1:]}: {first.now}, {before} {first.before}."
    return said
