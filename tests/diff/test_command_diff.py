"""`nbkata diff` as a person runs it."""

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Nbkata
from support.builders import ROOT, notebook_of, write_json

from nbkata.kata.shell.checkpoint import lay_out, own_files
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import Workspace, create_workspace
from nbkata.workspace.core.journal import Entry, Move, line_of
from nbkata.workspace.shell.history import keep_state

CHECKPOINTS = ROOT / "solutions" / "refactoring"


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A learner's, who is done with step 06 and changed nothing since."""
    kit = load_kit()
    assert isinstance(kit, Kit)
    place = create_workspace(tmp_path / "workspace", kit)
    step = kit.kata.steps[6]
    lay_out(kit, step, place.path)
    green = [Entry("2026-11-21T10:00:00+00:00", s.slug, True, True, 1.0) for s in kit.kata.steps]
    moved = Move("2026-11-21T11:00:00+00:00", kit.kata.steps[7].slug, "next")
    place.journal.write_text("".join(map(line_of, (*green[:7], moved))), encoding="utf-8")
    return place.path


def test_two_steps_give_a_diff_that_tells_their_one_idea(nbkata: Nbkata):
    done = nbkata("diff", "06", "07-alone")
    assert done.returncode == 1 and not done.stderr
    assert done.stdout.startswith("--- 06-titles/src/train.py\n+++ 07-alone/src/train.py\n@@")
    assert "+    df = add_is_alone(df)\n" in done.stdout
    assert done.stdout.count("\n--- ") == 1, "one more file: the tests"


def test_equal_sides_give_0_and_no_line_on_stdout(nbkata: Nbkata, workspace: Path):
    done = nbkata("diff", "6", cwd=workspace)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "No difference between 06-titles and workspace.\n"


def test_windows_line_ends_are_no_difference(nbkata: Nbkata, workspace: Path):
    script = workspace / "src" / "train.py"
    script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))
    assert nbkata("diff", "6", "workspace", cwd=workspace).returncode == 0


def test_alone_it_tells_what_changed_since_the_learners_own_green_step(
    nbkata: Nbkata, workspace: Path
):
    script = workspace / "src" / "train.py"
    script.write_text(script.read_text("utf-8") + "# my own way\n", encoding="utf-8")
    since_checkpoint = nbkata("diff", cwd=workspace)
    assert since_checkpoint.returncode == 1
    assert since_checkpoint.stdout.startswith("--- 06-titles/src/train.py\n")

    green = Workspace(workspace).entries[-1]
    keep_state(workspace, green, own_files(workspace))
    assert "No difference between since-06-titles" in nbkata("diff", cwd=workspace).stderr

    script.write_text(script.read_text("utf-8") + "# and on\n", encoding="utf-8")
    since_green = nbkata("diff", cwd=workspace)
    added = [line for line in since_green.stdout.splitlines() if line.startswith("+")]
    assert added == ["+++ workspace/src/train.py", "+# and on"]


def test_a_damaged_history_gives_way_to_the_checkpoint(nbkata: Nbkata, workspace: Path):
    keep_state(workspace, Workspace(workspace).entries[-1], own_files(workspace))
    (archive,) = (workspace / ".nbkata" / "history").iterdir()
    archive.write_bytes(b"torn")
    assert "between 06-titles and workspace" in nbkata("diff", cwd=workspace).stderr


def test_of_notebooks_cells_are_compared_and_not_what_they_show(nbkata: Nbkata, tmp_path: Path):
    document = notebook_of("import re", "age = 22", "print(age)")
    write_json(tmp_path / "a" / "mine.ipynb", document)
    document["cells"][0]["execution_count"] = 7
    write_json(tmp_path / "same.ipynb", document)
    assert nbkata("diff", "a/mine.ipynb", "same.ipynb").returncode == 0

    document["cells"][1:] = [document["cells"][2] | {"source": "print(age, 'years')"}]
    write_json(tmp_path / "b" / "mine.ipynb", document)
    done = nbkata("diff", "a/mine.ipynb", "b/mine.ipynb")
    assert done.returncode == 1
    assert done.stdout == (
        "Notebook mine.ipynb: changed\n  cell 1, gone\n  - age = 22\n"
        "  cell 1 (cell 2 before), changed\n  - print(age)\n  + print(age, 'years')\n"
    )


def test_a_deleted_notebook_takes_one_line_and_its_script_is_shown(nbkata: Nbkata):
    done = nbkata("diff", "02", "03")
    head, script = done.stdout.split("--- /dev/null\n")
    assert head == "Notebook notebooks/titanic.ipynb: gone (60 cells)\n"
    assert script.startswith("+++ 03-convert/src/train.py\n")


def test_the_notebook_against_a_later_step_is_compared_with_the_script_it_became(nbkata: Nbkata):
    done = nbkata("diff", "notebook", "03")
    assert done.returncode == 1
    assert done.stdout.startswith("--- start/src/train.py\n+++ 03-convert/src/train.py\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("99",), "'99' is no step, and there is no such file or folder."),
        (("src/nothing.py", "06"), "'src/nothing.py' is no step"),
        (("06",), "there is no workspace here. Make one: nbkata start"),
        (("06", "07", "--html", "page.txt"), "page.txt: the page is written as .html."),
        (("06", "07", "--in-ide", "--ide", "emacs"), "the keys of 'emacs' are not known."),
        (("06", "07", "08"), "extra argument"),
        (("odd.py", "06"), "there is no odd.py in 06-titles."),
    ],
)
def test_bad_input_is_refused_with_what_to_do(
    arguments: tuple[str, ...], message: str, nbkata: Nbkata, tmp_path: Path
):
    (tmp_path / "odd.py").touch()
    away = str(tmp_path / "nothing")
    done = nbkata("diff", *arguments, *(("--workspace", away) if arguments == ("06",) else ()))
    assert (done.returncode, done.stdout) == (2, "")
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_binary_big_and_broken_files_are_told_in_one_line(nbkata: Nbkata, tmp_path: Path):
    for folder, last in (("a", b"\0"), ("b", b"\1")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "broken.ipynb").write_text("{" if folder == "a" else "")
        (tmp_path / folder / "model.bin").write_bytes(b"\0\xff" + last)
        (tmp_path / folder / "log.txt").write_bytes(b"x" * 1_200_000 + last)
    assert nbkata("diff", "a", "b").stdout == (
        "Files differ and are not shown: broken.ipynb (this is not JSON, so not a notebook, "
        "the file is empty)\n"
        "Files differ and are not shown: log.txt (1.2 MB, 1.2 MB)\n"
        "Files differ and are not shown: model.bin (binary, 3 bytes, binary, 3 bytes)\n"
    )


def test_a_page_is_written_where_it_is_wanted(nbkata: Nbkata, tmp_path: Path):
    done = nbkata("diff", "06", "07", "--html", "idea.html")
    written = f"Wrote {tmp_path / 'idea.html'}\nOpen it in a browser; --open does that.\n"
    assert (done.returncode, done.stdout) == (1, written)
    page = (tmp_path / "idea.html").read_text(encoding="utf-8")
    assert "06-titles → 07-alone" in page and "add_is_alone" in page
    assert re.search(r"Before: <code>.*nbkata\S* diff 05 06 --open</code>", page)
    assert re.search(r"After: <code>.*nbkata\S* diff 07 08 --open</code>", page)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for an IDE is a script")
@pytest.mark.parametrize(
    ("ide", "command", "option"), [("vscode", "code", "--diff"), ("pycharm", "charm", "diff")]
)
def test_the_ide_gets_each_pair_of_files(
    nbkata: Nbkata, tmp_path: Path, workspace: Path, ide: str, command: str, option: str
):
    answer = tmp_path / "told.jsonl"
    program = tmp_path / "bin" / command
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "import json, sys; '
        f'open({str(answer)!r}, \'a\').write(json.dumps(sys.argv[1:]) + chr(10))" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    done = nbkata("diff", "06", "07", "--in-ide", "--ide", ide, cwd=workspace, PATH=path)
    assert done.stdout == "Opened 2 files in your IDE.\n"
    names = ("src/train.py", "tests/test_features.py")
    wanted = [
        [option, *(str(CHECKPOINTS / step / name) for step in ("06-titles", "07-alone"))]
        for name in names
    ]
    assert [json.loads(line) for line in answer.read_text("utf-8").splitlines()] == wanted


def test_an_ide_that_is_not_found_is_refused_with_the_way_out(nbkata: Nbkata, workspace: Path):
    asked = ("diff", "06", "07", "--in-ide", "--ide", "pycharm")
    done = nbkata(*asked, cwd=workspace, PATH=str(workspace))
    assert done.returncode == 2
    assert " ".join(done.stderr.split()) == (
        "✗ the command of PyCharm, pycharm, is not on the PATH. In JetBrains Toolbox turn on "
        "'Generate shell scripts', or use another --ide, or --html FILE."
    )


def test_in_a_pipe_it_is_a_patch_even_if_colour_is_forced(nbkata: Nbkata, tmp_path: Path):
    for name, text in (("old", "a\nb\nc\n"), ("new", "a\nB\nc\n")):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "src" / "train.py").write_text(text, "utf-8")
    forced = {"FORCE_COLOR": "1", "TTY_COMPATIBLE": "1", "NO_COLOR": "", "TERM": "xterm-256color"}
    done = nbkata("diff", "old", "new", **forced)
    assert done.returncode == 1
    assert done.stdout == nbkata("diff", "old", "new").stdout
    if not shutil.which("git"):
        pytest.skip("git is not installed here, which would take the patch")
    subprocess.run(
        ["git", "apply", "-p1"], cwd=tmp_path / "old", input=done.stdout, encoding="utf-8",
        check=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)},
    )  # fmt: skip
    assert (tmp_path / "old" / "src" / "train.py").read_text("utf-8") == "a\nB\nc\n"
