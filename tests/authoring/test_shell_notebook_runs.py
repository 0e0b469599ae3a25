"""One run for notebooks that do the same, as the proof of the steps makes it."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.builders import ROOT, notebook_of, write_json

from nbkata.authoring.shell import notebook_runs
from nbkata.authoring.shell.notebook_runs import NotebookRuns
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.check import Observation
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.record.core.record import Record

PRINTED = {"output_type": "stream", "name": "stdout", "text": "1\n"}


@pytest.fixture(name="ran")
def fixture_ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that were really run, as they are: each prints 1."""
    ran: list[str] = []

    def observe(kit: Kit, step: Step, workspace: Path) -> Observation:
        document = json.loads((workspace / kit.kata.behaviour(step).file).read_text("utf-8"))
        for cell in document["cells"]:
            ran.append(cell["source"])
            cell["outputs"] = [PRINTED]
        return Observation(Record("n", ()), "ran", 1.0, document)

    monkeypatch.setattr(notebook_runs, "observe", observe)
    return ran


def looked(runs: NotebookRuns, folder: Path, source: str, data: str = "") -> dict[str, Any]:
    kit = load_kit(ROOT)
    assert isinstance(kit, Kit)
    step = kit.kata.steps[0]
    path = folder / kit.kata.behaviour(step).file
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "d.csv").write_text(data, encoding="utf-8")
    path.parent.mkdir(exist_ok=True)
    write_json(path, notebook_of(source))
    found = runs.run(kit, step, folder)
    assert isinstance(found, Observation) and found.document
    return dict(found.document["cells"][0])


def test_a_comment_more_needs_no_run_and_is_seen_as_if_it_had_run(tmp_path: Path, ran: list[str]):
    runs = NotebookRuns()
    looked(runs, tmp_path, "print(1)")
    cell = looked(runs, tmp_path, "# why\nprint(1)  # one")
    assert ran == ["print(1)"]
    assert cell["source"] == "# why\nprint(1)  # one" and cell["outputs"] == [PRINTED]


@pytest.mark.parametrize(("source", "data"), [("print(2)", ""), ("print(1)", "a"), ("%x", "")])
def test_other_code_or_other_data_is_run(tmp_path: Path, ran: list[str], source: str, data: str):
    runs = NotebookRuns()
    looked(runs, tmp_path, "print(1)")
    looked(runs, tmp_path, source, data)
    assert ran == ["print(1)", source]
