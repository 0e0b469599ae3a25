"""`nbkata drill` as a learner runs it: opening, checking, undoing, and all that can go wrong."""

import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import Nbkata
from support.builders import ROOT

from nbkata.common.core.refusal import Refusal
from nbkata.drills.core.drills import (
    Drill,
    Entry,
    Event,
    current_drill,
    drill_named,
    drills_from,
    entries_in,
    line_of,
    next_drill,
    personal_bests,
    seconds_since_opened,
    shown_seconds,
)
from nbkata.drills.shell.drills import (
    Bench,
    check_drills,
    exercises,
    load_drills,
    reset_drill,
    solutions,
)
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, create_workspace

pytestmark = pytest.mark.usefixtures("warm")

DRILLS = tuple(
    Drill(f"0{n}-{name}", name.title(), f"{name}.", 1, 1, ("rename",), "03-convert")
    for n, name in enumerate(("one", "two", "three"), start=1)
)


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


def kit() -> Kit:
    found = load_kit()
    assert isinstance(found, Kit)
    return found


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    return create_workspace(tmp_path / "workspace", kit()).path


def entry(
    drill: str, event: Event, seconds: float = 0.0, time: str = "2026-01-01T10:00:00"
) -> Entry:
    return Entry(f"{time}+00:00", drill, event, seconds)


def test_drills_go_round_until_each_was_green_once():
    opened = entry("02-two", Event.OPENED)
    assert next_drill(DRILLS, []) == DRILLS[0]
    assert next_drill(DRILLS, [opened]) == DRILLS[2]
    green = [entry(drill, Event.GREEN, 5) for drill in ("02-two", "03-three")]
    assert next_drill(DRILLS, [opened, *green]) == DRILLS[0]
    assert next_drill(DRILLS, [*green, entry("01-one", Event.GREEN, 5)]) is None
    assert current_drill(DRILLS, [opened, *green]) == DRILLS[1]


def test_the_best_time_is_the_shortest_green():
    entries = [entry("01-one", Event.GREEN, 9), entry("01-one", Event.GREEN, 4)]
    assert personal_bests([*entries, entry("01-one", Event.RED, 1)]) == {"01-one": 4}


def test_the_stopwatch_runs_from_opening_to_green():
    opened = entry("01-one", Event.OPENED)
    now = "2026-01-01T10:01:05+00:00"
    assert seconds_since_opened(DRILLS[0], [opened], now) == 65.0
    assert seconds_since_opened(DRILLS[0], [opened, entry("01-one", Event.RED, 3)], now) == 65.0
    assert seconds_since_opened(DRILLS[0], [opened, entry("01-one", Event.GREEN, 3)], now) is None
    assert [shown_seconds(s) for s in (7.54, 65, 7380)] == ["7.5 s", "1 min 05 s", "2 h 03 min"]


def test_a_torn_last_line_of_the_journal_is_passed_over():
    line = line_of(entry("01-one", Event.GREEN, 5))
    assert len(entries_in(line + line[:20])) == 1
    assert entries_in('{"time": 3}\n[]\nnull\n') == ()


@pytest.mark.parametrize("name", ["2", "02", "02-two", "TWO", "02-two/"])
def test_a_drill_may_be_named_by_number_or_name(name: str):
    assert drill_named(name, DRILLS) == DRILLS[1]


def test_a_mistake_in_the_list_of_drills_is_named():
    refused = drills_from({"drill": [{"slug": "rename"}]}, "drills.toml")
    assert isinstance(refused, Refusal)
    assert str(refused).startswith("drills.toml: slug 'rename' is not of the form 01-name.")


def test_the_list_shows_every_drill_without_a_workspace(nbkata: Nbkata, tmp_path: Path):
    done = nbkata("drill", "list", "--workspace", str(tmp_path))
    assert done.returncode == 0
    assert "11  Rename across files" in done.stdout and f"0 of {len(MISTAKES)} done" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_drill_without_a_workspace_is_refused_with_the_next_command(
    nbkata: Nbkata, tmp_path: Path
):
    done = nbkata("drill", "11", "--workspace", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no workspace here. Make one: nbkata start" in done.stderr


@pytest.mark.usefixtures("workspace")
def test_a_drill_goes_from_red_to_green_with_a_time(nbkata: Nbkata, workspace: Path):
    opened = nbkata("drill", "14", "--ide", "pycharm", "--os", "mac")
    assert opened.returncode == 0
    assert "Inline it: Alt+Cmd+N." in opened.stdout
    folder = workspace / "drills" / "14-inline-variable"
    assert "Inline it: Alt+Cmd+N." in (folder / "README.md").read_text(encoding="utf-8")
    red = nbkata("drill", "check")
    assert red.returncode == 1
    assert "split.py, line 6: tmp is still there." in " ".join(red.stdout.split())
    shutil.copy(solutions(kit()) / "14-inline-variable" / "split.py", folder)
    green = nbkata("drill", "check", "--json")
    assert green.returncode == 0
    answer = json.loads(green.stdout)
    assert (
        answer["drill"] == "14-inline-variable"
        and answer["ok"]
        and answer["best"] == answer["seconds"]
    )
    rows = json.loads(nbkata("drill", "list", "--json").stdout)
    assert [row["drill"] for row in rows if row["done"]] == ["14-inline-variable"]
    assert "15-open-by-name" in json.loads(nbkata("drill", "next", "--json").stdout)["drill"]


def test_opening_a_drill_again_keeps_what_the_learner_typed(nbkata: Nbkata, workspace: Path):
    nbkata("drill", "rename")
    file = workspace / "drills" / "11-rename" / "titles.py"
    file.write_text("mine = 1\n", encoding="utf-8")
    nbkata("drill", "rename")
    assert file.read_text(encoding="utf-8") == "mine = 1\n"


def test_reset_starts_again_and_undo_brings_back_what_was_there(nbkata: Nbkata, workspace: Path):
    nbkata("drill", "11")
    folder = workspace / "drills" / "11-rename"
    (folder / "titles.py").write_text("mine = 1\n", encoding="utf-8")
    (folder / "notes.txt").write_text("mine too\n", encoding="utf-8")
    assert nbkata("drill", "reset").returncode == 0
    assert "def proc" in (folder / "titles.py").read_text(encoding="utf-8")
    assert not (folder / "notes.txt").exists()
    assert nbkata("drill", "undo").returncode == 0
    assert (folder / "titles.py").read_text(encoding="utf-8") == "mine = 1\n"
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine too\n"
    assert nbkata("drill", "undo").returncode == 0
    assert "def proc" in (folder / "titles.py").read_text(encoding="utf-8")


def test_what_was_solved_before_is_no_best_time(nbkata: Nbkata, workspace: Path):
    solved = ROOT / "solutions" / "ide-drills" / "11-rename"
    folder = workspace / "drills" / "11-rename"
    nbkata("drill", "11")
    shutil.copytree(solved, folder, dirs_exist_ok=True)
    nbkata("drill", "reset")
    assert "The stopwatch has stopped" in nbkata("drill", "undo").stdout
    assert json.loads(nbkata("drill", "check", "--json").stdout)["best"] is None
    reopened = nbkata("drill", "11").stdout  # once more, with all the work in it
    assert "The stopwatch is stopped" in reopened
    done = json.loads(nbkata("drill", "check", "--json").stdout)
    assert done["ok"] and done["seconds"] is None and done["best"] is None
    nbkata("drill", "reset")
    assert json.loads(nbkata("drill", "check", "--json").stdout)["seconds"] is not None


def test_no_message_of_a_drill_names_undo_for_what_reset_does():
    for path in (ROOT / "exercises" / "ide-drills").glob("*/test_drill.py"):
        assert "drill undo" not in path.read_text(encoding="utf-8"), path


def test_a_reset_whose_time_cannot_be_kept_is_done_and_says_so(
    nbkata: Nbkata, workspace: Path, monkeypatch: pytest.MonkeyPatch
):
    nbkata("drill", "11")
    titles = workspace / "drills" / "11-rename" / "titles.py"
    titles.write_text("mine = 1\n", encoding="utf-8")
    messages: list[str] = []

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Bench, "keep", full)
    bench = Bench(Workspace(workspace))
    drills = load_drills(kit())
    assert not isinstance(drills, Refusal)
    drill = drill_named("11", drills)
    assert isinstance(drill, Drill)
    assert isinstance(reset_drill(kit(), drill, bench, "guide", messages.append), Path)
    assert "def proc" in titles.read_text(encoding="utf-8")
    assert len(messages) == 1 and messages[0].startswith("The time is not kept: ")


@pytest.mark.usefixtures("workspace")
def test_undo_where_nothing_was_overwritten_is_refused(nbkata: Nbkata):
    nbkata("drill", "11")
    done = nbkata("drill", "undo")
    assert done.returncode == 2 and "nothing was overwritten in drill 11-rename" in done.stderr


@pytest.mark.usefixtures("workspace")
def test_checking_before_opening_is_refused(nbkata: Nbkata):
    assert "no drill is open. Open one: nbkata drill next" in nbkata("drill", "check").stderr
    done = nbkata("drill", "check", "11")
    output = " ".join(done.stderr.split())
    assert done.returncode == 2 and "nbkata drill 11 puts it in place." in output


def test_a_folder_that_was_renamed_away_is_told(nbkata: Nbkata, workspace: Path):
    nbkata("drill", "11")
    (workspace / "drills" / "11-rename").rename(workspace / "drills" / "other")
    done = nbkata("drill", "check")
    assert done.returncode == 2 and "or its folder was renamed" in " ".join(done.stderr.split())


def light_of(slug: str, folder: Path, **files: bytes | None) -> str:
    """The message of a drill with some files changed; None takes one away."""
    drills = load_drills(kit())
    assert not isinstance(drills, Refusal)
    drill = next(drill for drill in drills if drill.slug == slug)
    target = folder / slug
    shutil.copytree(solutions(kit()) / slug, target)
    for name, content in files.items():
        path = target / name.replace("_py", ".py").replace("_txt", ".txt")
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
    lights = check_drills(kit(), [drill], folder)
    assert not isinstance(lights, Refusal)
    return "green" if lights[slug].ok else lights[slug].message


def test_a_syntax_error_is_told_with_file_and_line(tmp_path: Path):
    assert light_of("11-rename", tmp_path, titles_py=b"def title_of(:\n") == (
        "titles.py, line 1: Python cannot read this (invalid syntax): def title_of(:. "
        "Undo in the editor, or nbkata drill reset."
    )


def test_a_file_that_is_gone_is_told_with_the_way_back(tmp_path: Path):
    assert light_of("11-rename", tmp_path, report_py=None) == (
        "report.py is not in 11-rename any more. nbkata drill reset brings it back."
    )


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path):
    assert light_of("15-open-by-name", tmp_path, answer_txt=b"prom\xe9nade\n").startswith(
        "answer.txt is not UTF-8."
    )


def lights_in(folder: Path) -> dict[str, Light]:
    """Of all drills at once."""
    drills = load_drills(kit())
    assert not isinstance(drills, Refusal)
    lights = check_drills(kit(), drills, folder)
    assert not isinstance(lights, Refusal)
    return lights


def test_windows_line_ends_and_a_byte_order_mark_are_no_mistake(tmp_path: Path):
    folder = tmp_path / "drills"
    shutil.copytree(solutions(kit()), folder)
    for path in folder.rglob("*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    red = {slug: light.message for slug, light in lights_in(folder).items() if not light.ok}
    assert red == {}


def test_a_loop_without_an_end_is_told(tmp_path: Path):
    drills = load_drills(kit())
    assert not isinstance(drills, Refusal)
    folder = tmp_path / "14-inline-variable"
    shutil.copytree(exercises(kit()) / folder.name, folder)
    endless = "def training_rows(passengers, share):\n    while True:\n        pass\n"
    (folder / "split.py").write_text(endless, encoding="utf-8")
    lights = check_drills(kit(), [drills[13]], tmp_path, timeout_s=3)
    assert not isinstance(lights, Refusal)
    assert lights["14-inline-variable"].message == (
        "The check did not end within 3 s: is there a loop without an end?"
    )


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="root and Windows may write to read-only folders"
)
def test_a_read_only_workspace_is_refused_and_nothing_is_half_written(
    nbkata: Nbkata, workspace: Path
):
    workspace.chmod(0o555)
    try:
        done = nbkata("drill", "11")
    finally:
        workspace.chmod(0o755)
    assert done.returncode == 2 and "cannot be written" in done.stderr
    assert not (workspace / "drills").exists()


def test_a_place_where_nothing_can_be_written_is_refused(nbkata: Nbkata, workspace: Path):
    (workspace / "drills").write_text("a file in the way\n", encoding="utf-8")
    done = nbkata("drill", "11")
    assert done.returncode == 2 and "this cannot be written" in done.stderr


MISTAKES = [
    ("01-complete-a-call", "ports.py", "value_counts()", "value_counts", "add the brackets"),
    ("02-read-the-documentation", "answer.txt", "duplicates", "drop", "is a value that you may"),
    ("03-parameter-hints", "report.py", "2, 3", "3, 2", "digits and at_least are swapped"),
    ("04-missing-import", "fares.py", "import numpy as np", "from numpy import *", "500 names"),
    ("05-lint-warning", "missing_ages.py", ".isna()", ".notna()", "turned around"),
    ("06-next-problem", "scores.py", "len(predicted)", "len(true) + 1", "should give 75.0"),
    ("07-format", "titles.py", '"Miss"', '"Mister"', "The program itself has changed"),
    ("08-organize-imports", "train.py", "import json\n", "import json\nimport re\n", "re. Where"),
    ("09-move-and-duplicate", "pipeline.py", '    ("Age", 80),\n', "", "Duplicate it first"),
    ("10-multi-cursor", "train.py", "# In 1912 a pound", "# A pound", "shillings went too"),
    ("11-rename", "features.py", '["proc"]', '["title_of"]', "that was search and replace"),
    ("12-extract-variable", "features.py", "family_size", "extracted_variable", "made up"),
    ("13-extract-function", "features.py", "title_of", "extracted_method", "Name it for what"),
    ("14-inline-variable", "split.py", "int(people * share)", "people * share", "got lost"),
    ("15-open-by-name", "answer.txt", "promenade", "veranda", "deck_plan_old.py says"),
    ("16-go-to-definition", "answer.txt", "elder", "senior", "on the report's way"),
    ("17-find-usages", "answer.txt", "mean_age", "without_age", "names it in a text only"),
    ("18-fold", "answer.txt", "train\n", "train\nrate\n", "inside another function"),
    ("19-split", "test_is_alone.py", "== 1", "== 0", "The test is right"),
    ("20-debug", "answer.txt", "28", "29", "the guess at gap 2"),
]


@pytest.fixture(scope="module", name="mistaken")
def fixture_mistaken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Light]:
    """Every drill, solved but for its usual slip."""
    folder = tmp_path_factory.mktemp("slips") / "drills"
    shutil.copytree(solutions(kit()), folder)
    for slug, file, good, mistake, _ in MISTAKES:
        path = folder / slug / file
        text = path.read_text(encoding="utf-8")
        assert good in text
        path.write_text(text.replace(good, mistake), encoding="utf-8")
    return lights_in(folder)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[0])
def test_the_usual_slip_has_a_message_of_its_own(
    mistake: tuple[str, ...], mistaken: dict[str, Light]
):
    assert not mistaken[mistake[0]].ok
    assert mistake[4] in mistaken[mistake[0]].message


def test_every_drill_has_its_usual_slip():
    assert [mistake[0] for mistake in MISTAKES] == sorted(
        path.name for path in solutions(kit()).iterdir()
    )


@pytest.mark.parametrize("columns", [40, 66, 80])
def test_the_list_shows_numbers_and_titles_whole_at_every_width(nbkata: Nbkata, columns: int):
    lines = nbkata("drill", "list", COLUMNS=str(columns)).stdout.splitlines()
    assert [line.split()[0] for line in lines[1 : len(MISTAKES) + 1]] == [
        slug[:2] for slug, *_ in MISTAKES
    ]
    assert "09  Move and duplicate lines" in lines[9]
    assert ("for step" in lines[0]) is (columns >= 66)
    assert all(len(line.rstrip()) <= columns for line in lines)
