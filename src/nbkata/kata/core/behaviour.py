"""The behaviour light: are the results what the golden record says?"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.kata import Behaviour
from nbkata.kata.core.lights import Light
from nbkata.record.core.compare import Difference, Moved
from nbkata.record.core.record import Kind, Record, Stage

# Results named in a message; the rest are counted.
AT_MOST = 3


def expected(golden: Record, results: Mapping[str, str]) -> Record:
    """Of the golden record, the results that count, called as the run calls them."""
    last = golden.last
    names = {here: last[there] for here, there in results.items() if there in last}
    return replace(golden, stages=(Stage(0, "", names),), only=tuple(results))


def behaviour_light(
    difference: Difference,
    results: int,
    ran: str,
    right: str = "",
    cause: str = "",
) -> Light:
    """The light for a run that ``ran`` describes ("52 cells ran in 4 s"), with so many ``results``.

    ``right`` is how results are that equal a golden record which is not how they were before;
    ``cause`` is what makes just these results, where that is known.
    """
    if difference.first_moved is None:
        return Light(
            True, (f"{ran}; the {results} results are {right or 'as they were'}, to the last bit",)
        )
    moved = (difference.first_moved, *difference.also)
    messages = [_sentence(item, "should be" if right else "was") for item in moved[:AT_MOST]]
    if len(moved) > AT_MOST:
        messages.append(f"And {len(moved) - AT_MOST} more.")
    return Light(False, (*messages, *([f"{LIKELY}{cause}"] if cause else [])))


LIKELY = "Likely cause: "


def symptom(golden: Record, now: Record) -> str:
    """What moved, and to which values, as one digest: two runs with the same mistake have the same.

    Where the tables moved, what a model makes of them is no news, and is left out.
    """
    before, after = golden.last, now.last
    tables: list[str] = []
    values: list[str] = []
    for name in sorted(before):
        old, new = before[name], after.get(name)
        if new is None or (old.digest, old.type) == (new.digest, new.type):
            continue
        answer = {column.name: column.digest for column in old.columns}
        moved = [f"{c.name} {c.digest}" for c in new.columns if answer.get(c.name) != c.digest]
        order = ",".join(column.name for column in new.columns)
        place = tables if len(old.columns) > 1 and old.kind is Kind.FRAME else values
        place.append(f"{name}: {order}: {moved or new.digest}")
    return hashlib.sha256("\n".join(tables or values).encode()).hexdigest()[:16]


def other_data_light(behaviour: Behaviour, found: Difference | Refusal, cause: str = "") -> Light:
    """The light where only what the seam gives for other data is not as it was."""
    assert behaviour.other is not None, "it was called with some"
    message = f"For {behaviour.takes} the results are {behaviour.right or 'as they were'}. "
    message += f"For other data ({behaviour.other.what}) "
    if isinstance(found, Refusal):
        where = f" ({found.where})" if found.where else ""
        message += f"{behaviour.seam}() stops{where}: {found.what}"
    else:
        assert found.first_moved is not None, "nothing moved"
        before = "should be" if behaviour.right else "was"
        message += f"they are not: {_sentence(found.first_moved, before)}"
    return Light(False, (message, f"{LIKELY}{cause}" if cause else FROM_THE_DATA))


FROM_THE_DATA = (
    "Whatever the old code works out from the file that it is given (a mean, a median, the most "
    "frequent value), the new code must work out too. Look for a constant or another file in its "
    "place, and for a value that is worked out from some of the rows only: from the test rows by "
    "themselves, say, or before the gaps were filled."
)


def _sentence(moved: Moved, before: str) -> str:
    part = f", {moved.part}," if moved.part else ""
    how = moved.how
    if before == "should be":
        how = how.replace("it was ", "it should be ").replace("it had ", "it should have ")
    message = f"{moved.name}{part} {how}."
    if moved.examples:
        first = moved.examples[0]
        place = first.row if first.row.startswith("at place") else f"row {first.row}"
        message += f" {place[:1].upper()}{place[1:]}: {first.now}, {before} {first.before}."
    return message
