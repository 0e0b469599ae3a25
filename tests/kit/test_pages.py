"""Every page of the kit: one template, valid HTML, and readable in a browser, wide and narrow, light and dark."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support.chromium import Page, chromium, installed
from support.looks import faults, invalid

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.shell.plan_page import plan_page
from nbkata.adopt.core.repository import RUNS, STOPS, Debt, Entry
from nbkata.adopt.shell.repository import write_repository
from nbkata.cohort.core.result import Ended, Result
from nbkata.cohort.core.summary import document as cohort_document
from nbkata.cohort.core.summary import summary_of
from nbkata.cohort.shell.pages import write_cohort
from nbkata.cohort.shell.review import Reviewed, review_cohort
from nbkata.common.shell.pages import render
from nbkata.diff.core.difference import with_conversion
from nbkata.diff.shell.difference_page import difference_page
from nbkata.diff.shell.sides import differences, start_and_end
from nbkata.extract.core.analysis import Flow
from nbkata.extract.shell.flow_page import flow_page
from nbkata.extract.shell.run import read_flow
from nbkata.guard.core.finding import Finding, Kind, Place
from nbkata.kata.core.figures import Figure, Row
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.keys.shell.key_pages import cheat_sheet, trainer_page
from nbkata.keys.shell.keymaps import read_keymaps
from nbkata.report.core.branches import Branch, Branches, table
from nbkata.report.shell.pages import Place as StepPlace
from nbkata.report.shell.pages import report_page, write_pages
from nbkata.report.shell.report import checkpoints, measure
from nbkata.smells.core.wall import notes_of
from nbkata.smells.shell.catalogue import read_catalogue
from nbkata.smells.shell.debt_wall import as_html
from nbkata.smells.shell.find import SmellsRequest, smells_of_file
from nbkata.strength.core.strength import MutantResult, MutantStatus, Strength
from nbkata.strength.shell.survivors_page import survivors_page

PACKAGE = Path(__file__).parents[2] / "src" / "nbkata"
TEMPLATES = sorted(path for path in PACKAGE.rglob("*.html"))
PAGES = ("report", "04-characterize", "diff", "wall", "flow", "plan", "cheat-sheet", "trainer")
LATER_PAGES = ("cohort", "review", "feedback", "repository", "survivors", "branches")


@pytest.fixture(scope="module", name="pages")
def fixture_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each page, of the kit's own notebook and steps."""
    folder = tmp_path_factory.mktemp("pages")
    kit = load_kit()
    assert isinstance(kit, Kit)
    notebook = kit.root / kit.kata.notebook
    smells = smells_of_file(notebook, SmellsRequest(use_cache=False))
    notes = tuple(notes_of([smells], read_catalogue()))
    flow = read_flow(notebook)
    assert isinstance(flow, Flow)
    adoption = Adoption(
        "titanic", "titanic.ipynb", "a notebook", ("Read with <care>.",), 115, 95, (), (),
        seconds=12.0, reproduces=True, strength=Strength((), 20, 19, 1.0), smells=smells,
        wall=notes, flow=flow,
    )  # fmt: skip
    rows = measure(kit, checkpoints(kit, kit.kata.steps), tuple(Figure))
    own = [rows[5], rows[6]]
    green, red = Light(True, ()), Light(False, ())
    places = [StepPlace(step, green, red, step.number == "04") for step in kit.kata.steps]
    reasons = {Figure(name): texts for name, texts in kit.kata.worse.items()}
    index = report_page(rows, own, reasons, places, "report-steps")
    by_label = {row.label: row for row in rows}
    assert write_pages(kit, folder / "report.html", index, places, by_label)
    found = differences(*start_and_end(kit, kit.kata.steps[9]))
    assert isinstance(found, tuple)
    keymaps = read_keymaps()
    texts = {
        "diff": difference_page(with_conversion(found), "08-impute", "09-categorize"),
        "wall": as_html(notes, "Technical debt"),
        "flow": flow_page(flow, {}, "titanic.ipynb"),
        "plan": plan_page(adoption),
        "cheat-sheet": cheat_sheet(keymaps, keymaps.places[-1]),
        "trainer": trainer_page(keymaps, keymaps.places[0]),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    written = {name: folder / f"{name}.html" for name in ("report", *texts)}
    later = {**cohort_pages(folder / "cohort", kit), **branch_pages(folder, own, red)}
    return {
        **written,
        **later,
        "04-characterize": folder / "report-steps" / "04-characterize.html",
    }


def cohort_pages(out: Path, kit: Kit) -> dict[str, Path]:
    """What a facilitator reads of three workspaces, and what goes back to one."""
    code = {"src/train.py": "def train(path):\n    return {}\n"}
    told = ("src/train.py, line 1: nobody reads <em>path</em>. Delete it.", "Age moved.")
    survived = "3 of 4 mutants caught\nFor example:\n--- a\n+++ b\n@@ -7 +7 @@\n-a < 1\n+a <= 1"
    alike = {"shape_of_code": "1f", "files": code, "steps": {"05-dead-code": True}}
    results = [
        Result("ann", Ended.RED, "05-dead-code", True, False, told, **alike),
        Result("bob", Ended.GREEN, "05-dead-code", True, True, (), (survived,), **alike),
        Result("cid", Ended.TIMED_OUT, "06-titles", left_out=("conftest.py",), files=code),
    ]
    (out / "comments").mkdir(parents=True)
    said = "Well *named*.\nsrc/train.py:1 Who reads this?\n"
    (out / "comments" / "ann.md").write_text(said, encoding="utf-8")
    summary = summary_of(results)
    page = write_cohort(out, kit, summary, cohort_document(summary, "2 processes here", "none"))
    assert isinstance(page, Path) and isinstance(reviewed := review_cohort(out), Reviewed)
    return {"cohort": page, "review": reviewed.page, "feedback": reviewed.feedback[0]}


def branch_pages(folder: Path, rows: Sequence[Row], red: Light) -> dict[str, Path]:
    """What a practitioner reads: two branches, the survivors of one, and a repository's notebooks."""
    debt = Debt("magic-number", 7, 9.0, 8.0, is_low_hanging=True)
    entries = [
        Entry("sales", "notebooks/sales.ipynb", RUNS, "", 0, 40, 57.5, (debt,), has_plan=True),
        Entry("old", "notebooks/old.ipynb", STOPS, "cell 3: no module named xgboost", 1, 12),
    ]
    diff = "--- a/src/a.py\n+++ b/src/a.py\n@@ -7 +7 @@\n-a < 1\n+a <= 1\n"
    mutants = [
        MutantResult("src/a.py", 7, "comparison", diff, MutantStatus.SURVIVED, "assert f(1) == 2"),
        MutantResult("src/a.py", 9, "number", diff, MutantStatus.UNSEEN),
        MutantResult("src/a.py", 9, "number", diff, MutantStatus.CAUGHT, test="test_a"),
    ]
    places = (Place("tests/test_a.py", 3), Place("tests/test_a.py", 4))
    weaker = Finding(Kind.WEAKER, "assert f(1) == 2 is now assert f(1)", *places)
    one, other = Branch("mine", 2, 10, 4, (), Light(True, ("as it was",)), rows[0]), Branch(
        "theirs", 5, 90, 44, (weaker,), red, rows[1]
    )
    found = Branches(one, other, "X_test, column Fare, differs in 2 of 60 rows")
    texts = {
        "survivors": survivors_page(Strength(tuple(mutants), 3.0, 3, ("src/a.py",))),
        "branches": render(
            "report/branches.html", title="mine and theirs", found=found, rows=list(table(found))
        ),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    repository = write_repository(folder / "repository", entries, "2 processes here", "none", 3)
    assert isinstance(repository, Path)
    return {name: folder / f"{name}.html" for name in texts} | {"repository": repository}


@pytest.fixture(scope="module", name="browser")
def fixture_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("chromium")) as page:
        yield page


@pytest.mark.parametrize("name", PAGES + LATER_PAGES)
def test_a_page_is_valid_fetches_nothing_and_may_be_replaced_by_its_command(
    name: str, pages: dict[str, Path]
):
    text = pages[name].read_text(encoding="utf-8")
    assert not invalid(text)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//|url\(|@import', text)
    assert (
        text.count("color-scheme: light dark") == 1
        and '<meta name="generator" content="nbkata">' in text
    )


@pytest.mark.skipif(installed() is None, reason="no Chromium here to look at it")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("name", PAGES + LATER_PAGES)
def test_a_page_is_readable_at_each_width_in_light_and_in_dark(
    name: str, width: int, scheme: str, pages: dict[str, Path], browser: Page
):
    count, wrong = faults(browser, pages[name].as_uri(), width, scheme)
    assert count >= 10 and not wrong and not browser.errors


def test_the_palette_is_the_only_place_of_colours():
    named = {
        path.name: found
        for path in (*TEMPLATES, *PACKAGE.rglob("*.css"))
        if (
            found := re.findall(
                r"prefers-color-scheme|(?<=[ (\"])#[0-9a-f]{3,6}\b", path.read_text("utf-8")
            )
        )
    }
    assert named.pop("palette.css")
    assert named == {
        "page.html": ["#fff"],  # paper
        "answer.html": ["#2da44e", "#e5534b"],  # in somebody else's page
        "trainer.html": ["prefers-color-scheme"],  # its button says which it would switch to
    }


def test_nothing_is_escaped_by_hand_and_only_what_the_kit_made_is_taken_as_it_is():
    assert not [
        path for path in PACKAGE.rglob("*.py") if "import escape" in path.read_text("utf-8")
    ]
    unescaped = {
        (path.name, found.strip())
        for path in TEMPLATES
        for found in re.findall(r"([\w(). ]+)\|safe", path.read_text(encoding="utf-8"))
    }
    assert unescaped == {
        ("step.html", "guide"),  # rendered without HTML
        ("answer.html", "markdown(hint.text)"),  # the same
        ("slides.html", "text"),  # the same
        ("feedback.html", "general"),  # the same
        ("wall_parts.html", "style"),
    }
