"""`nbkata leave`: leave the room, and have it delete what it was sent."""

from nbkata.common.core.refusal import Refusal, Refused
from nbkata.kata.commands._lights import WorkspaceOption
from nbkata.kata.commands._opened import opened
from nbkata.terminal import plain
from nbkata.workspace.shell.room import leave as leave_room
from nbkata.workspace.shell.room import membership_of


def leave(workspace: WorkspaceOption = None) -> int:
    """Leave the room: what was sent is deleted there and here, and nothing more is sent."""
    found = opened(workspace, whole=False)
    member = membership_of(found.workspace.path)
    if member is None:
        raise Refused(Refusal("you are in no room; nothing is sent."))
    refused = leave_room(found.workspace.path, member)
    if refused:
        hint = (
            "Nothing more is sent. To have it delete what it has, run this again when it answers."
        )
        raise Refused(refused._replace(next_step=hint))
    plain.show([f"  You left the room {member.place}. What was sent is deleted, there and here."])
    return 0
