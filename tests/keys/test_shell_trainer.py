"""The shortcut trainer in a real browser, with real key events."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.chromium import Page, chromium, installed

from nbkata.keys.core.keys import Platform
from nbkata.keys.shell.key_pages import write_trainer
from nbkata.keys.shell.keymaps import read_keymaps

pytestmark = pytest.mark.skipif(
    installed() is None, reason="no Chromium here: install one (apt install chromium) to see it run"
)
KEYMAPS = read_keymaps()
LINUX = "vscode-linux"
KEPT_HERE = {key for binding in KEYMAPS.bindings.values() for key in binding.reserved}
"""No tab gets these, whichever keymap they are pressed for."""


@pytest.fixture(scope="module", name="browser")
def fixture_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, str]]:
    folder = tmp_path_factory.mktemp("trainer")
    path = folder / "trainer.html"
    (start,) = [place for place in KEYMAPS.places if place.slug == LINUX]
    assert write_trainer(path, KEYMAPS, start) == path
    with chromium(folder / "profile") as page:
        yield page, path.as_uri()


@pytest.fixture(name="page")
def fixture_page(browser: tuple[Page, str]) -> Page:
    """The trainer as on the first day."""
    page, url = browser
    page.open(url)
    page.run("localStorage.clear()")
    page.open(url)
    page.errors.clear()
    return page


def ask(page: Page, place: str, action: str) -> None:
    """Let time pass until only this card is due, and be asked."""
    page.run(f"""memory.map = {place!r}; memory.cards[memory.map] = Object.fromEntries(
        map().cards.map(c => [c.action, {{box: 1, seen: 1, best: null,
        due: c.action === {action!r} ? 0 : Date.now() + 9e9}}]));
        misses = []; last = null; ask()""")
    assert page.text("task") == KEYMAPS.actions[action].title


def test_the_page_begins_with_the_keymap_that_was_chosen(page: Page):
    assert page.run("document.getElementById('map').selectedOptions[0].text") == "VS Code on Linux"
    offered = page.run("[...document.getElementById('map').options].map(o => o.text)")
    assert offered == [place.title for place in KEYMAPS.places]


@pytest.mark.parametrize("place", KEYMAPS.places, ids=lambda place: place.slug)
def test_every_key_that_a_tab_gives_is_right_when_it_is_pressed(page: Page, place: Platform):
    pressed = 0
    for binding in KEYMAPS.of(place):
        for keys in binding.keys:
            if keys in KEPT_HERE:
                continue
            ask(page, place.slug, binding.action)
            if page.run("document.getElementById('pad').hidden"):
                page.run("document.getElementById('pad').hidden = false")
            page.press(keys)
            message = page.text("said")
            assert message.startswith("Right, in "), f"{binding.action}, {keys}: {message!r}"
            pressed += 1
    assert pressed > 40 and not page.errors


def test_a_wrong_key_shows_the_right_one_and_comes_back_after_three_others(page: Page):
    ask(page, LINUX, "rename")
    page.press("Ctrl+Alt+M")
    assert page.text("said").splitlines()[0] == "Not that one. It is F2"
    assert page.text("pad") == "Ctrl+Alt+M"
    titles = []
    for _ in range(4):
        page.press("Enter")
        titles.append(page.text("task"))
        page.press("Escape")
    assert titles[-1] == "Rename" and "Rename" not in titles[:-1]


def test_the_first_half_of_a_sequence_waits_for_the_second(page: Page):
    ask(page, LINUX, "quick_documentation")
    page.press("Ctrl+K")
    assert page.text("said") == "" and page.text("pad").endswith("then …")
    page.press("Ctrl+I")
    assert page.text("said").startswith("Right")


def test_a_shift_alone_is_no_answer_unless_it_is_asked_for(page: Page):
    ask(page, LINUX, "rename")
    page.press("Shift")
    assert page.text("said") == ""
    ask(page, "pycharm-linux", "search_everywhere")
    page.press("Shift")
    assert page.text("said") == ""
    page.press("Shift")
    assert page.text("said").startswith("Right")


def test_option_on_a_mac_is_read_by_the_keys_place(page: Page):
    ask(page, "pycharm-mac", "extract_method")
    page.run("""document.getElementById('pad').dispatchEvent(new KeyboardEvent('keydown',
        {key: 'µ', code: 'KeyM', altKey: true, metaKey: true, bubbles: true}))""")
    assert page.text("said").startswith("Right")


def test_keys_that_the_tab_keeps_are_asked_by_typing(page: Page):
    ask(page, LINUX, "close_tab")
    assert page.run("document.getElementById('pad').hidden")
    assert page.run("document.activeElement.id") == "typed"
    page.type("control + w")
    page.press("Enter")
    assert page.text("said").startswith("Right")
    ask(page, "vscode-windows", "next_tab")
    page.type("Ctrl+Tab")
    page.press("Enter")
    assert page.text("said").startswith("Not that one. It is Ctrl+PageDown")


def test_an_action_without_a_key_is_marked_by_the_learner(page: Page):
    ask(page, LINUX, "extract_method")
    assert page.text("pad") == "There is no default key for this. What does it?"
    page.press("Enter")
    assert KEYMAPS.shown("extract_method", KEYMAPS.places[2]) in page.text("said")
    assert page.run("document.activeElement.id") == "knew"
    before = page.run("kept('extract_method').box")
    page.press("Tab")
    page.run("document.activeElement.click()")
    assert page.text("said").startswith("It comes back soon.")
    assert page.run("kept('extract_method').box") == 0 < before


def test_what_is_known_is_asked_again_later_and_later(page: Page):
    ask(page, LINUX, "rename")
    days = []
    for _ in range(4):
        page.run("memory.cards[memory.map].rename.due = 0; misses = []; last = null; ask(); null")
        page.press("F2")
        days.append(page.run("(kept('rename').due - Date.now()) / 864e5"))
    assert days == sorted(days) and days[0] > 0.9 and days[-1] > 20


def test_progress_and_keymap_are_still_there_after_a_reload(page: Page, browser: tuple[Page, str]):
    ask(page, "pycharm-mac", "rename")
    page.press("Shift+F6")
    page.open(browser[1])
    assert page.run("memory.map") == "pycharm-mac"
    assert page.run("kept('rename').box") == 2
    assert page.run("JSON.parse(localStorage.getItem('nbkata-trainer')).map") == "pycharm-mac"


def test_the_page_works_where_nothing_can_be_stored(page: Page, browser: tuple[Page, str]):
    block = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
    script = page.tell("Page.addScriptToEvaluateOnNewDocument", source=block)
    page.open(browser[1])
    page.press("F1")
    assert page.text("said").startswith("Right")
    page.tell("Page.removeScriptToEvaluateOnNewDocument", identifier=script["identifier"])
    assert not page.errors


def test_tab_leaves_the_pad_and_reaches_every_control(page: Page):
    assert page.run("document.activeElement.id") == "pad"
    reached = []
    for _ in range(8):
        page.press("Tab")
        reached.append(page.run("document.activeElement.id || document.activeElement.tagName"))
    assert {"show", "type", "SUMMARY", "map", "theme"} <= set(reached)


def test_a_screen_reader_is_told_what_everything_is(page: Page):
    page.tell("Accessibility.enable")
    nodes = page.tell("Accessibility.getFullAXTree")["nodes"]
    answer = {
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored")
    }
    assert ("combobox", "Keymap") in answer
    assert ("progressbar", "Keys that you know") in answer
    assert ("button", "Show the answer") in answer
    pads = [name for role, name in answer if role == "application"]
    assert pads and pads[0].startswith("Search everywhere Press the keys here.")
    assert page.run("document.getElementById('said').getAttribute('aria-live')") == "polite"
    assert all(name for role, name in answer if role in ("button", "combobox", "textbox"))


def test_the_page_asks_nothing_of_the_network(page: Page, browser: tuple[Page, str]):
    text = Path(browser[1].removeprefix("file://")).read_text(encoding="utf-8")
    assert not re.findall(r"https?:|src=|url\(|@import|fetch\(|XMLHttpRequest", text)
    assert page.run("performance.getEntriesByType('resource').length") == 0
