"""Bringing a workspace to the start of a step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.catch_up import Files, Outcome, as_it_began, merged, nearest, replaced
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.checkpoint import learner_files, start_of
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.room import report_place
from nbkata.kata.shell.step_start import files_at_start, own_start
from nbkata.kata.shell.workspace import Workspace, look_at, write
from nbkata.workspace.core.writes import Snapshot, Write
from nbkata.workspace.shell.transaction import refusal_of


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What was done."""

    outcomes: tuple[Outcome, ...]
    # Where a merge was made: the step from whose start the learner's files differ least.
    base: Step | None
    snapshot: Snapshot | None  # none if all was so already


def bring_to_start(
    kit: Kit,
    workspace: Workspace,
    step: Step,
    command: str,
    keep_mine: bool,
    tell: Callable[[str], None],
    own: bool = False,
) -> CaughtUp | Refusal:
    """Make the learner's files those that ``step`` starts from, or merge the two.

    Where ``own`` is asked for, it starts from what the learner had when they reached it.

    Files of the workspace's start that got lost (its data, its settings) come back as well.
    """
    here = workspace.step(kit.kata)
    try:
        mine = _read(learner_files(kit, workspace.path))
        kits = _read(start_of(kit, step))
        base = _base(kit, mine, step) if keep_mine else None
        outcomes = merged(_read(start_of(kit, base)), mine, kits) if base else replaced(mine, kits)
        if own and own_start(kit, workspace, step):
            outcomes = as_it_began(mine, _read(files_at_start(kit, workspace, step)))
        lost = [n for n in look_at(workspace.path, kit).missing if n != kit.kata.notebook]
        back = {name: kit.start_files[name].read_bytes() for name in lost}
    except OSError as error:
        return refusal_of(error, workspace.path)
    outcomes += tuple(replaced({}, back))
    files = {outcome.name: outcome.content for outcome in outcomes}
    change = Write(f"{command} {step.slug}", files, moves_to=step.slug, moved_by=command)
    done = write(workspace, change, here.slug, tell)
    if isinstance(done, Refusal):
        return done
    report_place(kit, workspace)
    return CaughtUp(outcomes, base, done)


def _base(kit: Kit, mine: Files, step: Step) -> Step:
    """The step up to ``step`` whose start the learner's files are nearest to."""
    steps = kit.kata.steps[: kit.kata.steps.index(step) + 1]
    slug = nearest(mine, {step.slug: _read(start_of(kit, step)) for step in steps})
    return next(step for step in steps if step.slug == slug)


def _read(files: Mapping[str, Path]) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files.items()}
