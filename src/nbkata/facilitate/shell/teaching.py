"""Reading what a facilitator says, shows and asks at each step of a kata."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.paths import shown_path
from nbkata.facilitate.core.teaching import Teaching, minutes_taken, teaching_of
from nbkata.kata.shell.kit import Kit
from nbkata.workspace.core.journal import events_in
from nbkata.workspace.core.room import MEMBER_FILE

TEACH = "teach.toml"
"""In the kata's folder, a table a step. A kata without one is taught by its goals."""


def read_teaching(kit: Kit) -> dict[str, Teaching] | Refusal:
    """By slug, for each step. Refuses a file that cannot be read or does not fit the steps."""
    path = kit.exercises / TEACH
    try:
        told = _toml(path)
        unknown = sorted(set(told) - {step.slug for step in kit.kata.steps})
        if unknown:
            raise ValueError(f"there is no step {unknown[0]!r}")
        return {
            step.slug: teaching_of(told.get(step.slug, {}), _wrong(kit, step.slug), step)
            for step in kit.kata.steps
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"it cannot be used ({error})."
        return Refusal(what, shown_path(path), "Fix the file, then run the command again.")


def minutes_from(kit: Kit, journals: Sequence[Path]) -> dict[str, int] | Refusal:
    """The minutes of each step: the median of what the journals tell, else as the kata says.

    A folder stands for the journals below it, and for what learners sent to a room. Refuses what cannot be read.
    """
    files = [file for path in journals for file in _journals(path)]
    told: dict[str, list[float]] = {}
    for file in files:
        try:
            events = events_in(file.read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            what = f"it cannot be read ({error.strerror})."
            return Refusal(what, shown_path(file), "Name journals: workspace/.nbkata/journal.jsonl")
        for slug, minutes in minutes_taken(events).items():
            told.setdefault(slug, []).append(minutes)
    if journals and not told:
        what = "no journal in there tells how long a step took."
        return Refusal(
            what, shown_path(journals[0]), "Name journals: workspace/.nbkata/journal.jsonl"
        )
    return {
        step.slug: (
            max(5, 5 * round(median(told[step.slug]) / 5)) if step.slug in told else step.minutes
        )
        for step in kit.kata.steps
    }


def _journals(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.rglob("*.jsonl"))
    return [it for it in found if it.name == "journal.jsonl" or MEMBER_FILE.fullmatch(it.name)]


def _wrong(kit: Kit, slug: str) -> list[Mapping[str, Any]]:
    return list(_toml(kit.exercises / slug / "wrong.toml").get("wrong", ()))


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
