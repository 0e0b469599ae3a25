"""What the room is sent of a check or a move, if the learner joined one."""

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.clock import now
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Verdict
from nbkata.kata.core.progress import hints_shown
from nbkata.kata.shell.kata_file import read_toml
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.workspace import Workspace
from nbkata.workspace.core.room import RoomLine, nearest_mistake
from nbkata.workspace.shell.room import membership_of, report


def report_check(kit: Kit, workspace: Workspace, step: Step, verdict: Verdict | Refusal) -> str:
    """Send the two lights of a check; code that does not run is red, too.

    Returns what the learner should read: that the room goes on at a later step.
    """
    if membership_of(workspace.path) is None:
        return ""
    here = workspace.step(kit.kata)
    if kit.kata.is_past(step, here):  # the learner looks back; the room shows where they are
        line = _line(kit, workspace, here)
    elif isinstance(verdict, Refusal):
        line = _line(kit, workspace, step)._replace(behaviour=False, shape=False)
    else:
        red = [light for light in (verdict.behaviour, verdict.shape) if not light.ok]
        messages = [message for light in red for message in light.messages]
        known = known_mistakes(kit, step.slug) if messages else ()
        names = (nearest_mistake(message, known) for message in messages)
        line = _line(kit, workspace, step)._replace(
            behaviour=verdict.behaviour.ok,
            shape=verdict.shape.ok,
            seconds=round(verdict.seconds, 3),
            mistake=next(filter(None, names), ""),
        )
    return _called(kit, workspace, report(workspace.path, line))


def report_place(kit: Kit, workspace: Workspace) -> None:
    """Send where the learner is, after a move."""
    if membership_of(workspace.path) is not None:
        report(workspace.path, _line(kit, workspace, workspace.step(kit.kata)))


def report_hand(kit: Kit, workspace: Workspace, is_up: bool, within_s: float) -> str | Refusal:
    """Raise or lower the hand; returns as `nbkata.workspace.shell.room.report`."""
    line = _line(kit, workspace, workspace.step(kit.kata))
    return report(workspace.path, line._replace(help=is_up), within_s)


def known_mistakes(kit: Kit, slug: str) -> tuple[tuple[str, str], ...]:
    """The names of a step's mistakes in its ``wrong.toml``, each with a sentence that it gets."""
    document = read_toml(kit.exercises / slug / "wrong.toml")
    entries = () if isinstance(document, Refusal) else document.get("wrong", ())
    lights = ("shape", "behaviour")
    return tuple((it["name"], it[light]) for it in entries for light in lights if light in it)


def _line(kit: Kit, workspace: Workspace, step: Step) -> RoomLine:
    hints = hints_shown(step, workspace.events)
    return RoomLine(now(), "own" if kit.is_adopted else kit.name, step.slug, hints=hints)


def _called(kit: Kit, workspace: Workspace, call: str | Refusal) -> str:
    if not call or isinstance(call, Refusal):
        return ""
    step = kit.kata.step(call)
    if isinstance(step, Refusal) or not kit.kata.is_past(workspace.step(kit.kata), step):
        return ""
    return f"The room goes on at step {step.number}: nbkata catch-up {step.number} --keep-mine"
