"""The keys: one data file, and every rendering agrees with it."""

import html
import json
import os
import re
from importlib.resources import files
from pathlib import Path

import pytest
from conftest import Nbkata
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from support.builders import ROOT
from support.chromium import installed

from nbkata.common.core.refusal import Refusal
from nbkata.diff.shell.editors import open_differences
from nbkata.diff.shell.sides import Side
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.keys.core.cheat_sheet import GROUPS
from nbkata.keys.core.habits import Choice, choice_of
from nbkata.keys.core.keys import Ide, Platform, System, actions_in, ide_named, keymaps_from
from nbkata.keys.core.trainer import trainer_cards
from nbkata.keys.shell.key_pages import cheat_sheet, trainer_page, write_cheat_sheet
from nbkata.keys.shell.keymaps import read_keymaps

DOCUMENT = json.loads(files("nbkata.keys").joinpath("keymaps.json").read_text(encoding="utf-8"))
KEYMAPS = read_keymaps()
VSCODE, PYCHARM = KEYMAPS.ides
LINUX = Platform(VSCODE, System.LINUX)
each_place = pytest.mark.parametrize("place", KEYMAPS.places, ids=lambda place: place.slug)


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> None:
    """What is remembered of a test stays in its own workspace."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    create_workspace(tmp_path / "workspace", kit)


def test_every_action_has_its_keys_in_all_six_places():
    rows = {(row["action"], row["ide"], row["os"]) for row in DOCUMENT["keys"]}
    assert len(rows) == len(DOCUMENT["keys"]) == 6 * len(DOCUMENT["actions"]) == 372


def test_a_file_with_an_action_too_few_is_refused():
    fewer = DOCUMENT | {"keys": DOCUMENT["keys"][1:]}
    with pytest.raises(ValueError, match="search_everywhere"):
        keymaps_from(fewer)


def test_each_binding_keeps_where_it_comes_from_and_how_sure_it_is():
    sure = [b.confidence for b in KEYMAPS.bindings.values()]
    assert (sure.count("high"), sure.count("medium"), sure.count("low")) == (341, 30, 1)
    assert all(binding.source for binding in KEYMAPS.bindings.values())
    assert sum(bool(b.variants) for b in KEYMAPS.bindings.values()) == 10
    assert sum(bool(b.needs_extension) for b in KEYMAPS.bindings.values()) == 84


def test_windows_and_linux_differ_where_the_editors_do():
    keys = {
        system: KEYMAPS.bindings["duplicate_line", Platform(VSCODE, system)].keys
        for system in System
    }
    assert keys[System.WINDOWS] == ("Alt+Shift+Down",)
    assert keys[System.LINUX] == ("Ctrl+Alt+Shift+Down",)


@each_place
def test_where_there_is_no_default_key_a_menu_or_the_palette_is_named(place: Platform):
    for binding in KEYMAPS.of(place):
        shown = KEYMAPS.shown(binding.action, place)
        assert shown and "{{" not in shown
        if not binding.keys or any(not keys for keys in binding.variants.values()):
            assert place.ide.slug in KEYMAPS.actions[binding.action].menu


def test_a_linux_desktop_without_the_key_is_told_what_does_it():
    shown = KEYMAPS.shown("move_line_up", Platform(PYCHARM, System.LINUX))
    assert shown == ('Alt+Shift+Up (XWin, KDE); no key, but menu "Code", "Move Line Up" (GNOME)')


def test_a_placeholder_becomes_the_keys_of_the_place():
    text = "Press {{key:rename}}, then {{key:extract_method}}."
    pycharm = Platform(PYCHARM, System.MAC)
    assert KEYMAPS.rendered(text, pycharm) == "Press Shift+F6, then Alt+Cmd+M."
    assert KEYMAPS.rendered(text, LINUX) == (
        'Press F2, then select the lines, Ctrl+Shift+R, "Extract method".'
    )


@given(st.text())
def test_text_without_placeholders_is_left_as_it_is(text: str):
    if not actions_in(text):
        assert KEYMAPS.rendered(text, LINUX) == text


GUIDES = [*(ROOT / "exercises").glob("*/*/*.md"), *(ROOT / ".tours").glob("*.tour")]


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_placeholder_of_the_guides_is_an_action(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not KEYMAPS.unknown_in(text)
    assert text.count("{{") == len(re.findall(r"\{\{key:\w+\}\}", text))


@each_place
def test_the_cheat_sheet_has_every_action_with_its_keys(place: Platform):
    page = cheat_sheet(KEYMAPS, place)
    rows = dict(re.findall(r'<tr data-action="(\w+)">(.*?)</tr>', page))
    assert list(rows) == [
        name for group in GROUPS for name, a in KEYMAPS.actions.items() if a.group == group
    ]
    assert set(rows) == set(KEYMAPS.actions)
    for binding in KEYMAPS.of(place):
        printed = [html.unescape(k) for k in re.findall("<kbd>(.*?)</kbd>", rows[binding.action])]
        assert set(printed) == set(binding.keys)
        if not binding.keys:
            shown = f"<small>{KEYMAPS.shown(binding.action, place)}</small>"
            assert shown in html.unescape(rows[binding.action])


@pytest.mark.skipif(installed() is None, reason="no Chromium here to print with")
@each_place
def test_the_cheat_sheet_is_one_page_when_it_is_printed(place: Platform, tmp_path: Path):
    path = write_cheat_sheet(tmp_path / "keys.pdf", KEYMAPS, place)
    assert isinstance(path, Path), path
    pages = list(PdfReader(path).pages)
    assert len(pages) == 1
    text = pages[0].extract_text()
    assert place.title in text and KEYMAPS.bindings["rename", place].keys[0] in text


def test_the_trainer_has_every_action_of_all_six_keymaps():
    (embedded,) = re.findall(r"^const DATA = (.*);$", trainer_page(KEYMAPS, LINUX), re.MULTILINE)
    data = json.loads(embedded)
    assert data == trainer_cards(KEYMAPS, LINUX) and list(data["maps"]) == [
        p.slug for p in KEYMAPS.places
    ]
    assert data["start"] == "vscode-linux"
    for place in KEYMAPS.places:
        cards = data["maps"][place.slug]["cards"]
        assert [c["keys"] for c in cards] == [list(b.keys) for b in KEYMAPS.of(place)]


@pytest.mark.parametrize("name", ["VSCode", " vs code", "code", "visual studio code"])
def test_an_ide_may_be_named_as_people_call_it(name: str):
    assert ide_named(name, KEYMAPS.ides) == VSCODE


def test_an_ide_that_was_asked_for_once_is_remembered_and_a_terminal_comes_after_it():
    jetbrains = {"TERMINAL_EMULATOR": "JetBrains-JediTerm"}
    code = {"TERM_PROGRAM": "vscode"}

    def chosen(ide: str, memory: dict[str, str], around: dict[str, str]) -> tuple[str, bool]:
        choice = choice_of(KEYMAPS.ides, ide, "", memory, around, "darwin")
        assert isinstance(choice, Choice)
        return choice.place.slug, choice.guessed

    assert chosen("", {}, {}) == ("vscode-mac", True)
    assert chosen("", {}, jetbrains) == ("pycharm-mac", False)
    assert chosen("", {"ide": "pycharm", "os": "linux"}, code) == ("pycharm-linux", False)
    assert chosen("vscode", {"ide": "pycharm"}, jetbrains) == ("vscode-mac", False)
    assert chosen("", {"ide": "emacs"}, code) == ("vscode-mac", False)


def test_an_unknown_ide_or_system_is_refused_with_the_choice():
    for ide, system, output in (
        ("emacs", "", "--ide emacs: the keys of 'emacs' are not known. "
         "Use --ide vscode or --ide pycharm."),
        ("", "beos", "--os beos: the keys of 'beos' are not known. "
         "Use --os mac or --os windows or --os linux."),
    ):  # fmt: skip
        refused = choice_of(KEYMAPS.ides, ide, system, {}, {}, "linux")
        assert isinstance(refused, Refusal) and str(refused) == output


def test_a_third_ide_is_one_entry_with_its_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    entry = {
        **{"ide": "zed", "name": "Zed", "aliases": ["zeditor"], "programs": ["zed"]},
        **{"diff": ["--diff"], "how": "In Zed run 'Install CLI'", "terminal": {"ZED_TERM": "true"}},
    }
    keys = [
        {**row, "ide": "zed", "keys": ["F6"]} for row in DOCUMENT["keys"] if row["ide"] == "vscode"
    ]
    more = {"ides": [*DOCUMENT["ides"], entry], "keys": [*DOCUMENT["keys"], *keys]}
    keymaps = keymaps_from(DOCUMENT | more)
    assert [place.title for place in keymaps.places][-3:] == [
        *("Zed on macOS", "Zed on Windows", "Zed on Linux")
    ]
    choice = choice_of(keymaps.ides, "", "", {}, {"ZED_TERM": "true"}, "linux")
    assert isinstance(choice, Choice) and choice.place.slug == "zed-linux"
    assert keymaps.shown("rename", choice.place) == "F6"
    assert "zed-mac" in trainer_page(keymaps, choice.place)
    named = ide_named("Zeditor", keymaps.ides)
    assert isinstance(named, Ide) and named.name == "Zed"
    monkeypatch.setenv("PATH", str(tmp_path))
    side = Side("06", {"src/train.py": tmp_path / "train.py"})
    refused = open_differences(named, ["src/train.py"], side, side)
    assert isinstance(refused, Refusal) and refused.what.startswith("the command of Zed, zed,")
    (tmp_path / "zed").write_text('#!/bin/sh\necho "$@" > "$0.told"\n', encoding="utf-8")
    (tmp_path / "zed").chmod(0o755)
    if os.name != "nt":  # there a script is no program
        assert open_differences(named, ["src/train.py"], side, side) == 1
        output = (tmp_path / "zed.told").read_text(encoding="utf-8")
        assert output.split() == ["--diff", *2 * [str(tmp_path / "train.py")]]


@pytest.mark.usefixtures("home")
def test_keys_as_json_are_the_data_files(nbkata: Nbkata):
    rows = json.loads(nbkata("drill", "keys", "--json").stdout)
    names = ("action", "ide", "os", "keys")
    expected = [{name: row[name] for name in names} for row in DOCUMENT["keys"]]
    order = [(row["action"], row["ide"], row["os"]) for row in expected]
    assert sorted(rows, key=lambda r: order.index((r["action"], r["ide"], r["os"]))) == expected


@pytest.mark.usefixtures("home")
def test_keys_of_one_place_are_on_the_screen_and_narrow_the_json(nbkata: Nbkata):
    asked = ("drill", "keys", "--ide", "pycharm", "--os", "mac")
    done = nbkata(*asked)
    assert done.returncode == 0
    assert done.stdout.startswith("PyCharm on macOS\n")
    assert re.search(r"Rename +Shift\+F6", done.stdout)
    assert max(map(len, done.stdout.splitlines())) <= 80
    rows = json.loads(nbkata(*asked, "--json").stdout)
    assert len(rows) == 62 and {(row["ide"], row["os"]) for row in rows} == {("pycharm", "mac")}


@pytest.mark.usefixtures("home")
def test_an_action_that_is_not_known_is_refused_with_the_nearest(nbkata: Nbkata):
    done = nbkata("drill", "keys", "renam_e")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no action 'renam_e'. Did you mean rename?" in " ".join(done.stderr.split())


@pytest.mark.usefixtures("home")
def test_one_action_tells_its_source_and_what_it_needs(nbkata: Nbkata):
    output = nbkata("drill", "keys", "rename", "--ide", "vscode", "--os", "linux").stdout
    assert "needs: Pylance" in output and "confidence: high" in output and "source: " in output


@pytest.mark.usefixtures("home")
def test_a_cheat_sheet_of_another_kind_is_refused(nbkata: Nbkata, tmp_path: Path):
    done = nbkata("drill", "cheat-sheet", "keys.docx")
    assert done.returncode == 2 and not (tmp_path / "keys.docx").exists()
    assert "keys.docx: the cheat sheet is written as .html or .pdf." in done.stderr


@pytest.mark.usefixtures("home")
def test_a_cheat_sheet_without_a_browser_to_print_it_says_what_to_do(
    nbkata: Nbkata, tmp_path: Path
):
    done = nbkata("drill", "cheat-sheet", "keys.pdf", PATH=str(tmp_path))
    output = " ".join(done.stderr.split())
    assert done.returncode == 2
    assert "keys.pdf: no Chromium is here to print it. Write it as .html" in output


@pytest.mark.usefixtures("home")
def test_pages_without_a_name_go_into_the_workspace_and_are_named_with_their_full_path(
    nbkata: Nbkata, tmp_path: Path
):
    asked = ("--ide", "vscode", "--os", "windows")
    pages = tmp_path / "workspace" / ".nbkata" / "pages"
    written = nbkata("drill", "cheat-sheet", *asked).stdout.splitlines()
    assert written[0] == f"Wrote {pages / 'nbkata-keys-vscode-windows.html'}"
    assert written[1] == "Open it in a browser; --open does that."
    assert nbkata("drill", "trainer", "mine.html").stdout.startswith(
        f"Wrote {tmp_path / 'mine.html'}"
    )
    assert nbkata("drill", "trainer").returncode == 0
    assert (pages / "nbkata-trainer.html").stat().st_size > 50_000
    nowhere = nbkata("drill", "trainer", "trainer.txt")
    assert nowhere.returncode == 2


def test_a_look_at_keys_leaves_nothing_where_there_is_no_workspace(
    nbkata: Nbkata, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NBKATA_KIT", str(tmp_path / "kit"))
    for name in ("exercises", "notebooks"):
        (tmp_path / "kit").mkdir(exist_ok=True)
        (tmp_path / "kit" / name).symlink_to(Path(__file__).parents[2] / name)
    done = nbkata("drill", "--ide", "pycharm")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "kit").iterdir()) == ["exercises", "notebooks"]
    assert [path.name for path in tmp_path.iterdir()] == ["kit"]
