"""The figures of the kit's own steps come with it, and are those of its checkpoints.

``python tests/report/test_shipped_figures.py`` measures anew what is cheap, and the steps whose checkpoint has changed.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nbkata.kata.core.figures import Figure
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.report.core.chart import worse_steps
from nbkata.report.shell.report import SHIPPED, checkpoints, digest_of_files, measure

if TYPE_CHECKING:
    from conftest import Nbkata

HOW = "python tests/report/test_shipped_figures.py"
CHEAP = ("lines", "cells", "functions", "complexity-max", "complexity-mean", "smells")
SLOWER = ("pylint", "coverage", "purity")


def the_kit() -> Kit:
    kit = load_kit()
    assert isinstance(kit, Kit)
    return kit


def test_report_measures_none_of_the_kits_own_steps(nbkata: "Nbkata", tmp_path: Path):
    numbers = [step.number for step in the_kit().kata.steps]
    done = nbkata("report", *numbers, "--json", NBKATA_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr
    assert (
        "Measuring" not in done.stderr and not (tmp_path / "cache" / "nbkata" / "report").exists()
    )
    rows = json.loads(done.stdout)["steps"]
    assert all(row["strength"] >= 90 for row in rows[4:]), "what takes longest is there"
    assert [row["pages"] is None for row in rows] == [False] * 3 + [True] * (len(numbers) - 3)


def test_every_step_has_the_figures_of_its_checkpoint():
    kit = the_kit()
    stale = [one.label for one in checkpoints(kit, kit.kata.steps) if set(one.known) != set(Figure)]
    assert not stale, f"the checkpoints have changed since they were measured: {HOW}"


def test_every_figure_that_gets_worse_has_a_reason_and_no_other_has_one():
    kit = the_kit()
    rows = measure(kit, checkpoints(kit, kit.kata.steps), tuple(Figure))
    worse = {figure.value: set(worse_steps(figure, rows)) for figure in Figure}
    assert {name: set(texts) for name, texts in kit.kata.worse.items()} == {
        name: steps for name, steps in worse.items() if steps
    }, "[[worse]] in kata.toml"


@pytest.mark.usefixtures("warm", "warm_to_call_again", "remembering")
@pytest.mark.parametrize(
    ("numbers", "names"),
    [(range(len(the_kit().kata.steps)), CHEAP), ((8,), SLOWER)],
    ids=["cheap", "slower"],
)
def test_the_figures_are_what_a_measurement_gives(
    numbers: range, names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NBKATA_CACHE", str(tmp_path))
    kit = the_kit()
    shipped = checkpoints(kit, [kit.kata.steps[number] for number in numbers])
    figures = [Figure(name) for name in names]
    rows = measure(kit, [replace(one, known={}) for one in shipped], figures)
    assert [row.values for row in rows] == [
        {figure: one.known[figure] for figure in figures} for one in shipped
    ], f"{HOW} measures them anew"


def main() -> None:
    """Write the file."""
    kit = the_kit()
    subjects = [
        replace(one, known={name: value for name, value in one.known.items() if name not in CHEAP})
        for one in checkpoints(kit, kit.kata.steps)
    ]
    rows = measure(kit, subjects, tuple(Figure), lambda *so_far: print(*so_far, file=sys.stderr))
    assert not any(row.notes for row in rows), [row.notes for row in rows]
    lines = [
        f"{json.dumps(one.label)}: "
        + json.dumps(
            {
                "checkpoint": digest_of_files(one.files),
                "figures": {name: kept and kept.as_json() for name, kept in row.values.items()},
            }
        )
        for one, row in zip(subjects, rows, strict=True)
    ]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (kit.exercises / SHIPPED).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
