"""`nbkata dev`: what authors of the kata run."""

from enum import StrEnum
from typing import Annotated

import typer

from nbkata import screen
from nbkata.core.record import record_to_text
from nbkata.core.refusal import Refusal
from nbkata.core.run import Stopped
from nbkata.shell.check import golden_path
from nbkata.shell.files import write_atomically
from nbkata.shell.kit import load_kit
from nbkata.shell.record import record_notebook
from nbkata.shell.workspace import shown_path


class Action(StrEnum):
    """What an author can ask for."""

    GOLDEN = "golden"


def dev(
    action: Annotated[Action, typer.Argument(help="golden: approve today's results as golden.")],
) -> int:
    """For authors: run notebooks/ and approve its results as the behaviour to keep."""
    assert action is Action.GOLDEN
    kit = load_kit()
    if isinstance(kit, Refusal):
        return screen.refuse(kit)
    path = kit.root / kit.kata.notebook
    recorded = record_notebook(path, names=kit.kata.results)
    if isinstance(recorded, Refusal):
        return screen.refuse(recorded)
    if isinstance(recorded.run, Stopped):
        return screen.refuse(recorded.run.refusal(shown_path(path)))
    golden = golden_path(kit)
    write_atomically(golden, record_to_text(recorded.record).encode("utf-8"))
    for name, value in recorded.record.last.items():
        screen.out.print(f"  {name}: {value.type} {value.value or value.shape}")
    screen.out.print(f"Approved: {shown_path(golden)}. Look at its diff before you commit it.")
    return 0
