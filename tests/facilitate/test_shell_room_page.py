"""The room's page in a real browser: what it shows, and that nothing a learner sends becomes part of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.chromium import Page, chromium, installed
from support.rooms import Served, served
from support.waiting import wait_until

from nbkata.workspace.core.room import RoomLine, id_of, text_of

pytestmark = pytest.mark.skipif(
    installed() is None, reason="no Chromium here: install one (apt install chromium) to see it run"
)
HOSTILE = "<img src=a onerror=alert(1)>"


@pytest.fixture(name="browser", scope="module")
def fixture_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("room") / "profile") as page:
        yield page


@pytest.fixture(name="open_room")
def fixture_open_room(tmp_path: Path, browser: Page) -> Iterator[Served]:
    browser.errors.clear()
    with served(tmp_path / "room", from_one=300) as room:
        yield room
        browser.open("about:blank")


def token(name: str) -> str:
    return f"{name:0<24}"


def learner(
    room: Served, name: str, *lines: tuple[float, dict[str, object]], step: str = "06-titles"
) -> None:
    """One who joined, and sent these so many minutes ago."""
    room.ask("POST", "/join", {"token": token(name), "code": room.room.code, "name": name})
    now = datetime.now(UTC)
    texts = [
        text_of(RoomLine((now - timedelta(minutes=ago)).isoformat(), "till", step, **values))  # type: ignore[arg-type]
        for ago, values in lines
    ]
    document = {"token": token(name), "from": 0, "now": now.isoformat(), "lines": texts}
    assert room.ask("POST", "/lines", document)[0] == 200


RED: dict[str, object] = {"behaviour": False, "shape": False}
WORK: dict[str, object] = {"behaviour": True, "shape": False, "mistake": "no unit test"}
GREEN: dict[str, object] = {"behaviour": True, "shape": True}
HAND: dict[str, object] = {"help": True}


def open_page(browser: Page, room: Served) -> None:
    browser.open(f"http://127.0.0.1:{room.port}/{room.room.key}/")
    wait_until(lambda: "joined" in browser.text("people"))


def test_it_shows_a_row_a_step_and_a_dot_a_person_and_who_waits_first(
    browser: Page, open_room: Served
):
    learner(open_room, "Ada", (20, RED), (19, RED), (18, RED))
    learner(open_room, "Bob", (5, WORK), (4, HAND))
    learner(open_room, "Cleo", (1, GREEN), step="07-alone")
    open_page(browser, open_room)
    assert browser.text("people") == "3 joined"
    assert browser.text("head") == "Look here first"
    cards = str(browser.text("first")).splitlines()
    assert [line for line in cards if "step" in line] == ["Bob · step 06", "Ada · step 06"]
    rows = browser.run("[...document.querySelectorAll('.row')].map(r => r.innerText.split('\\n'))")
    assert [row[:2] for row in rows] == [["06 Titles", "2"], ["07 Alone", "1"]]
    dots = "[...document.querySelectorAll('#rows .dot')].map(d => d.className)"
    assert browser.run(dots) == ["dot work up", "dot long", "dot green"]
    assert browser.text("count") == "1 at step 06:" and browser.text("name") == "no unit test"
    assert not browser.errors


def test_a_name_with_markup_is_shown_as_it_was_typed(browser: Page, open_room: Served):
    learner(open_room, HOSTILE, (1, HAND))
    open_page(browser, open_room)
    assert HOSTILE in browser.text("first")
    assert browser.run("document.querySelectorAll('img, #rows script, #first script').length") == 0
    assert not browser.errors


def test_it_is_current_without_being_loaded_again_and_done_takes_a_hand_down(
    browser: Page, open_room: Served
):
    open_page(browser, open_room)
    assert browser.text("head") == "Nobody waits for you"
    learner(open_room, "Ada", (0, HAND))
    wait_until(lambda: browser.text("head") == "Look here first")
    browser.run("document.querySelector('#first button').click()")
    wait_until(lambda: browser.text("head") == "Nobody waits for you")
    assert id_of(token("Ada")) in open_room.room.lowered
    assert not browser.errors


def test_it_says_when_the_server_is_gone_and_goes_on_when_it_is_back(browser: Page, tmp_path: Path):
    with served(tmp_path / "room") as room:
        learner(room, "Ada", (0, HAND))
        open_page(browser, room)
        assert browser.run("document.getElementById('away').hidden")
    wait_until(lambda: not browser.run("document.getElementById('away').hidden"))
    assert "Ada" in browser.text("first")
    with served(tmp_path / "room", port=room.port):
        wait_until(lambda: bool(browser.run("document.getElementById('away').hidden")))
    browser.open("about:blank")


@pytest.mark.parametrize("width", [400, 1920])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_forty_people_with_long_names_fit_any_width(
    browser: Page, open_room: Served, width: int, theme: str
):
    for number in range(40):
        kind = (RED, WORK, GREEN)[number % 3]
        lines = [(12.0, kind), (11.0, kind), (10.5, kind)]
        learner(
            open_room,
            f"P{number} {'W' * (number % 38)}",
            *lines,
            (1, HAND) if number % 7 == 0 else (1, kind),
        )
    size = {"width": width, "height": 1080, "deviceScaleFactor": 1, "mobile": False}
    browser.tell("Emulation.setDeviceMetricsOverride", **size)
    features = [{"name": "prefers-color-scheme", "value": theme}]
    browser.tell("Emulation.setEmulatedMedia", features=features)
    open_page(browser, open_room)
    assert browser.run("document.documentElement.scrollWidth") <= width
    too_wide = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth).length"
    assert browser.run(too_wide) == 0
    contrast = json.loads(str(browser.run(CONTRAST)))
    assert not {k: v for k, v in contrast.items() if v < 4.5}
    browser.tell("Emulation.clearDeviceMetricsOverride")


CONTRAST = """(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map((value) => value / 255)
      .map((value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/rgba.*, 0\\)|transparent/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = {};
  for (const one of document.querySelectorAll(".dot:not(.quiet), .faint, .who, button, .row span, h1, h2, code")) {
    const [a, b] = [light(getComputedStyle(one).color), light(ground(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found[one.className + " " + one.tagName] = Math.min(ratio, found[one.className + " " + one.tagName] || 99);
  }
  return JSON.stringify(found);
})()"""
