"""The proof of the steps: each is red before, green after, and names what is wrong in between."""

import copy
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from builders import ROOT

from nbkata.cli import COMMANDS
from nbkata.core.lights import Verdict
from nbkata.core.refusal import Refusal
from nbkata.shell.check import Observation, judge, observe
from nbkata.shell.kit import Kit, load_kit
from nbkata.shell.workspace import Workspace, create_workspace

Document = dict[str, Any]
SOLUTIONS = ROOT / "solutions" / "refactoring"


@pytest.fixture(scope="module", name="kit")
def fixture_kit() -> Kit:
    kit = load_kit()
    assert isinstance(kit, Kit)
    return kit


@pytest.fixture(scope="module", name="lights")
def fixture_lights(
    kit: Kit, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Document], Verdict]:
    """Both lights of a step for a notebook; notebooks with the same code are run once."""
    workspace = create_workspace(tmp_path_factory.mktemp("proof") / "workspace", kit)

    @cache
    def run(sources: str) -> Observation:
        assert sources
        observed = observe(kit, workspace.path)
        assert isinstance(observed, Observation), observed
        return observed

    def look(slug: str, document: Document) -> Verdict:
        save(kit, workspace, document)
        step = kit.kata.step(slug)
        assert not isinstance(step, Refusal)
        observed = run(json.dumps([cell["source"] for cell in document["cells"]]))
        verdict = judge(kit, step, workspace.path, observed)
        assert isinstance(verdict, Verdict), verdict
        return verdict

    return look


Lights = Callable[[str, Document], Verdict]


def save(kit: Kit, workspace: Workspace, document: Document) -> None:
    path = workspace.path / kit.kata.notebook
    path.write_text(json.dumps(document), encoding="utf-8")


def saved(place: str) -> Document:
    """The notebook of a checkpoint, or of the start."""
    folder = ROOT if place == "start" else SOLUTIONS / place
    document: Document = json.loads((folder / "notebooks/titanic.ipynb").read_text("utf-8"))
    return document


def code_cell(source: str, **changes: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "wrong",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
        **changes,
    }


@pytest.mark.parametrize(
    ("slug", "before", "after"),
    [("00-run", "start", "00-run"), ("01-remove-noise", "00-run", "01-remove-noise")],
)
def test_a_step_is_red_before_and_green_after_and_behaviour_is_green_in_both(
    lights: Lights, slug: str, before: str, after: str
):
    was, now = lights(slug, saved(before)), lights(slug, saved(after))
    assert (was.behaviour.ok, was.shape.ok) == (True, False)
    assert (now.behaviour.ok, now.shape.ok) == (True, True), now


def test_step_00_stays_green_on_the_later_checkpoint(lights: Lights):
    assert lights("00-run", saved("01-remove-noise")).ok


def rerun_one(document: Document) -> None:
    document["cells"][9]["execution_count"] = 140


def never_run(document: Document) -> None:
    document["cells"][9]["execution_count"] = None


def clear(document: Document) -> None:
    document["cells"][9]["outputs"] = []


def edit_output(document: Document) -> None:
    text = json.dumps(document["cells"][9]["outputs"])
    document["cells"][9]["outputs"] = json.loads(text.replace("1309", "1310"))


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (rerun_one, "cell 9 shows [140], not [{count}]. Restart the kernel, run all cells, save."),
        (never_run, "cell 9 was never run. Restart the kernel, run all cells, save."),
        (clear, "A fresh run does not reproduce what was saved: cell 9 was saved without its"),
        (edit_output, "cell 9 was saved with '{old}', but a fresh run shows '{new}'."),
    ],
)
def test_step_00_names_the_usual_slips(
    lights: Lights, mistake: Callable[[Document], None], said: str
):
    document = saved("00-run")
    count = document["cells"][9]["execution_count"]
    assert "1309" in json.dumps(document["cells"][9]["outputs"]), "the slip needs another cell"
    mistake(document)
    verdict = lights("00-run", document)
    assert not verdict.shape.ok
    pattern = re.escape(said.replace("{count}", str(count)))
    pattern = pattern.replace(re.escape("{old}"), ".*1310.*").replace(
        re.escape("{new}"), ".*1309.*"
    )
    assert re.search(pattern, verdict.shape.message), verdict.shape.message


def after_reading(document: Document) -> int:
    """The place below the cell that reads the data."""
    sources = ["".join(cell["source"]) for cell in document["cells"]]
    return next(i for i, source in enumerate(sources) if "pd.read_csv(path)" in source) + 1


@pytest.mark.parametrize(
    ("left_in", "said"),
    [
        ("print(len(df))", "line 1 still prints something: print(len(df))"),
        ("df.head()", "line 1 still looks at something: df.head()"),
        ("x = 1\ndf['Age']", "line 2 still looks at something: df['Age']"),
        ("df['Age'].hist()", "line 1 still plots something: df['Age'].hist()"),
    ],
)
def test_step_01_names_the_noise_that_was_left_in(lights: Lights, left_in: str, said: str):
    document = saved("01-remove-noise")
    place = after_reading(document)
    document["cells"].insert(place, code_cell(left_in))
    verdict = lights("01-remove-noise", document)
    assert verdict.behaviour.ok
    assert f"Cell {place}, {said}" in verdict.shape.message


def test_step_01_names_a_passenger_in_a_saved_output(lights: Lights):
    document = saved("01-remove-noise")
    stale = {"output_type": "stream", "name": "stdout", "text": "Allen, Miss. Elisabeth Walton\n"}
    place = after_reading(document)
    document["cells"][place]["outputs"] = [stale]
    verdict = lights("01-remove-noise", document)
    assert verdict.shape.messages == (
        f"Cell {place} was saved with a passenger's name (Allen, Miss. Elisabeth Walton). "
        "Outputs go into version control with the code: take the cell out, restart, run all, save.",
    )


def test_step_01_takes_the_answer_for_no_noise_however_it_is_shown(lights: Lights):
    document = saved("01-remove-noise")
    document["cells"].append(code_cell("models.head(3)"))
    assert lights("01-remove-noise", document).shape.ok


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<= 12", "<= 14", "X_test, column Age, differs in "),
        ("> mean_fare", "> 2 * mean_fare", "X_test, column Expensive, differs in "),
        ("max_depth=8", "max_depth=4", "Y_pred differs in "),
        ("Y_train", "Y_fit", "Y_train is gone."),
    ],
)
def test_behaviour_names_the_result_that_moved(lights: Lights, old: str, new: str, said: str):
    document = copy.deepcopy(saved("01-remove-noise"))
    for cell in document["cells"]:
        cell["source"] = "".join(cell["source"]).replace(old, new)
    verdict = lights("01-remove-noise", document)
    assert not verdict.behaviour.ok
    assert re.search(said, verdict.behaviour.message), verdict.behaviour.message


def test_a_line_that_was_needed_is_missed_by_its_name(kit: Kit, tmp_path: Path):
    workspace = create_workspace(tmp_path / "workspace", kit)
    document = saved("01-remove-noise")
    document["cells"] = [
        cell for cell in document["cells"] if "mean_fare = " not in "".join(cell["source"])
    ]
    save(kit, workspace, document)
    refusal = observe(kit, workspace.path)
    assert "NameError: name 'mean_fare' is not defined." in str(refusal)


@pytest.mark.parametrize("slug", ["00-run", "01-remove-noise"])
def test_listings_in_guides_and_hints_stand_in_the_checkpoint(kit: Kit, slug: str):
    sources = "\n".join("".join(cell["source"]) for cell in saved(slug)["cells"])
    texts = [(kit.exercises / slug / name).read_text("utf-8") for name in ("README.md", "hints.md")]
    for language, listing in re.findall(r"```(\w+)\n(.*?)```", "\n".join(texts), re.DOTALL):
        for line in filter(None, listing.splitlines()):
            if language == "python":
                assert line in sources
            else:
                program, command, *_ = line.split()
                assert language == "console"
                assert program in ("git", "pytest", "jupyter") or command in COMMANDS


@pytest.mark.parametrize("slug", ["00-run", "01-remove-noise"])
def test_a_guide_fits_a_tired_persons_patience_and_hints_have_three_tiers(kit: Kit, slug: str):
    guide = (kit.exercises / slug / "README.md").read_text("utf-8")
    assert 60 <= len(guide.splitlines()) <= 150
    for heading in ("## Goal", "## Why it matters", "## The moves", "## Done when"):
        assert heading in guide
    hints = (kit.exercises / slug / "hints.md").read_text("utf-8")
    tiers = re.findall(r"^## (.+)\n\n(.+)", hints, re.MULTILINE)
    assert [title for title, _ in tiers] == ["Nudge", "Plan", "Nearly the answer"]


def test_checkpoints_hold_no_data_and_no_stray_file():
    for slug in ("00-run", "01-remove-noise"):
        files = [p for p in (SOLUTIONS / slug).rglob("*") if p.is_file()]
        assert [p.relative_to(SOLUTIONS / slug).as_posix() for p in files] == [
            "notebooks/titanic.ipynb"
        ]
