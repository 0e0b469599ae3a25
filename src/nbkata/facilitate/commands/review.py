"""`nbkata facilitate review`: one of each kind of solution of a cohort beside the kit's, and comments."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.cohort.shell.review import review_cohort
from nbkata.common.core.counting import counted
from nbkata.common.core.refusal import or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.terminal import plain
from nbkata.terminal.written import OpenOption, wrote


def review(
    folder: Annotated[
        Path, typer.Argument(metavar="COHORT", help="The folder that facilitate cohort wrote.")
    ] = Path("nbkata-cohort"),
    show: OpenOption = False,
) -> int:
    """Show one of each kind of solution beside the kit's, and turn comments into pages to send back.

    Write comments into COHORT/comments/NAME.md, then run it again: COHORT/feedback/NAME.html is
    that learner's page, their changes with what you say of them.
    """
    done = or_refuse(review_cohort(folder))
    lines = [f"  {counted(done.groups, 'kind')} of solution."]
    lines += [f"  {counted(len(done.feedback), 'page')} to send back."] if done.feedback else []
    feedback = {"back": shown_path(done.feedback[0].parent)} if done.feedback else {}
    plain.show([*lines, *plain.pointers(write=f"{shown_path(done.comments)}", **feedback), ""])
    return wrote(done.page, show)
