"""The guides of the steps: every key they name is known, and every place they link to is there."""

import re
from pathlib import Path

import pytest
from bench_tables import QUOTED
from support.builders import ROOT

from nbkata.common.core.refusal import Refusal
from nbkata.drills.shell.drills import load_drills
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.keys.core.keys import actions_in
from nbkata.keys.shell.keymaps import read_keymaps

KIT = load_kit()
assert isinstance(KIT, Kit)
DRILLS = load_drills(KIT)
assert not isinstance(DRILLS, Refusal)
BY_SLUG = {drill.slug: drill for drill in DRILLS}
SLUGS = [step.slug for step in KIT.kata.steps]
TEXTS = sorted(
    path for name in ("README.md", "hints.md") for path in KIT.exercises.glob(f"*/{name}")
)
TRAINING = re.compile(
    r"^- \{\{key:(\w+)\}\} .*: \[drill \d+\]\(\.\./\.\./ide-drills/([\w-]+)/README\.md\)\.$",
    re.MULTILINE,
)


def practised(slug: str) -> list[tuple[str, str]]:
    """The key and the drill in each line of the section on keys."""
    assert isinstance(KIT, Kit)
    guide = (KIT.exercises / slug / "README.md").read_text(encoding="utf-8")
    section = guide.partition("\n## Keys to practise\n")[2].partition("\n## ")[0]
    return TRAINING.findall(section)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_key_that_a_text_names_is_known_and_every_link_leads_somewhere(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not read_keymaps().unknown_in(text)
    assert text.count("{{") == text.count("{{key:"), "a placeholder is misspelt"
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    missing = [link for link in links if not (path.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("slug", SLUGS)
def test_every_step_names_keys_to_practise_and_the_drill_that_trains_each(slug: str):
    named = practised(slug)
    assert named
    for key, drill in named:
        guide = ROOT / "exercises" / "ide-drills" / drill / "README.md"
        assert key in actions_in(guide.read_text(encoding="utf-8")), f"{drill} is about other keys"


# By number of step: what the field calls the things that its guide shows, so that a learner can look them up.
TERMS = {
    "00": ["reproducible"],
    "02": ["code smell", "scout rule"],
    "03": ["formatter"],
    "04": [
        "characterization test",
        "golden master",
        "seam",
        "fixture",
        "mutation testing",
        "flaky",
    ],
    "05": ["premature abstraction", "YAGNI"],
    "06": ["unit test", "test-driven development", "side effect", "expand and contract"],
    "07": ["vectorized"],
    "08": ["imputation", "separation of concerns"],
    "09": ["magic number", "boundary values"],
    "10": ["simple design"],
    "11": ["functional core", "imperative shell", "pure", "anti-corruption layer"],
    "12": ["test pyramid", "metamorphic testing"],
    "13": ["line coverage"],
}


@pytest.mark.parametrize(
    ("number", "term"), [(number, term) for number, terms in TERMS.items() for term in terms]
)
def test_a_guide_names_what_it_shows_by_the_term_of_the_field_in_bold(number: str, term: str):
    (path,) = ROOT.glob(f"exercises/refactoring/{number}-*/README.md")
    text = " ".join(path.read_text(encoding="utf-8").split())
    bold = re.findall(r"\*\*([^*]+)\*\*", text)
    assert any(term.lower() in words.lower() for words in bold)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_step_links_every_drill_that_was_made_for_it(slug: str):
    made_for_it = {drill.slug for drill in BY_SLUG.values() if drill.step == slug}
    assert made_for_it <= {drill for _, drill in practised(slug)}


def test_one_list_of_bugs_goes_with_the_learner_from_04_to_12_and_13_fixes_each_of_it():
    assert isinstance(KIT, Kit)
    lists = {
        (KIT.solutions / slug / "BUGS.md").read_text(encoding="utf-8")
        for slug in SLUGS
        if "04" <= slug < "13"
    }
    assert len(lists) == 1
    bugs = re.findall(r"^(\d)\. (.+)$", lists.pop(), re.MULTILINE)
    assert [number for number, _ in bugs] == ["1", "2", "3", "4", "5"]
    output = (KIT.exercises / "04-characterize" / "README.md").read_text(encoding="utf-8")
    assert all(f"   {number}. {bug}\n" in output for number, bug in bugs)
    fixed = (KIT.exercises / "13-other-hat" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d) \| ", fixed, re.MULTILINE) == [number for number, _ in bugs]


@pytest.mark.parametrize("slug", ["04-characterize", "12-model-tests", ""])
def test_the_scores_of_mutation_testers_that_a_text_quotes_are_those_of_the_benchmark(slug: str):
    assert isinstance(KIT, Kit)
    path = KIT.exercises / slug / "README.md" if slug else ROOT / "README.md"
    text = " ".join(path.read_text(encoding="utf-8").split())
    told = text.partition("step 11's unit tests alone irradiate ")[2][:200]
    assert [f"{score} %" in told for score in QUOTED.values()] == [True] * 3
