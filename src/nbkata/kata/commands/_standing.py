"""`nbkata status`, and `nbkata start` of what is there already: where the learner is."""

from pathlib import Path

from nbkata.kata.commands._opened import called, opened
from nbkata.kata.commands._step_lines import lights, step_title, todo
from nbkata.kata.core.lights import Light
from nbkata.kata.core.progress import current_step, hints_shown, last_check, red_minutes
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.workspace import Workspace
from nbkata.terminal import plain
from nbkata.workspace.core.journal import Entry


def run(asked: Path | None = None, as_json: bool = False) -> int:
    """Find the workspace and show it. Returns the exit code."""
    found = opened(asked)
    if as_json:
        import json  # pylint: disable=import-outside-toplevel # for this alone

        plain.show([json.dumps(_document(found.kit, found.workspace))])
    else:
        show_standing(found.kit, found.workspace)
    return 0


def _document(kit: Kit, workspace: Workspace) -> dict[str, object]:
    # pylint: disable-next=import-outside-toplevel # datetime
    from datetime import UTC, datetime

    events = workspace.events
    step = current_step(kit.kata, events)
    if step is None:
        return {"kata": kit.name, "step": None}
    last = last_check(step, events)
    return {
        "kata": kit.name,
        "step": step.slug,
        "behaviour": last and last.behaviour,
        "shape": last and last.shape,
        "checked_at": last and last.time,
        "minutes_red": round(red_minutes(step, events, datetime.now(UTC)), 1),
        "hints": hints_shown(step, events),
        "next": "nbkata next" if last and last.ok else "nbkata check",
    }


def show_standing(kit: Kit, workspace: Workspace) -> None:
    """The current step, its lights as last checked, what to do."""
    events = workspace.events
    step = current_step(kit.kata, events)
    if step is None:
        plain.show(["  Well done: that was the last step."])
        return
    last = last_check(step, events)
    lines = step_title(step, kit.kata)
    lines += lights(*_lights(last))
    if last is not None and last.ok:
        following = kit.kata.after(step)
        message = f"Step {following.number} is next: {following.title_inside}." if following else ""
        lines += plain.done(f"Well done. {message}", f"{called()} next")
    else:
        lines += todo(step.todo)
        lines += plain.pointers(guide=f"{called()} guide", then=f"{called()} check")
    plain.show(lines)


def _lights(last: Entry | None) -> tuple[Light | None, Light | None]:
    if last is None:
        return None, None
    # pylint: disable-next=import-outside-toplevel # datetime
    from nbkata.common.shell.clock import wall_clock

    seen = (f"at the last check ({wall_clock(last.time)})",)
    return Light(last.behaviour, seen), Light(last.shape, seen)
