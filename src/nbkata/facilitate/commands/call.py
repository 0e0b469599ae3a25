"""`nbkata facilitate call`: the room goes on at a step."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.facilitate.commands._plan import KataOption
from nbkata.facilitate.shell.room_files import HOME, call_room
from nbkata.kata.shell.kit import FIRST, load_kit
from nbkata.terminal import screen


def call(
    step: Annotated[str, typer.Argument(help="The step, by number or name.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Take the call back.")] = False,
    kata: KataOption = FIRST,
) -> int:
    """Tell everyone who joined, in their next check or watch, that the room goes on at a step.

    It is left to them to catch up: nothing is done for them.
    """
    kit = or_refuse(load_kit(name=kata))
    if off == bool(step):
        raise Refused(Refusal("name the step, or --off.", "", "nbkata facilitate call 07"))
    wanted = or_refuse(kit.kata.step(step)) if step else None
    or_refuse(call_room(Path(HOME), wanted.slug if wanted else ""))
    if wanted is None:
        screen.out.print("  The call is taken back.")
        return 0
    number = wanted.number
    screen.out.print(f"  Who is before step {number} reads with the next check or save:")
    screen.out.print(f"  The room goes on at step {number}: nbkata catch-up {number} --keep-mine")
    return 0
