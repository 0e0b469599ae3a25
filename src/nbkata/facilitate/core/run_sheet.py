"""The plan of a workshop: which steps fit, when each ends, and when to rest.

Minutes are whole, and count from the workshop's start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.kata import Step

# To say what the two lights are; to say what was reached, and how to go on with one's own notebook.
OPENING, CLOSING = 15, 15
# Nobody works well for longer without a break.
LONGEST_STRETCH = 90
BREAK, LUNCH = 15, 45
# A workshop as long as this has a lunch, at about its half.
LUNCH_FROM = 270
# To run `nbkata catch-up`, and to say what the steps did that the room catches up over.
CATCH_UP = 5
# Two who talk take a quarter longer, and understand more. (A rule of thumb: no source.)
PAIRS_TAKE = 1.25
LEAST_WALKED = 2


class Kind(StrEnum):
    """What a part of the day is."""

    OPENING = "opening"
    STEP = "step"
    CATCH_UP = "catch-up"
    BREAK = "break"
    LUNCH = "lunch"
    SPARE = "spare"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the run sheet."""

    kind: Kind
    begins: int
    ends: int
    steps: tuple[Step, ...] = ()  # the one that is walked, or those that the room catches up over
    on_at: str = ""  # the number of the step at which the room goes on after a catch-up

    @property
    def is_walked(self) -> bool:
        """Whether the room works on a step."""
        return self.kind is Kind.STEP

    @property
    def title(self) -> str:
        """As the rows name it."""
        if not self.steps:
            return TITLES[self.kind]
        if self.is_walked:
            return f"{self.steps[0].number} {self.steps[0].title}"
        first, last = self.steps[0].number, self.steps[-1].number
        over = first if first == last else f"{first} to {last}"
        return f"Catch up over {over}: nbkata catch-up {self.on_at}"


TITLES = {
    Kind.OPENING: "Welcome, and the two lights",
    Kind.BREAK: "Break",
    Kind.LUNCH: "Lunch",
    Kind.SPARE: "Spare time: drills, questions, who is late",
    Kind.CLOSING: "What was reached, and your own notebook",
}


def run_sheet(
    steps: Sequence[Step],
    worth: Mapping[str, int],
    minutes: Mapping[str, int],
    length: int,
    pairs: bool = False,
) -> tuple[Part, ...] | Refusal:
    """The parts of a workshop of ``length`` minutes.

    ``worth`` and ``minutes`` are by slug. As many steps as fit are walked. When they do not all fit, the
    room catches up over the steps of the least worth, the latest first, and what comes after the
    last step that is walked stays for another day. Refuses if not even `LEAST_WALKED` steps fit.
    """
    takes = {slug: 5 * round(m * PAIRS_TAKE / 5) if pairs else m for slug, m in minutes.items()}
    walked = list(steps)
    least_first = sorted(
        walked[1:], key=lambda step: (worth[step.slug], -steps.index(step))
    )  # the first step is where everybody begins
    while True:
        parts = _laid_out(steps, walked, takes, length)
        if parts is not None:
            return parts
        if len(walked) <= LEAST_WALKED:
            return Refusal(
                f"in {length} minutes there is no time for {LEAST_WALKED} steps.",
                next_step="Ask for more: --hours 3",
            )
        walked.remove(least_first.pop(0))


def _laid_out(
    steps: Sequence[Step], walked: Sequence[Step], takes: Mapping[str, int], length: int
) -> tuple[Part, ...] | None:
    """The parts if they fit."""
    parts = [Part(Kind.OPENING, 0, OPENING)]
    rested, had_lunch = 0, length < LUNCH_FROM
    skipped: tuple[Step, ...] = ()
    for step in steps[: steps.index(walked[-1]) + 1]:
        if step not in walked:
            skipped = (*skipped, step)
            continue
        now = parts[-1].ends
        needed = takes[step.slug] + (CATCH_UP if skipped else 0)
        at_noon = not had_lunch and now >= length / 2 - LUNCH
        if at_noon or now + needed - rested > LONGEST_STRETCH and now > rested:
            kind, rest = (Kind.LUNCH, LUNCH) if at_noon else (Kind.BREAK, BREAK)
            had_lunch = had_lunch or at_noon
            parts.append(Part(kind, now, now + rest))
            now = rested = parts[-1].ends
        if skipped:
            parts.append(Part(Kind.CATCH_UP, now, now + CATCH_UP, skipped, step.number))
            now, skipped = parts[-1].ends, ()
        parts.append(Part(Kind.STEP, now, now + takes[step.slug], (step,)))
    spare = length - CLOSING - parts[-1].ends
    if spare < 0:
        return None
    if spare:
        parts.append(Part(Kind.SPARE, parts[-1].ends, length - CLOSING))
    parts.append(Part(Kind.CLOSING, length - CLOSING, length))
    return tuple(parts)


def clock_time(start: str, minutes: int) -> str:
    """``09:30`` and 45 minutes: ``10:15``. Goes on past midnight."""
    hour, minute = map(int, start.split(":"))
    total = 60 * hour + minute + minutes
    return f"{total // 60 % 24:02}:{total % 60:02}"
