"""`nbkata hand`: ask the facilitator to come."""

from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, Refused
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import called, opened
from nbkata.kata.shell.room import report_hand
from nbkata.terminal import plain
from nbkata.workspace.shell.room import ASKED_S, membership_of


def hand(
    down: Annotated[bool, typer.Option("--down", help="Take it down.")] = False,
    workspace: WorkspaceOption = None,
) -> int:
    """Raise your hand in the room that you joined."""
    found = opened(workspace)
    member = membership_of(found.workspace.path)
    if member is None or member.left:
        hint = "Raise your own hand. Or join one: nbkata join HOST CODE"
        raise Refused(Refusal("you are in no room.", "", hint))
    done = report_hand(found.kit, found.workspace, not down, ASKED_S)
    if isinstance(done, Refusal):
        hint = "Raise your own hand." if not down else ""
        raise Refused(done._replace(next_step=hint))
    if down:
        plain.show(["  Your hand is down."])
        return 0
    plain.show(["  Your hand is up.", *plain.pointers(down=f"{called()} hand --down")])
    return 0
