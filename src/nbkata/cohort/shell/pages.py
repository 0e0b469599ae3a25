"""Writing what a facilitator reads of a cohort, and what goes back to the learners."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbkata.cohort.core.summary import COLUMNS, Summary, rows
from nbkata.cohort.shell.run import RESULTS
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.pages import render
from nbkata.common.shell.paths import shown_path
from nbkata.kata.shell.kit import Kit
from nbkata.workspace.shell.outputs import write_page

# Of a table on the page; all are in cohort.json.
MOST_ROWS = 30


def refused_folder(out: Path) -> Refusal | None:
    """Why a cohort's files may not be written there: the folder holds others."""
    if not out.exists() or (out / RESULTS).is_dir() or out.is_dir() and not any(out.iterdir()):
        return None
    what = "this exists, and is no folder of a cohort's results; it is left alone."
    return Refusal(what, shown_path(out), "Name another folder: --out DIR")


def write_cohort(
    out: Path, kit: Kit, summary: Summary, answer: Mapping[str, Any]
) -> Path | Refusal:
    """Write the page, the table and the document of a cohort; returns the page's path."""
    titles = {step.slug: f"{step.number} {step.title}" for step in kit.kata.steps}
    page = render(
        "cohort/cohort.html", summary=summary, titles=titles, most=MOST_ROWS, kata=kit.kata
    )
    table = io.StringIO(newline="")
    csv.writer(table).writerows([COLUMNS, *rows(summary)])
    kept = {**answer, "kata": kit.name, "files": {one.id: one.files for one in summary.results}}
    try:
        write_atomically(out / "cohort.csv", table.getvalue().encode("utf-8", "backslashreplace"))
        write_atomically(out / DOCUMENT, json.dumps(kept, indent=1).encode("ascii"))
    except OSError as error:
        what = f"it cannot be written ({error.strerror})."
        return Refusal(what, shown_path(out), "Name a folder that you may write: --out DIR")
    return write_page(out / "cohort.html", page)


DOCUMENT = "cohort.json"
