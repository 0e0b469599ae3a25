"""Recording real notebooks: fresh kernels, so these are the slow ones."""

import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nbkata.adopt.core.proof import without_rows
from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.run import Executed, Stopped, StopReason
from nbkata.record.core.compare import compare
from nbkata.record.core.record import Kind, record_from_text, record_to_text
from nbkata.record.shell.record import Recorded, record_notebook
from nbkata.record.shell.record_script import record_script


def notebook(*sources: str) -> dict[str, Any]:
    cells = [
        nbformat.v4.new_code_cell(source, id=f"cell-{index}")
        for index, source in enumerate(sources)
    ]
    return dict(nbformat.v4.new_notebook(cells=cells))


def recorded(folder: Path, *sources: str, names: list[str] | None = None) -> Recorded:
    result = record_notebook(notebook(*sources), folder, names=names, timeout_s=60)
    assert not isinstance(result, Refusal)
    return result


LOAD = "import pandas as pd\ndf = pd.DataFrame({'age': [1, 2, None], 'name': ['Ann', 'Bo', None]})"


def test_each_stage_holds_what_its_cell_changed_and_the_file_reads_back(tmp_path: Path) -> None:
    cells = (LOAD, "df['age'] = df['age'].fillna(0)", "mean = df['age'].mean()\ndel df")
    record = recorded(tmp_path, *cells).record
    assert [sorted(stage.names) for stage in record.stages] == [["df"], ["df"], ["mean"]]
    assert record.stages[2].gone == ("df",)
    assert record.last["mean"].value == "np.float64(1.0)"
    before, after = (record.stages[place].names["df"] for place in (0, 1))
    assert before.kind is Kind.FRAME and before.shape == (3, 2)
    assert [column.missing for column in before.columns] == [1, 1, 0]
    assert [column.missing for column in after.columns] == [0, 1, 0]
    assert record_from_text(record_to_text(record)) == record


def test_the_first_stage_that_moved_is_named_with_column_and_rows(tmp_path: Path) -> None:
    fill = "df['age'] = df['age'].fillna({})\nold = df['age'] > 1"
    golden = recorded(tmp_path, LOAD, fill.format(0), "total = df['age'].sum()").record
    now = recorded(tmp_path, LOAD, fill.format(9), "total = df['age'].sum()").record
    difference = compare(golden, now)
    assert not difference.same
    first = difference.first_moved
    assert first is not None
    assert (first.cell, first.name, first.column, first.rows) == (1, "df", "age", 1)
    assert [(e.row, e.before, e.now) for e in first.examples] == [("2", "0.0", "9.0")]
    assert [moved.name for moved in difference.also] == ["old"]
    assert difference.consequences == ("total",)


def test_named_results_alone_are_recorded_after_the_last_cell(tmp_path: Path) -> None:
    result = recorded(tmp_path, LOAD, "x = 1\nprint('hello')", "# nothing", names=["x", "lost"])
    assert [(stage.cell, sorted(stage.names)) for stage in result.record.stages] == [(2, ["x"])]
    assert isinstance(result.run, Executed)
    assert result.run.document["cells"][1]["outputs"][0]["text"] == "hello\n"


def test_recording_leaves_no_name_behind(tmp_path: Path) -> None:
    names = "names = sorted(n for n in globals() if 'probe' in n or 'nbkata' in n)"
    assert recorded(tmp_path, "a = 1", names).record.last["names"].value == "[]"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("1 / 0", StopReason.RAISED), ("import os; os._exit(1)", StopReason.KERNEL_DIED)],
    ids=["raises", "dies"],
)
def test_a_run_that_stops_midway_is_recorded_up_to_there(
    tmp_path: Path, cell: str, reason: StopReason
) -> None:
    result = recorded(tmp_path, "a = 1", cell, "b = 2")
    assert isinstance(result.run, Stopped) and result.run.reason is reason
    assert list(result.record.last) == ["a"]
    assert "cell 1" in result.record.stopped


def test_a_notebook_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a b.ipynb"
    path.write_text("no", encoding="utf-8")
    assert isinstance(record_notebook(path), Refusal)


def test_code_at_the_start_runs_unseen_and_a_script_is_recorded_where_it_is_asked(
    tmp_path: Path,
) -> None:
    script = tmp_path / "a.py"
    script.write_text("import random\nx = random.random()\ny = 2\nz = 3\n", encoding="utf-8")
    seed = "import random\nrandom.seed(5)"
    one = record_script(script, tmp_path, stops=[2, 4], at_start=seed)
    two = record_script(script, tmp_path, stops=[2, 4], at_start=seed)
    assert isinstance(one, Recorded) and isinstance(two, Recorded)
    assert [stage.cell for stage in one.record.stages] == [2, 4]
    assert set(one.record.last) == {"x", "y", "z"}
    assert compare(one.record, two.record).same


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("x = []\nwhile True:\n    x.append('x' * 10**5)", "there is not enough memory (a run may take 0.5 GB)."),
        ("while True: print('x' * 10**7)", "OSError: printed or wrote more than 100 MB; stopped."),
    ],
)  # fmt: skip
def test_a_script_that_takes_too_much_is_stopped_and_says_why(
    tmp_path: Path, code: str, why: str
) -> None:
    script = tmp_path / "a.py"
    script.write_text(f"y = 2\n{code}\n", encoding="utf-8")
    recorded = record_script(script, tmp_path, timeout_s=60, memory_gb=0.5)
    assert isinstance(recorded, Recorded) and isinstance(recorded.run, Stopped)
    assert why in str(recorded.run.refusal("a.py")) and "y" in recorded.record.last


def test_a_record_that_keeps_less_beside_its_check_sums_compares_as_the_same(
    tmp_path: Path,
) -> None:
    whole = recorded(tmp_path, "x = 'some text'\ny = 3").record
    assert compare(without_rows(whole), whole).same
    other = recorded(tmp_path, "x = 'another text'\ny = 3").record
    assert not compare(without_rows(whole), other).same
