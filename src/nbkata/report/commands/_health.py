"""`nbkata report --health`: how healthy a system is, row by row, and what only people can judge."""

import json
from pathlib import Path

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.kata.shell.kit import kit_around
from nbkata.kata.shell.workspace import find_workspace
from nbkata.report.core.health import (
    FIGURES,
    QUESTIONS,
    Check,
    Level,
    Rating,
    as_document,
    judged_ratings,
    measured_ratings,
)
from nbkata.report.shell.health import ANSWERS, read_answers, reproducibility
from nbkata.report.shell.report import measure, moments
from nbkata.terminal import screen

STYLES = {Level.HEALTHY: "green", Level.CARE: "yellow", Level.RISK: "red", Level.UNKNOWN: "dim"}


def show_health(asked: Path | None, as_json: bool) -> int:
    """Measure and print the ratings and the reproducibility checklist; 2 if the answers are wrong.

    Of a workspace of the kit's, or of an adopted notebook's.
    """
    kit = or_refuse(kit_around(asked))
    workspace = or_refuse(find_workspace(kit, asked))
    answers = or_refuse(read_answers(workspace.path))
    judged = judged_ratings(answers)
    if isinstance(judged, str):
        return screen.refuse(Refusal(f"{judged}.", ANSWERS, "Correct the line."))
    with screen.working("Measuring: this takes a minute the first time"):
        (row,) = measure(kit, moments(workspace)[-1:], FIGURES)
        checks = reproducibility(workspace.path)
    ratings = [*measured_ratings(row.values, checks), *judged]
    if as_json:
        print(json.dumps(as_document(ratings, checks)))
        return 0
    screen.out.print(_ratings(ratings), _checklist(checks))
    if any(question.key not in answers for question in QUESTIONS):
        screen.out.print(_questions(), soft_wrap=True)
    for note in row.notes:
        screen.out.print(Text(f"Not measured: {note}"), soft_wrap=True)
    return 0


def _ratings(ratings: list[Rating]) -> Padding:
    table = Table.grid(padding=(0, 2))
    for rating in ratings:
        evidence = Text(rating.evidence)
        if rating.level in (Level.CARE, Level.RISK):
            evidence.append(f"; healthy: {rating.healthy}", "dim")
        table.add_row(rating.title, Text(rating.level.value, STYLES[rating.level]), evidence)
    return Padding(table, (1, 2))


def _checklist(checks: list[Check]) -> Padding:
    table = Table.grid(padding=(0, 2))
    for check in checks:
        table.add_row(screen.tick(check.ok), check.title, Text(check.evidence, overflow="fold"))
    return Padding(table, (0, 2, 1, 2))


def _questions() -> Text:
    lines = [f"  Only people can judge the others. Write your answers into {ANSWERS}:", ""]
    for question in QUESTIONS:
        lines.append(f"    {question.key} = 1")
        lines += [f"    # {n}: {text}" for n, text in enumerate(question.answers, start=1)]
    return Text("\n".join(lines))
