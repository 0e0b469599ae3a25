"""Reading what a facilitator says, shows and asks at each step of a kata."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.paths import shown_path
from nbkata.facilitate.core.teaching import Teaching, minutes_taken, teaching_of
from nbkata.kata.shell.kata_file import read_toml
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.room import known_mistakes
from nbkata.workspace.core.journal import events_in
from nbkata.workspace.core.room import MEMBER_FILE

# In the kata's folder, a table a step. A kata without one is taught by its goals.
TEACH = "teach.toml"


def read_teaching(kit: Kit) -> dict[str, Teaching] | Refusal:
    """By slug, for each step. Refuses a file that cannot be read or does not fit the steps."""
    path = kit.exercises / TEACH
    tables = read_toml(path) if path.exists() else {}
    if isinstance(tables, Refusal):
        return tables
    try:
        unknown = sorted(set(tables) - {step.slug for step in kit.kata.steps})
        if unknown:
            raise ValueError(f"there is no step {unknown[0]!r}")
        return {
            step.slug: teaching_of(tables.get(step.slug, {}), known_mistakes(kit, step.slug), step)
            for step in kit.kata.steps
        }
    except (ValueError, TypeError, AttributeError) as error:
        what = f"it cannot be used ({error})."
        return Refusal(what, shown_path(path), "Fix the file, then run the command again.")


def minutes_from(kit: Kit, journals: Sequence[Path]) -> dict[str, int] | Refusal:
    """The minutes of each step: the median of what the journals say, else as the kata says.

    Of a folder, the journals below it count, and what learners sent to a room. Refuses what cannot be read.
    """
    files = [file for path in journals for file in _journals(path)]
    taken: dict[str, list[float]] = {}
    for file in files:
        try:
            events = events_in(file.read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            what = f"it cannot be read ({error.strerror})."
            return Refusal(what, shown_path(file), "Name journals: workspace/.nbkata/journal.jsonl")
        for slug, minutes in minutes_taken(events).items():
            taken.setdefault(slug, []).append(minutes)
    if journals and not taken:
        what = "no journal there says how long a step took."
        return Refusal(
            what, shown_path(journals[0]), "Name journals: workspace/.nbkata/journal.jsonl"
        )
    return {
        step.slug: (
            max(5, 5 * round(median(taken[step.slug]) / 5)) if step.slug in taken else step.minutes
        )
        for step in kit.kata.steps
    }


def _journals(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.rglob("*.jsonl"))
    return [it for it in found if it.name == "journal.jsonl" or MEMBER_FILE.fullmatch(it.name)]
