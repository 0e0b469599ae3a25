"""`nbkata facilitate slides`, `clock` and `run-sheet --html`, in a real browser if there is one."""

import re
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from conftest import Nbkata
from pypdf import PdfReader
from support.builders import ROOT
from support.chromium import Page, chromium, installed

needs_browser = pytest.mark.skipif(
    installed() is None, reason="no Chromium here: install one (apt install chromium) to see it run"
)


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(name="pages", scope="module")
def fixture_pages(run_nbkata: Nbkata, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for word, *options in (
        ("slides", "04", "6"),
        ("clock", "--start", "9:30"),
        ("run-sheet", "--start", "9:30"),
    ):
        path = folder / f"{word}.html"
        done = run_nbkata("facilitate", word, *options, "--html", path.name, cwd=folder)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"Wrote {path}\n")
    return folder


@pytest.fixture(name="browser", scope="module")
def fixture_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("profile"), "--window-size=1280,720") as page:
        yield page


def test_the_slides_of_a_step_are_three_to_five_and_their_code_is_the_checkpoints(pages: Path):
    page = (pages / "slides.html").read_text(encoding="utf-8")
    parts = re.split(r'<section class="slide first" id="step-', page)[1:]
    assert [part[:2] for part in parts] == ["04", "06"]
    assert all(3 <= 1 + part.count('<section class="slide"') <= 5 for part in parts)
    old = (ROOT / "solutions/refactoring/05-dead-code/src/train.py").read_text(encoding="utf-8")
    shown = re.findall(r'class="line old".*?<span class="text">(.*?)</span></div>', parts[1], re.S)
    lines = [
        re.sub("<[^>]*>", "", line).replace("&#34;", '"').replace("&#39;", "'") for line in shown
    ]
    assert len(lines) > 5 and set(lines) <= set(old.splitlines())
    assert not re.search(r'(?:src|href)="(?!#)', page)  # nothing is fetched


def test_the_sheet_to_print_says_all_that_the_screen_says(pages: Path):
    page = (pages / "run-sheet.html").read_text(encoding="utf-8")
    for text in ("09:30 to 09:45", "<b>04 Characterize it</b>", "the accuracy forgotten", "Break"):
        assert text in page


@pytest.mark.parametrize("word", ["slides", "clock"])
def test_a_step_or_a_file_that_is_none_is_refused(word: str, nbkata: Nbkata, tmp_path: Path):
    done = nbkata("facilitate", word, "--html", "page.txt")
    assert (done.returncode, list(tmp_path.iterdir())) == (2, []), done.stderr
    assert nbkata("facilitate", "slides", "99").stderr.startswith("✗ there is no step '99'.")


@needs_browser
def test_arrows_turn_the_slides_and_n_shows_the_notes(pages: Path, browser: Page):
    browser.open(f"{(pages / 'slides.html').as_uri()}#1")
    shown = "document.querySelector('.slide.now').innerText"
    notes = "getComputedStyle(document.querySelector('.slide.now .notes')).display"
    assert "messy notebook" in browser.run(shown)
    browser.press("Right")
    assert "Characterize it" in browser.run(shown) and browser.run(notes) == "none"
    browser.press("N")
    assert browser.run(notes) == "block" and "is as it was" in browser.run(shown)
    browser.press("End Left Right")
    assert "What does your unit test say" in browser.run(shown)
    browser.press("Home")
    assert "messy notebook" in browser.run(shown)
    assert not browser.errors


@needs_browser
def test_printed_each_slide_is_a_page(pages: Path, browser: Page):
    browser.open(f"{(pages / 'slides.html').as_uri()}#1")
    count = browser.run("document.querySelectorAll('.slide').length")
    printed = browser.tell("Page.printToPDF", preferCSSPageSize=True)["data"]
    assert len(PdfReader(BytesIO(b64decode(printed))).pages) == count


TOO_WIDE = """[...document.querySelectorAll('main *')].filter(one =>
    one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 200))"""


@needs_browser
@pytest.mark.parametrize("width", [400, 1920])
def test_nothing_is_cut_off_at_the_side(width: int, pages: Path, browser: Page):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.tell("Emulation.setDeviceMetricsOverride", **size)
    for name in ("slides.html#1", "clock.html", "run-sheet.html"):
        browser.open(f"{pages.as_uri()}/{name}")
        wide = browser.run(TOO_WIDE)
        assert not wide, (name, wide)
    browser.tell("Emulation.clearDeviceMetricsOverride")


@needs_browser
def test_the_clock_names_the_step_what_is_left_and_the_next_break(pages: Path, browser: Page):
    browser.open((pages / "clock.html").as_uri())

    def at(minutes: int) -> tuple[str, str, str]:
        # in one go: its own second hand would show the time of day again
        texts = "['what', 'left', 'next'].map(name => document.getElementById(name).innerText)"
        what, left, following = browser.run(f"show({minutes} * 60); {texts}")
        return what, left, following

    assert at(-10) == ("We begin at 09:30", "10:00", "next break at 10:45")
    what, left, following = at(50)
    assert (what, left) == ("04 Characterize it", "25:00")
    assert following.split(" · ") == ["until 10:45", "run nbkata check", "next break at 10:45"]
    assert at(-200)[1] == "3 h 20"
    assert at(80)[0] == "Break"
    assert at(190)[:2] == ("The end", "10:00")
    browser.press("=")
    assert browser.run("moved") == 5 and browser.text("moved") == "(moved by 5 minutes)"
    browser.press("0")
    assert browser.run("moved") == 0 and not browser.errors
