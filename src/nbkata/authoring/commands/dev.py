"""`nbkata dev`: what authors of the kata run."""

import json
import time
from collections.abc import Collection, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nbkata.authoring.core.proof import StepProof, as_document
from nbkata.authoring.shell.proof import count_of_looks, prove, tried_causes
from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.kata.core.kata import Behaviour, Step
from nbkata.kata.shell.check import CAUSES, observe
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import FIRST, Kit, kata_names, kit_root, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.record.core.record import Record, record_to_text
from nbkata.terminal import screen

if TYPE_CHECKING:
    from rich.console import RenderableType


class Action(StrEnum):
    """What an author can ask for."""

    CHECK = "check"
    GOLDEN = "golden"


def dev(
    action: Annotated[
        Action,
        typer.Argument(help="check: prove every step. golden: approve today's results as golden."),
    ],
    steps: Annotated[list[str] | None, typer.Argument(help="check: only these steps.")] = None,
    kata: Annotated[
        str, typer.Option("--kata", help="Only this one, by its folder below exercises/.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Take nothing from the cache.")] = False,
) -> int:
    """For authors: prove the steps, or approve the results of notebooks/ as golden.

    The proof: each step's shape is red on the checkpoint before and green on its own and the later
    ones; behaviour is green everywhere; each named mistake gives its message; guides, hints,
    listings and formatting are as they must be.
    """
    root = kit_root()
    kits: list[Kit] = []
    for name in [kata] if kata else kata_names(root) or [FIRST]:
        kit = or_refuse(load_kit(root, name))
        kits.append(kit)
    if action is Action.GOLDEN:
        return max(_golden(kit) for kit in kits)
    return _check(kits, steps or [], as_json, fresh)


def _steps_asked(kit: Kit, wanted: Sequence[str]) -> list[Step] | Refusal:
    found = [kit.kata.step(name) for name in wanted] or list(kit.kata.steps)
    wrong = next((step for step in found if isinstance(step, Refusal)), None)
    return wrong or [step for step in found if isinstance(step, Step)]


def _check(kits: Sequence[Kit], wanted: Sequence[str], as_json: bool, fresh: bool) -> int:
    asked = [(kit, or_refuse(_steps_asked(kit, wanted))) for kit in kits]
    started = time.perf_counter()
    try:
        with screen.look_progress(sum(count_of_looks(*one) for one in asked)) as progress:
            proofs: list[StepProof] = []
            for kit, steps in asked:
                proofs += prove(
                    kit, steps, fresh,
                    lambda name: progress.update(progress.task_ids[0], advance=1, name=name),
                )  # fmt: skip
    except (OSError, ValueError) as error:
        what = f"the proof cannot be made: {error}."
        return screen.refuse(Refusal(what, next_step="Fix the file, then run it again."))
    seconds = time.perf_counter() - started
    if as_json:
        print(json.dumps(as_document(proofs, seconds)))
    else:
        screen.out.print(_matrix(proofs))
        for problem in (problem for proof in proofs for problem in proof.problems):
            screen.out.print(f"  {problem}", markup=False)
        red = sum(not proof.ok for proof in proofs)
        message = f"{red} of {len(proofs)} steps are not proven" if red else "every step is proven"
        screen.out.print(f"\n  {message} ({seconds:.0f} s)")
    return 0 if all(proof.ok for proof in proofs) else 1


def _matrix(proofs: Sequence[StepProof]) -> "RenderableType":
    from rich.table import Table  # pylint: disable=import-outside-toplevel

    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("step")
    for name in "behaviour,red before,green after,mistakes,guide,listings,black".split(","):
        table.add_column(name, justify="center")
    table.add_column("diff", justify="right")
    for proof in proofs:
        right, of = proof.wrong_states
        table.add_row(
            proof.slug,
            *[screen.tick(ok) for ok in (proof.behaviour, proof.fails_before, proof.passes_after)],
            f"{right}/{of}",
            *[screen.tick(ok) for ok in (proof.hints, proof.listings, proof.formatted)],
            str(proof.diff_lines),
        )
    return table


def _golden(kit: Kit) -> int:
    approved: set[str] = set()
    for behaviour in kit.kata.behaviours:
        other = [behaviour.other.golden] if behaviour.other else []
        wanted = {behaviour.golden, *other} - approved
        code = _approve(kit, behaviour, wanted) if wanted else 0
        if code:
            return code
        approved |= wanted
    causes = or_refuse(tried_causes(kit, lambda name: screen.out.print(f"  {name}", markup=False)))
    text = json.dumps(causes, indent=1) + "\n"
    write_atomically(kit.exercises / CAUSES, text.encode("utf-8"))
    return 0


def _approve(kit: Kit, behaviour: Behaviour, wanted: Collection[str]) -> int:
    """Record what the checkpoint gives that the behaviour begins with, or the messy notebook.

    ``wanted`` are those of its golden records that no behaviour before it has.
    """
    step = kit.kata.step(behaviour.since)
    assert isinstance(step, Step)
    with TemporaryFolder() as folder:
        workspace = create_workspace(Path(folder, "workspace"), kit)
        if step != kit.kata.steps[0]:
            lay_out(kit, step, workspace.path)
        observed = observe(kit, step, workspace.path)
    observed = or_refuse(observed)
    found: dict[str, Record | Refusal] = {behaviour.golden: observed.results}
    if behaviour.other:
        assert observed.other is not None, "the seam was called with it"
        found[behaviour.other.golden] = observed.other
    for name, record in found.items():
        if name not in wanted:
            continue
        record = or_refuse(record)
        golden = kit.exercises / name
        write_atomically(golden, record_to_text(record).encode("utf-8"))
        for result, value in record.last.items():
            screen.out.print(f"  {result}: {value.type} {value.value or value.shape}")
        screen.out.print(f"Approved: {shown_path(golden)}. Look at its diff before you commit it.")
    return 0
