"""Every drill is red as given, green when solved, and solved by a real language server."""

import re
import shutil
import sys
from pathlib import Path

import pytest
from proofs.drill_moves import DEBUGGER, MOVES, NO_SERVER
from support.language_servers import LanguageServer, ServerFailed, command_of

from nbkata.common.core.refusal import Refusal
from nbkata.drills.core.drills import Drill
from nbkata.drills.shell.drills import (
    check_drills,
    exercises,
    given_files,
    guide,
    load_drills,
    solutions,
)
from nbkata.kata.core.lights import CRASHED, Light
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.keys.core.keys import actions_in
from nbkata.keys.shell.keymaps import read_keymaps

pytestmark = pytest.mark.usefixtures("warm")


def loaded() -> tuple[Kit, tuple[Drill, ...]]:
    kit = load_kit()
    assert isinstance(kit, Kit)
    drills = load_drills(kit)
    assert not isinstance(drills, Refusal)
    return kit, drills


KIT, DRILLS = loaded()
BY_SLUG = {drill.slug: drill for drill in DRILLS}
PROOFS = [
    pytest.param(slug, server, id=f"{slug}-{server}")
    for slug, (_, servers) in MOVES.items()
    for server in servers
]
each_drill = pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.slug)


def checked(root: Path) -> dict[str, Light]:
    lights = check_drills(KIT, DRILLS, root)
    assert isinstance(lights, dict), lights
    return lights


@pytest.fixture(scope="module", name="untouched")
def fixture_untouched() -> dict[str, Light]:
    return checked(exercises(KIT))


@pytest.fixture(scope="module", name="solved")
def fixture_solved() -> dict[str, Light]:
    return checked(solutions(KIT))


def copy_of(slug: str, folder: Path) -> Path:
    target = folder / slug
    target.mkdir()
    for name, path in given_files(KIT, BY_SLUG[slug]).items():
        shutil.copy(path, target / name)
    return target


def assert_green(slug: str, root: Path) -> None:
    lights = check_drills(KIT, [BY_SLUG[slug]], root)
    assert isinstance(lights, dict), lights
    assert lights[slug].ok, lights[slug].message


@each_drill
def test_the_untouched_drill_is_red_with_a_message_that_helps(
    drill: Drill, untouched: dict[str, Light]
):
    light = untouched[drill.slug]
    assert not light.ok
    assert len(light.messages) == 1
    assert CRASHED not in light.message and "Error: Mistake" not in light.message


@each_drill
def test_the_solved_drill_is_green(drill: Drill, solved: dict[str, Light]):
    assert solved[drill.slug].ok, solved[drill.slug].message


@pytest.mark.parametrize(("slug", "server"), PROOFS)
def test_a_language_server_solves_the_drill(slug: str, server: str, tmp_path: Path):
    folder = copy_of(slug, tmp_path)
    with LanguageServer(server, folder) as running:
        MOVES[slug][0](running)
    assert_green(slug, tmp_path)


@pytest.mark.parametrize("slug", DEBUGGER)
def test_a_debugger_finds_the_value(slug: str, tmp_path: Path):
    DEBUGGER[slug](copy_of(slug, tmp_path))
    assert_green(slug, tmp_path)


@pytest.mark.parametrize("slug", NO_SERVER, ids=lambda slug: f"{slug}-no-server-can")
def test_where_no_server_can_the_end_state_is_proven(slug: str, solved: dict[str, Light]):
    assert NO_SERVER[slug]  # the reason, for readers of this file
    assert solved[slug].ok, solved[slug].message


def test_every_drill_has_its_proof():
    proven = [*MOVES, *DEBUGGER, *NO_SERVER]
    assert sorted(proven) == sorted(BY_SLUG)
    assert len(DRILLS) == 20


@each_drill
def test_a_drill_takes_less_than_three_minutes_and_one_screen(drill: Drill):
    assert drill.minutes <= 3 and drill.par >= 1
    lines = guide(KIT, drill).splitlines()
    assert lines[0].startswith(f"# {drill.number} ")
    assert len(lines) <= 20 and max(map(len, lines)) <= 100


@each_drill
def test_a_drills_guide_names_the_keys_that_it_practises(drill: Drill):
    keymaps = read_keymaps()
    text = guide(KIT, drill)
    assert not keymaps.unknown_in(text)
    assert set(drill.keys) <= set(keymaps.actions)
    assert drill.keys[0] in actions_in(text)


@each_drill
def test_every_file_that_a_guide_names_is_there(drill: Drill):
    names = set(re.findall(r"`(\w+\.(?:py|txt))`", guide(KIT, drill)))
    assert names and names <= set(given_files(KIT, drill)) | {"survival.py"}


@each_drill
def test_the_solution_has_the_drills_files_and_no_other(drill: Drill):
    given = set(given_files(KIT, drill))
    end = {path.name for path in (solutions(KIT) / drill.slug).iterdir() if path.is_file()}
    assert end == given


@each_drill
def test_a_drill_leads_to_a_step_of_the_kata(drill: Drill):
    assert re.fullmatch(r"\d\d-[a-z-]+", drill.step)
    steps = {step.slug for step in KIT.kata.steps}
    numbers = {step.number for step in KIT.kata.steps}
    assert drill.step in steps or drill.step[:2] not in numbers


def test_a_missing_server_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(ServerFailed) as refused:
        command_of("pyrefly")
    assert str(refused.value) == (
        "The language server pyrefly is not installed. It comes with the development "
        "dependencies: ./go test, or uv pip install pyrefly"
    )


def test_a_server_that_dies_is_named_with_its_last_words(tmp_path: Path):
    folder = tmp_path / "drill"
    folder.mkdir()
    dying = [sys.executable, "-c", "import sys; sys.stdin.read(1); sys.exit('no licence')"]
    with pytest.raises(ServerFailed) as died, LanguageServer("pylsp", folder, dying):
        pass
    assert str(died.value) == (
        "pylsp died (exit code 1). Its last words: no licence Fix it with: "
        "uv pip install python-lsp-server pylsp-rope python-lsp-black"
    )
