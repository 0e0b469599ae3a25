"""kata/core/kata.py: the order of the steps, and what is said of a broken kata.toml."""

import copy
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.behaviour import behaviour_light
from nbkata.kata.core.kata import Kata, Subject, kata_from_toml
from nbkata.kata.shell.kata_file import read_toml
from nbkata.kata.shell.kit import load_kit
from nbkata.record.core.compare import Difference, Example, Moved

GOOD: dict[str, Any] = {
    "kata": {"title": "K", "notebook": "notebooks/n.ipynb", "shown": []},
    "behaviour": [
        {"since": "00-run", "run": "notebook", "file": "n.ipynb", "golden": "g", "results": ["x"]},
        {
            "since": "01-tidy",
            "run": "seam",
            "file": "src/train.py",
            "seam": "train",
            "takes": "data.csv",
            "golden": "g",
            "golden_names": {"score": "acc"},
            "results": ["x", "score"],
        },
    ],
    "step": [
        {"slug": "00-run", "title": "Run", "minutes": 5, "goal": "It runs.", "todo": ["Run it."]},
        {"slug": "01-tidy", "title": "Tidy", "minutes": 5, "goal": "Tidy.", "todo": ["Tidy it."]},
    ],
}


def read(document: dict[str, Any]) -> Kata:
    kata = kata_from_toml(document, "kata.toml")
    assert isinstance(kata, Kata)
    return kata


@pytest.mark.parametrize("wanted", ["1", "01", "01-tidy"])
def test_a_step_is_found_by_number_or_slug(wanted: str):
    step = read(GOOD).step(wanted)
    assert not isinstance(step, Refusal)
    assert step.slug == "01-tidy"


def test_an_unknown_step_is_refused_with_the_list_of_steps():
    assert str(read(GOOD).step("tidi")) == "there is no step 'tidi'. Did you mean 01-tidy?"
    assert str(read(GOOD).step("7")) == ("there is no step '7'. The steps are: 00-run, 01-tidy.")


def test_the_step_after_the_last_is_none():
    kata = read(GOOD)
    assert kata.after(kata.steps[0]) == kata.steps[1]
    assert kata.after(kata.steps[1]) is None


def test_a_behaviour_holds_until_the_next_one_begins():
    kata = read(GOOD)
    first, second = (kata.behaviour(step) for step in kata.steps)
    assert (first.subject, first.results) == (Subject.NOTEBOOK, {"x": "x"})
    assert (second.subject, second.results) == (Subject.SEAM, {"x": "x", "score": "acc"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda kata: kata.pop("step"), "the key 'step' is missing."),
        (lambda kata: kata["step"][0].pop("title"), "the key 'title' is missing."),
        (lambda kata: kata["step"][0].update(slug="run"), "slug 'run' is not of the form 00-name."),
        (lambda kata: kata["step"][0].update(minutes="5"), "minutes must be a whole number"),
        (lambda kata: kata["step"][0].update(goal=" "), "goal must be text"),
        (lambda kata: kata.update(kata=3), "kata.toml: "),
        (lambda kata: kata["behaviour"][1].pop("seam"), "the key 'seam' is missing."),
        (lambda kata: kata["behaviour"][1].update(run="film"), "'film' is not a valid Subject."),
        (lambda kata: kata["behaviour"].reverse(), "the behaviours must begin with the first step"),
        (lambda kata: kata["behaviour"][1].update(since="1"), "the behaviours must begin with"),
    ],
)
def test_an_edited_kata_toml_is_refused_with_what_is_wrong(change: Any, message: str):
    document = copy.deepcopy(GOOD)
    change(document)
    refusal = kata_from_toml(document, "kata.toml")
    assert isinstance(refusal, Refusal)
    assert message in str(refusal)


def test_the_kits_own_kata_lists_each_folder_of_exercises_once_in_order():
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    folders = sorted(path.name for path in kit.exercises.iterdir() if path.is_dir())
    assert [step.slug for step in kit.kata.steps] == folders
    for step in kit.kata.steps:
        files = {path.name for path in (kit.exercises / step.slug).iterdir()}
        assert files - {"__pycache__", "pull-requests"} == {
            "README.md",
            "hints.md",
            "test_shape.py",
            "wrong.toml",
        }


def test_only_the_step_that_changes_results_on_purpose_does_not_say_as_they_were():
    kata = load_kit().kata  # type: ignore[union-attr] # the kit is there
    moved = Moved(0, "Y_pred", "differs", examples=(Example(row="3", before="1", now="0"),))
    answer = {}
    for number in ("12", "13"):
        right = kata.behaviour(kata.step(number)).right  # type: ignore[arg-type] # it is there
        for difference in (Difference(None), Difference(moved)):
            light = behaviour_light(difference, 6, "train() ran", right=right)
            answer[number, light.ok] = light.message
    assert answer["12", True].endswith("the 6 results are as they were, to the last bit")
    assert answer["13", True].endswith("6 results are as the fixed bugs make them, to the last bit")
    assert answer["12", False] == "Y_pred differs. Row 3: 0, was 1."
    assert answer["13", False] == "Y_pred differs. Row 3: 0, should be 1."
    outcome = behaviour_light(
        Difference(Moved(0, "X_test", "has 60 rows, it had 262")), 6, "", right="right"
    )
    assert outcome.message == "X_test has 60 rows, it should have 262."


def test_an_index_that_moved_is_called_so_and_not_a_column():
    for column, part in (("(index)", "its index"), ("(index row)", "its index row")):
        moved = Moved(0, "X_test", "differs in 2 of 262 rows", column)
        light = behaviour_light(Difference(moved), 6, "train() ran")
        assert light.message == f"X_test, {part}, differs in 2 of 262 rows."
        assert str(moved) == f"cell 0: X_test, {part} differs in 2 of 262 rows"


@pytest.fixture(name="kata_file")
def fixture_kata_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that has stood for long, and a cache that holds nothing else."""
    monkeypatch.setenv("NBKATA_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "kata.toml"
    path.write_text("kata = 1", "utf-8")
    os.utime(path, (1, 1))
    return path


def test_a_kata_file_is_parsed_once_until_it_changes(
    kata_file: Path, monkeypatch: pytest.MonkeyPatch
):
    assert read_toml(kata_file) == {"kata": 1}

    with monkeypatch.context() as without_parser:
        without_parser.setattr(tomllib, "loads", None)
        assert read_toml(kata_file) == {"kata": 1}

    kata_file.write_text("kata = 2", "utf-8")
    assert read_toml(kata_file) == {"kata": 2}


@pytest.mark.parametrize("text", ["kata = 1", "day = 2026-11-21"])
def test_a_kata_file_that_was_just_saved_is_not_kept_nor_one_that_json_cannot_hold(
    kata_file: Path, text: str
):
    kata_file.write_text(text, "utf-8")
    if "day" in text:
        os.utime(kata_file, (1, 1))

    assert read_toml(kata_file) == tomllib.loads(text)

    assert not list(kata_file.parent.rglob("*.json"))


def test_a_damaged_copy_of_a_kata_file_is_passed_over(kata_file: Path):
    read_toml(kata_file)
    (kept,) = kata_file.parent.rglob("*.json")

    kept.write_text('{"stamp', "utf-8")

    assert read_toml(kata_file) == {"kata": 1}
