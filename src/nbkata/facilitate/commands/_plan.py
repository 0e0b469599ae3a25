"""The options that say which workshop is meant, and what comes of them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.facilitate.core.run_sheet import Part, run_sheet
from nbkata.facilitate.core.teaching import Teaching
from nbkata.facilitate.shell.teaching import minutes_from, read_teaching
from nbkata.kata.shell.kit import Kit, load_kit

StartOption = Annotated[str, typer.Option("--start", help="When it begins.", metavar="HH:MM")]
HoursOption = Annotated[float, typer.Option("--hours", help="How long it is, with breaks.")]
PairsOption = Annotated[bool, typer.Option("--pairs", help="They work in pairs or trios.")]
KataOption = Annotated[str, typer.Option("--kata", help="Which kata, by its folder's name.")]
MinutesOption = Annotated[
    list[Path] | None,
    typer.Option("--minutes-from", help="Journals of a room, for how long its steps took."),
]

LONGEST_HOURS = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """A workshop."""

    kit: Kit
    parts: tuple[Part, ...]
    start: str  # ``09:30``
    taught: dict[str, Teaching]  # by slug


def planned(start: str, hours: float, pairs: bool, kata: str, minutes: list[Path] | None) -> Plan:
    """The workshop that the options mean. Refuses a time that is none, and what cannot be read."""
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", start):
        raise Refused(Refusal(f"{start!r} is no time.", "--start", "Write it as 09:30."))
    if not 0 < hours <= LONGEST_HOURS:  # a NaN is neither
        what = f"{hours:g} hours are no workshop."
        raise Refused(Refusal(what, "--hours", "Give 3 for a morning, 6 for a day."))
    kit = or_refuse(load_kit(name=kata))
    taught = or_refuse(read_teaching(kit))
    takes = or_refuse(minutes_from(kit, minutes or []))
    worth = {slug: one.worth for slug, one in taught.items()}
    parts = or_refuse(run_sheet(kit.kata.steps, worth, takes, round(60 * hours), pairs))
    return Plan(kit, parts, start, taught)
