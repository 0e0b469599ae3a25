"""`nbkata report` as a person runs it; the figures that take minutes on two steps alone."""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from conftest import Nbkata

from nbkata.kata.core.figures import Figure, Measured, Row
from nbkata.kata.shell.checkpoint import lay_out, own_files
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, create_workspace
from nbkata.report.shell.report import Subject, measure, moments
from nbkata.workspace.core.journal import Entry
from nbkata.workspace.shell.history import keep_state, states

CHEAP = "lines,cells,functions,complexity,smells"


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(scope="module")
def kit() -> Kit:
    found = load_kit()
    assert isinstance(found, Kit)
    return found


@pytest.fixture(scope="module", name="cache")
def fixture_cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One for all the tests here: what one has measured is there for the next."""
    return str(tmp_path_factory.mktemp("cache"))


def green(kit: Kit, workspace: Workspace, number: int, hour: int) -> None:
    """As if the learner had this step green at this hour, with the kit's own files."""
    step = kit.kata.steps[number]
    lay_out(kit, step, workspace.path)
    keep_state(
        workspace.path,
        Entry(f"2026-11-21T{hour}:00:00+00:00", step.slug, True, True, 1),
        own_files(workspace.path),
    )


def test_where_no_one_watches_a_bar_lines_say_how_far_it_is(
    nbkata: Nbkata, kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(import_module("nbkata.report.commands.report"), "NEXT_LINE_S", 0)
    assert isinstance(create_workspace(tmp_path / "workspace", kit), Workspace)
    asked = ("report", "workspace", "--only", "lines,smells", "--json")
    done = nbkata(*asked, NBKATA_CACHE=str(tmp_path / "cache"))
    lines = done.stderr.splitlines()
    assert lines[0] == "Measuring 2 of 2 figures: this takes minutes the first time."
    assert re.fullmatch(r"1 of 2 figures are measured. The last is now: (lines|smells)\.", lines[1])


def test_the_cheap_figures_of_all_steps_tell_the_way(nbkata: Nbkata, cache: str, tmp_path: Path):
    steps = [f"{number:02}" for number in range(15)]
    asked = ("report", *steps, "--only", CHEAP)
    done = nbkata(*asked, "--json", "--html", "report.html", NBKATA_CACHE=cache)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)["steps"]
    assert [row["cells"] is None for row in rows] == [False] * 3 + [True] * 12
    assert rows[0]["lines"] > 3 * rows[-1]["lines"]
    assert (rows[0]["functions"], rows[-1]["functions"]) == (0, 16)
    assert rows[0]["smells"] > 250 and rows[-1]["smells"] == 0
    assert "report-steps/14-review.html" in (tmp_path / "report.html").read_text(encoding="utf-8")

    table = nbkata(*asked, NBKATA_CACHE=cache).stdout.splitlines()
    assert table[-2] == f"Wrote {tmp_path / 'nbkata-report.html'}"
    assert table[0].split() == ["step", "lines", "cells", "func", "max", "mean", "smells"]
    assert [line[:2] for line in table[1:16]] == steps
    assert all(len(line) <= 80 for line in table[:-2])


@pytest.mark.parametrize(("columns", "tables"), [(40, 4), (80, 1), (120, 1)])
def test_names_and_numbers_are_whole_at_every_width(
    columns: int, tables: int, nbkata: Nbkata, cache: str
):
    done = nbkata("report", "00", "10", NBKATA_CACHE=cache, COLUMNS=str(columns))
    table = done.stdout.partition("lines: ")[0]
    assert table.count("10-read-like-english") == tables
    assert all(len(line.rstrip()) <= columns for line in table.splitlines())
    assert "324" in table and "91" in table


def test_the_page_goes_into_the_workspace_and_links_every_step_with_guide_lights_and_diff(
    nbkata: Nbkata, cache: str, kit: Kit, tmp_path: Path
):
    workspace = create_workspace(tmp_path / "workspace", kit)
    workspace.note(Entry("2026-11-21T10:00:00+00:00", "05-dead-code", True, False, 1))
    done = nbkata("report", "--only", "lines", NBKATA_CACHE=cache)
    page = workspace.path / ".nbkata" / "pages" / "nbkata-report.html"
    assert f"Wrote {page}\nOpen it in a browser; --open does that.\n" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["workspace"]
    index = page.read_text(encoding="utf-8")
    links = re.findall(r'href="(nbkata-report-steps/[^"]+)"', index)
    assert len(set(links)) == len(kit.kata.steps) and all(
        (page.parent / link).is_file() for link in links
    )
    step = (page.parent / "nbkata-report-steps" / "05-dead-code.html").read_text(encoding="utf-8")
    assert "behaviour green" in step and "shape red" in step
    assert (
        'href="04-characterize.html" rel="prev"' in step
        and 'href="06-titles.html" rel="next"' in step
    )
    assert "<h2>Why it matters</h2>" in step and "{{key:" not in step
    assert '<span class="minus">−213</span>' in step


def test_own_rows_stand_for_each_green_step_and_for_now(
    nbkata: Nbkata, cache: str, kit: Kit, tmp_path: Path
):
    workspace = create_workspace(tmp_path / "workspace", kit)
    green(kit, workspace, 5, hour=10)
    green(kit, workspace, 6, hour=11)
    (workspace.path / "src" / "train.py").write_text("import re\n", encoding="utf-8")
    asked = ("report", "workspace", "--only", "functions", "--json")
    done = nbkata(*asked, NBKATA_CACHE=cache)
    assert "Measuring 3 of 3 figures: this takes minutes the first time." in done.stderr
    assert "Measuring" not in nbkata(*asked, NBKATA_CACHE=cache).stderr
    rows = json.loads(done.stdout)["workspace"]
    assert [(row["step"], row["functions"]) for row in rows] == [
        ("05-dead-code", 1), ("06-titles", 2), ("now", 0),
    ]  # fmt: skip
    assert rows[0]["time"] == "2026-11-21 10:00 UTC"


def test_of_each_step_the_last_green_state_is_kept(kit: Kit, tmp_path: Path):
    workspace = create_workspace(tmp_path / "workspace", kit)
    green(kit, workspace, 5, hour=10)
    green(kit, workspace, 5, hour=11)
    assert [state.time for state in states(workspace.path)] == ["20261121T100000"]
    (workspace.path / "src" / "train.py").write_text("import re\n", encoding="utf-8")
    keep_state(
        workspace.path,
        Entry("2026-11-21T12:00:00+00:00", "05-dead-code", True, True, 1),
        own_files(workspace.path),
    )
    assert [state.time for state in states(workspace.path)] == ["20261121T120000"]
    assert [subject.label for subject in moments(workspace)] == ["05-dead-code", "now"]


def test_code_that_does_not_parse_leaves_a_dash_and_its_reason(
    nbkata: Nbkata, cache: str, kit: Kit, tmp_path: Path
):
    workspace = create_workspace(tmp_path / "workspace", kit)
    (workspace.path / "src" / "train.py").write_text("def fit(:\n", encoding="utf-8")
    done = nbkata("report", "workspace", "--only", "lines", NBKATA_CACHE=cache)
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].split() == ["now", "–"]
    assert "Not measured: now: lines: the code is not Python (line 1)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("99",), "there is no step '99'."),
        (("--only", "beauty"), "--only: there is no figure 'beauty'."),
        (("workspace", "--workspace", "nowhere"), "nowhere: there is no workspace here."),
        (("04", "--only", "lines", "--html", "page.pdf"), "the page is written as .html."),
    ],
)
def test_bad_input_is_refused_with_what_to_do(
    arguments: tuple[str, ...], message: str, nbkata: Nbkata, cache: str
):
    done = nbkata("report", *arguments, NBKATA_CACHE=cache)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in " ".join(done.stderr.split())


def test_the_slow_figures_are_measured_and_remembered(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, cache: str, tmp_path: Path
):
    monkeypatch.setenv("NBKATA_CACHE", cache)
    texts = {
        "src/fares.py": "def doubled(fare):\n    return fare * 2\n\n\ndef unused():\n    print(1)\n",
        "tests/test_fares.py": "from fares import doubled\n\n\ndef test_doubled():\n"
        "    assert doubled(7) == 14\n",
    }
    files = {name: tmp_path / name for name in texts}
    for name, text in texts.items():
        files[name].parent.mkdir()
        files[name].write_text(text, encoding="utf-8")
    figures = [figure for figure in Figure if figure is not Figure.PAGES]
    messages: list[tuple[int, int]] = []

    def measured() -> Row:
        twice = [Subject("tiny", "", files), Subject("tiny", "", files)]
        row, same = measure(kit, twice, figures, lambda done, of, _: messages.append((done, of)))
        assert row == same
        return row

    row = measured()
    assert not row.notes
    values = {figure: value.value for figure, value in row.values.items() if value}
    assert values[Figure.COVERAGE] == 75 and values[Figure.STRENGTH] == 100
    assert row.values[Figure.PURITY] == Measured(50, (1, 2))
    assert values[Figure.PYLINT] == 2.5, "three docstrings are missing in four statements"
    assert messages[:2] == [(0, 12), (2, 12)], "equal files are measured once"
    messages.clear()
    assert measured() == row and messages == [(12, 12)]


def test_who_works_on_while_it_is_measured_gets_the_figures_of_before(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("NBKATA_CACHE", str(tmp_path / "cache"))
    workspace = create_workspace(tmp_path / "workspace", kit).path
    path = workspace / "src" / "train.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text("x = 1\n", encoding="utf-8")
    now = Subject("now", "as it is", {"src/train.py": path}, workspace)

    def work_on(*_: object) -> None:
        path.write_text("x = 1\ny = 2\n", encoding="utf-8")

    (row,) = measure(kit, [now], [Figure.LINES], work_on)
    assert row.values[Figure.LINES] == Measured(1)
    (row,) = measure(kit, [now], [Figure.LINES])
    assert row.values[Figure.LINES] == Measured(2)
