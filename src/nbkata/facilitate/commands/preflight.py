"""`nbkata facilitate preflight`: what the machines of a room lack, the day before."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal
from nbkata.facilitate.core.preflight import common_lines, summary, table_lines, worst_first
from nbkata.facilitate.shell.preflight import read_machines
from nbkata.terminal import plain


def preflight(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Texts or mails with blocks of ./go ready; folders."),
    ],
) -> int:
    """Read the blocks that learners sent from ./go ready: the common fix, then a line a machine.

    The worst come first. The fixes are the kit's own, whatever a mail says.
    """
    machines, passed_over = read_machines(files)
    for refusal in passed_over:
        plain.note(f"Passed over: {refusal}")
    if not machines:
        next_step = "Ask the learners to run ./go ready and to mail what it prints."
        return plain.refuse(Refusal("there is no block of ./go ready in it.", "", next_step))
    common = common_lines(machines)
    ordered = worst_first(machines)
    plain.show([*common, *([""] if common else []), summary(machines), "", *table_lines(ordered)])
    return 1 if passed_over or any(machine.findings for machine in machines) else 0
