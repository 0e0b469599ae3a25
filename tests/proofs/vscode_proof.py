"""VS Code for real: the repository's settings, its tasks, and drills done with the table's keys.

    python tests/proofs/vscode_proof.py CODE_SERVER [--node NODE] [--pictures FOLDER]

A clone of this repository is opened in code-server, in a Chromium without a window; what is
claimed is read from the screen and from the files, and each drill is judged by its own check. It is
run on demand, not with the tests: code-server takes 640 MB and two minutes to install. For
instance, with npm and the Node of the version that code-server asks for:

    npm install --ignore-scripts code-server
    cd node_modules/code-server/lib/vscode
    npm install --ignore-scripts --omit=dev
    (cd extensions && npm install --ignore-scripts --omit=dev)
    npm rebuild @vscode/spdlog @vscode/native-watchdog @vscode/sqlite3

CODE_SERVER is then node_modules/code-server/out/node/entry.js. Exit code 1 where anything failed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from support.builders import ROOT
from support.chromium import installed
from support.code_server import ACTIVE, LINES, PLACE, SHOWN, Window, window

from nbkata.common.core.refusal import Refusal
from nbkata.drills.core.drills import Drill
from nbkata.drills.shell.drills import check_drills, load_drills
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.keys.shell.keymaps import read_keymaps


@dataclass(frozen=True, slots=True)
class Bench:
    """A clone of the repository with a workspace in it, and VS Code on it."""

    vscode: Window
    clone: Path

    @property
    def drills(self) -> Path:
        """The learner's."""
        return self.clone / "workspace" / "drills"

    def open(self, drill: str, name: str) -> list[str]:
        """A file of a drill, in VS Code; its lines as they are on the disk."""
        self.vscode.open(PurePosixPath("workspace/drills", drill, name))
        return (self.drills / drill / name).read_text(encoding="utf-8").splitlines()

    def answer(self, drill: str, *words: str) -> None:
        """Written below the line, as the learner is told."""
        self.open(drill, "answer.txt")
        self.vscode.press("Ctrl+End")
        self.vscode.type("\n".join(words))
        self.vscode.save()

    def new(self, name: str, text: str = "") -> Path:
        """A file in the workspace, open in VS Code."""
        path = self.clone / "workspace" / name
        path.write_text(text, encoding="utf-8")
        self.vscode.open(PurePosixPath("workspace", name))
        return path


def line_with(lines: list[str], words: str) -> int:
    """Its number in the editor."""
    return next(number for number, line in enumerate(lines, start=1) if words in line)


Proof = Callable[[Bench], None]

# The settings, seen where they show.


def the_ruler_stands_at_100(bench: Bench) -> None:
    """editor.rulers, for Python only."""
    bench.vscode.open(PurePosixPath("src/nbkata/cli.py"))
    bench.vscode.wait("document.querySelectorAll('.view-ruler').length == 1", "the ruler")
    bench.vscode.open(PurePosixPath("go.bat"))
    bench.vscode.wait("!document.querySelector('.view-ruler')", "a file without a ruler")


def caches_are_not_among_the_files(bench: Bench) -> None:
    """files.exclude."""
    rows = "[...document.querySelectorAll('.explorer-folders-view .monaco-list-row')]"
    bench.vscode.key("show_explorer")
    bench.vscode.wait(f"{rows}.some(row => row.innerText.trim() == 'benchmarks')", "the folders")
    assert (bench.clone / "__pycache__").is_dir()
    assert not bench.vscode.page.run(f"{rows}.some(row => row.innerText.trim() == '__pycache__')")


def the_learners_files_are_found_by_name_and_no_other_copies(bench: Bench) -> None:
    """search.useIgnoreFiles, search.exclude: git passes the workspace over, the editor must not."""
    bench.vscode.key("open_file_by_name")
    bench.vscode.wait(SHOWN % ".quick-input-widget", "the list")
    bench.vscode.page.type("deck_plan.py")
    found = "[...document.querySelectorAll('.quick-input-list .monaco-list-row')]"
    mine = "workspace/drills/15-open-by-name"
    bench.vscode.wait(f"{found}.some(row => row.ariaLabel.includes('{mine}'))", "the copy")
    others = f"{found}.some(row => row.ariaLabel.startsWith('deck_plan.py exercises'))"
    assert not bench.vscode.page.run(others)
    bench.vscode.press("Escape")


def a_save_tidies_the_ends_of_lines_and_of_the_file(bench: Bench) -> None:
    """files.trimTrailingWhitespace, files.insertFinalNewline."""
    scratch = bench.new("src/scratch.py")
    bench.vscode.type("AGE = 80   ")
    bench.vscode.save()
    assert scratch.read_bytes() == b"AGE = 80\n"


def a_tour_is_read_as_json(bench: Bench) -> None:
    """files.associations."""
    bench.vscode.open(PurePosixPath(".tours/the-kit.tour"))
    language = "document.getElementById('status.editor.mode')?.innerText"
    bench.vscode.wait(f"{language} == 'JSON'", "JSON in the status bar")


def a_snippet_is_offered_and_written(bench: Bench) -> None:
    """nbkata.code-snippets."""
    scratch = bench.new("tests/test_scratch.py")
    bench.vscode.type("chartest")
    bench.vscode.key("code_completion")
    offered = "[...document.querySelectorAll('.suggest-widget .monaco-list-row.focused')]"
    bench.vscode.wait(f"{offered}.some(row => row.ariaLabel.includes('chartest'))", "the snippet")
    bench.vscode.press("Enter")
    bench.vscode.wait("document.querySelector('.view-line').textContent.length > 20", "its text")
    bench.vscode.press("Escape")
    bench.vscode.save()
    assert scratch.read_text(encoding="utf-8").startswith("def test_train_does_what_it_did():")


# The tasks, read in the terminal.


def run_task(bench: Bench, label: str, pattern: str) -> None:
    """From the palette, until the terminal says what is expected."""
    bench.vscode.command("Tasks: Run Task")
    bench.vscode.take(label)
    bench.vscode.terminal(pattern)


def the_task_tells_where_one_is(bench: Bench) -> None:
    """nbkata: where am I?"""
    run_task(bench, "nbkata: where am I?", "behaviour[^]*shape[^]*next")
    bench.vscode.picture("task")


def the_task_says_that_the_drill_is_red(bench: Bench) -> None:
    """nbkata: check the drill; the one that was opened last."""
    run_task(bench, "nbkata: check the drill", r"09-move-and-duplicate\s+red")


def the_task_says_that_the_drill_is_green(bench: Bench) -> None:
    """The same, when it is done."""
    run_task(bench, "nbkata: check the drill", r"09-move-and-duplicate\s+green")


# The drills, with the keys of the table.


def move_and_duplicate(bench: Bench) -> None:
    """Two presses for the line, one for its copy."""
    lines = bench.open("09-move-and-duplicate", "pipeline.py")
    bench.vscode.line(line_with(lines, "fill_ages_by_title"))
    bench.vscode.key("move_line_up", times=2)
    bench.vscode.line(line_with(lines, '"Age"'))
    bench.vscode.key("duplicate_line")
    bench.vscode.press("Home", "Shift+End", "Delete")
    bench.vscode.type('("Fare", 512),')
    bench.vscode.save()


def many_cursors(bench: Bench) -> None:
    """The next occurrence until every one is selected, then all lines at once."""
    lines = bench.open("10-multi-cursor", "train.py")
    bench.vscode.line(line_with(lines, "# In["))
    bench.vscode.press("Home", *["Shift+Right"] * len("# In["))
    bench.vscode.key("select_next_occurrence", times=sum("# In[" in line for line in lines) - 1)
    bench.vscode.press("Home", "Shift+End")
    bench.vscode.picture("many-cursors")
    bench.vscode.press("Delete")
    bench.vscode.save()


def open_by_name(bench: Bench) -> None:
    """A few letters, and the answer is on the screen."""
    bench.vscode.choose("open_file_by_name", "deckpl", "deck_plan.py")
    bench.vscode.wait(f"{ACTIVE} == 'deck_plan.py' && {LINES}.includes('DECKS')", "the decks")
    decks = re.findall(r'"([\w ]+)"', "\n".join(bench.vscode.seen()).partition("DECKS")[2])
    bench.answer("15-open-by-name", decks[1])


def fold(bench: Bench) -> None:
    """Everything folded: the headlines are what is still on the screen."""
    bench.open("18-fold", "train.py")
    bench.vscode.key("collapse_all")
    bench.vscode.wait(f"!{LINES}.includes('float(text)')", "the folded file")
    bench.vscode.picture("folded")
    bench.answer("18-fold", *re.findall(r"def (\w+)", "\n".join(bench.vscode.seen())))


def split(bench: Bench) -> None:
    """The test beside the code; the last line is fixed on the left."""
    lines = bench.open("19-split", "is_alone.py")
    bench.vscode.key("split_right")
    bench.vscode.wait("document.querySelectorAll('.editor-group-container').length == 2", "a split")
    bench.vscode.choose("open_file_by_name", "test_is_alone", "test_is_alone.py")
    bench.vscode.wait(f"{ACTIVE} == 'test_is_alone.py' && {LINES}.includes('promises')", "the test")
    bench.vscode.picture("split")
    bench.vscode.press("Ctrl+1")
    bench.vscode.wait(f"{ACTIVE} == 'is_alone.py'", "the code on the left")
    bench.vscode.line(len(lines))
    bench.vscode.press("Home", "Shift+End", "Delete")
    bench.vscode.type("return 1 if family_size == 1 else 0")
    bench.vscode.save()


# Other keys of the table, each seen on the screen in turn.

SCRATCH = "def one():\n    return 1\n\n\ntwo = 2\n"
CURSORS = "document.querySelectorAll('.editor-group-container.active .cursor').length"
SIDE_BAR, PANEL = SHOWN % ".part.sidebar", SHOWN % ".part.panel"
IN_TURN = (
    ("toggle_line_comment", f"{LINES}.startsWith('# def')"),
    ("toggle_line_comment", f"{LINES}.startsWith('def')"),
    ("collapse_region", f"!{LINES}.includes('return')"),
    ("expand_region", f"{LINES}.includes('return')"),
    ("collapse_all", f"!{LINES}.includes('return')"),
    ("expand_all", f"{LINES}.includes('return')"),
    ("move_line_down", f"{LINES}.startsWith('    return')"),
    ("move_line_up", f"{LINES}.startsWith('def')"),
    ("copy_line_up", f"{LINES}.split('def one').length == 3"),
    ("add_cursor_below", f"{CURSORS} == 2"),
    ("toggle_terminal", "!!document.activeElement.closest('.xterm')"),
    ("toggle_terminal", f"!{PANEL}"),
    ("toggle_terminal", PANEL),
    ("search_in_files", SHOWN % ".search-view"),
    ("show_explorer", SHOWN % ".explorer-folders-view"),
    ("toggle_sidebar", f"!{SIDE_BAR}"),
    ("toggle_sidebar", SIDE_BAR),
)


def other_keys(bench: Bench) -> None:
    """All of them, one after the other, in one file."""
    bench.new("src/keys.py", SCRATCH)
    for action, seen in IN_TURN:
        bench.vscode.key(action)
        bench.vscode.wait(seen, f"what {action} does")
    bench.vscode.save()


SETTINGS: tuple[Proof, ...] = (
    caches_are_not_among_the_files,
    the_ruler_stands_at_100,
    the_learners_files_are_found_by_name_and_no_other_copies,
    a_save_tidies_the_ends_of_lines_and_of_the_file,
    a_tour_is_read_as_json,
    a_snippet_is_offered_and_written,
)
DRILLS: dict[str, Proof] = {
    "19-split": split,
    "18-fold": fold,
    "15-open-by-name": open_by_name,
    "10-multi-cursor": many_cursors,
    "09-move-and-duplicate": move_and_duplicate,
}
"""The one that the task checks is opened last."""
BEFORE = (*SETTINGS, the_task_tells_where_one_is, the_task_says_that_the_drill_is_red)
AFTER = (the_task_says_that_the_drill_is_green, other_keys)
NOT_THERE = """\
Could not be shown here: what extensions do, which come from a marketplace.
  drills:   {drills}
  keys:     {keys}
  settings: format on save, black and isort, pylint's marks; the launch configurations (debugpy)
And not with this browser: the keys of macOS and Windows, the desktop's own keys, PyCharm."""


def main() -> int:
    """Print what was shown and what was not; 1 where something failed."""
    parser = argparse.ArgumentParser(description="Prove the VS Code settings in a real one.")
    parser.add_argument("code_server", type=Path, help="its out/node/entry.js")
    parser.add_argument("--node", default="node", help="the Node to run it with")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the window")
    asked = parser.parse_args()
    missing = [name for name, there in wanted(asked).items() if not there]
    if missing:
        print("\n".join(f"Not there: {name}." for name in missing))
        print("The top of this file says how to install it.")
        return 2
    with tempfile.TemporaryDirectory(prefix="nbkata-proof-") as folder:
        clone = cloned(Path(folder, "nbkata"))
        command = [asked.node, str(asked.code_server)]
        with window(command, clone, asked.pictures) as opened:
            failed = prove(Bench(opened, clone))
    print(not_shown())
    return 1 if failed else 0


def wanted(asked: argparse.Namespace) -> dict[str, bool]:
    """What the proof needs, by name, and whether it is there."""
    return {
        f"code-server ({asked.code_server})": asked.code_server.is_file(),
        f"Node ({asked.node})": bool(shutil.which(asked.node)),
        "Chromium": bool(installed()),
    }


def cloned(clone: Path) -> Path:
    """The repository as committed, with this environment, a workspace and the drills opened."""
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    (clone / ".venv").symlink_to(sys.prefix)
    (clone / "__pycache__").mkdir()
    for words in (("start",), *(("drill", slug) for slug in DRILLS)):
        subprocess.run(
            [sys.executable, "-m", "nbkata", *words], cwd=clone, check=True,
            stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(clone / "src")},
        )  # fmt: skip
    return clone


def prove(bench: Bench) -> bool:
    """All of it, in order; whether anything failed."""
    kit = load_kit(bench.clone)
    assert isinstance(kit, Kit)
    drills = load_drills(kit)
    assert not isinstance(drills, Refusal)

    def drilled(slug: str) -> None:
        (drill,) = [one for one in drills if one.slug == slug]
        light = light_of(kit, drill, bench)
        assert not light.ok, "it was green before"
        DRILLS[slug](bench)
        light = light_of(kit, drill, bench)
        assert light.ok, light.message

    proofs = [(proof.__name__.replace("_", " "), partial(proof, bench)) for proof in BEFORE]
    proofs += [(f"drill {slug}, checked", partial(drilled, slug)) for slug in DRILLS]
    proofs += [(proof.__name__.replace("_", " "), partial(proof, bench)) for proof in AFTER]
    return bool([name for name, proof in proofs if not shown(name, proof)])


def light_of(kit: Kit, drill: Drill, bench: Bench) -> Light:
    """By the drill's own check."""
    lights = check_drills(kit, [drill], bench.drills)
    assert isinstance(lights, dict), lights
    return lights[drill.slug]


def shown(name: str, proof: Callable[[], None]) -> bool:
    """Whether it was, said in a line."""
    started = time.monotonic()
    try:
        proof()
    except AssertionError as error:
        print(f"FAILED  {name}: {error}", flush=True)
        return False
    print(f"shown   {name} ({time.monotonic() - started:.0f} s)", flush=True)
    return True


def not_shown() -> str:
    """The drills and keys that an extension does, by the key table."""
    keymaps = read_keymaps()
    needing = {b.action for b in keymaps.of(PLACE) if b.needs_extension}
    kit = load_kit()
    assert isinstance(kit, Kit)
    drills = load_drills(kit)
    assert not isinstance(drills, Refusal)
    slugs = [drill.slug for drill in drills if drill.slug not in DRILLS]
    return NOT_THERE.format(drills=", ".join(slugs), keys=", ".join(sorted(needing)))


if __name__ == "__main__":
    sys.exit(main())
