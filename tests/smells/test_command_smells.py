"""`nbkata smells`, from the outside: what it prints, writes and refuses, and its exit codes."""

import json
import os
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from support.builders import ROOT, completed_inside, notebook_of, write_json

from nbkata.dataflow.core import frames
from nbkata.notebook.core import language
from nbkata.purity.core import effects
from nbkata.smells.commands._smells_screen import HARMS
from nbkata.smells.core import find
from nbkata.smells.core.symbols import Smell
from nbkata.smells.shell.annotate import annotate_file
from nbkata.smells.shell.cache import key_of
from nbkata.smells.shell.find import SmellsRequest, files_at_a_time, smells_of_file


@pytest.fixture(autouse=True)
def no_cache_of_yours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("NBKATA_CACHE", str(folder))
    return folder


def run(
    *arguments: str | Path, folder: Path, code: int, **environment: str
) -> subprocess.CompletedProcess[str]:
    environment = {"COLUMNS": "100", **environment}
    done = completed_inside("smells", *map(str, arguments), cwd=folder, **environment)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def answer(*arguments: str | Path, folder: Path, code: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        run(*arguments, "--format", "json", folder=folder, code=code).stdout
    )
    return document


def save(folder: Path, *sources: str, name: str = "a.ipynb") -> Path:
    return write_json(folder / name, notebook_of(*sources))


TITLE = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# Fares"}


def clean(folder: Path, name: str = "clean.ipynb") -> Path:
    document = notebook_of("fare = 7.25\nlabel = f'{fare} pounds'\nuse(label)")
    document["cells"][0]["source"] = "def doubled(fare):\n    return fare + fare"
    document["cells"].insert(0, TITLE)
    document["cells"].append(notebook_of("total = doubled(1)\nassert total")["cells"][0])
    return write_json(folder / name, document)


def test_text_names_cell_line_source_and_cure(tmp_path: Path) -> None:
    save(tmp_path, "x = 1", "\n%matplotlib inline\nprint(x)")
    output = run("a.ipynb", "--select", "print-noise", folder=tmp_path, code=1).stdout
    assert "a.ipynb\n  cell 1, line 3" in output
    assert "    | print(x)\n    print-noise: " in output
    assert "1 finding of 1 kind in 1 file" in output


def test_a_clean_notebook_exits_with_0(tmp_path: Path) -> None:
    clean(tmp_path)
    assert run("clean.ipynb", folder=tmp_path, code=0).stdout == "No smells in 1 file.\n"


def test_json_is_the_document_that_was_promised(tmp_path: Path) -> None:
    save(tmp_path, "print(1)", name="mit Lücken ü.ipynb")
    document = answer("mit Lücken ü.ipynb", "--select", "print-noise", folder=tmp_path, code=1)
    assert document["errors"] == []
    (finding,) = document["findings"]
    assert finding.pop("message").startswith("print is for eyes")
    assert finding == {
        "path": "mit Lücken ü.ipynb",
        "cell": 0,
        "line": 1,
        "symbol": "print-noise",
    }


def test_exit_zero_finds_and_exits_with_0(tmp_path: Path) -> None:
    save(tmp_path, "print(1)")
    assert answer("a.ipynb", "--exit-zero", folder=tmp_path, code=0)["findings"]


def test_ignore_takes_symbols_and_ids_away(tmp_path: Path) -> None:
    save(tmp_path, "print(1)")
    options = ("--select", "print-noise,untitled-notebook", "--ignore", "C9501")
    symbols = [
        one["symbol"] for one in answer("a.ipynb", *options, folder=tmp_path, code=1)["findings"]
    ]
    assert symbols == ["untitled-notebook"]


def test_an_unknown_smell_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    output = run("a.ipynb", "--select", "print-nose", folder=tmp_path, code=2).stderr
    assert "no smell called print-nose" in output and "Did you mean print-noise?" in output


def test_explain_tells_what_why_cure_and_examples(tmp_path: Path) -> None:
    output = run("--explain", "nan-equality", folder=tmp_path, code=0).stdout
    for part in (
        "nan-equality (W9529)",
        "Why: ",
        "Fix: ",
        "Bad:",
        "== np.nan",
        "Good:",
        ".isna()",
    ):
        assert part in output
    everything = run("--explain", "all", folder=tmp_path, code=0).stdout
    assert all(smell.value in everything for smell in Smell)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ipynb", b"{not json", "not JSON"),
        ("a.ipynb", b'{"a": 1}', "not a notebook"),
        ("a.ipynb", b"", "empty"),
        ("a.ipynb", b"\xff\xfe\x00", "not UTF-8"),
        ("a.ipynb", b'{"nbformat": 4, "metadata": {}, "cells": []}', "no code cells"),
        ("a.ipynb", b'{"nbformat": 9, "metadata": {}, "cells": []}', "newer"),
        ("a.py", b"x = '\xff'", "not UTF-8"),
        ("a.py", b"def f(:\n", "not Python"),
        ("a.py", b"x = 1\0", "not Python"),
        ("a.csv", b"x", "neither a notebook"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_others_are_checked(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    save(tmp_path, "print(1)", name="good.ipynb")
    document = answer(name, "good.ipynb", "no such.ipynb", folder=tmp_path, code=2)
    errors = {error["path"]: error["message"] for error in document["errors"]}
    assert message in errors[name]
    assert "no such file" in errors["no such.ipynb"]
    assert {one["path"] for one in document["findings"]} == {"good.ipynb"}


def test_a_notebook_of_another_language_is_refused(tmp_path: Path) -> None:
    document = notebook_of("print(1)")
    document["metadata"] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    write_json(tmp_path / "a.ipynb", document)
    (error,) = answer("a.ipynb", folder=tmp_path, code=2)["errors"]
    assert "this notebook is in R, and nbkata runs Python." in error["message"]


def test_python_2_in_one_cell_is_told_and_the_other_cells_are_checked(tmp_path: Path) -> None:
    save(tmp_path, "x = 1", "y = 2\nprint 'old'", "print(x)")
    document = answer("a.ipynb", "--select", "print-noise", folder=tmp_path, code=2)
    (error,) = document["errors"]
    assert (error["cell"], error["line"]) == (1, 2)
    assert "Python 2" in error["message"]
    assert [(one["cell"], one["line"]) for one in document["findings"]] == [(2, 1)]


def test_an_old_notebook_is_read_and_said_so(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "input": "print(1)", "outputs": [], "language": "python"}
    worksheet = {"cells": [cell], "metadata": {}}
    document = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [worksheet]}
    write_json(tmp_path / "old.ipynb", document)
    done = run("old.ipynb", "--select", "print-noise", folder=tmp_path, code=1)
    assert "cell 0, line 1" in done.stdout
    assert "nbformat 3" in done.stderr


def test_nothing_named_is_a_refusal(tmp_path: Path) -> None:
    assert "Name a notebook" in run(folder=tmp_path, code=2).stderr


def test_a_folder_is_gone_through_without_checkpoints_and_copies(tmp_path: Path) -> None:
    for name in ("b/a.ipynb", "b/.ipynb_checkpoints/a.ipynb", "b/a.smells.ipynb", "b/venv/x.ipynb"):
        save(tmp_path, "print(1)", name=name)
    (tmp_path / "b" / "s.py").write_text("print(1)\n", encoding="utf-8")
    document = answer("b", "--select", "print-noise", folder=tmp_path, code=1)
    assert [Path(one["path"]).name for one in document["findings"]] == ["a.ipynb", "s.py"]


def test_pyproject_chooses_and_a_mistake_in_it_is_told(tmp_path: Path) -> None:
    save(tmp_path, "df = 1\nprint(df)")
    project = tmp_path / "pyproject.toml"
    table = '[tool.nbkata.smells]\nselect = ["vague-name", "print-noise"]\ngood-names = ["df"]\n'
    project.write_text(table, encoding="utf-8")
    found = answer("a.ipynb", folder=tmp_path, code=1)["findings"]
    assert [one["symbol"] for one in found] == ["print-noise"]
    project.write_text("[tool.nbkata.smells]\nselekt = 3\n", encoding="utf-8")
    assert "selekt" in run("a.ipynb", folder=tmp_path, code=2).stderr


def test_sarif_has_what_the_standard_requires(tmp_path: Path) -> None:
    text = json.dumps(notebook_of("x = 1\nprint(x)"), indent=1)
    (tmp_path / "a b.ipynb").write_text(text, encoding="utf-8")
    options = ("--select", "print-noise", "--format", "sarif")
    log = json.loads(run("a b.ipynb", *options, folder=tmp_path, code=1).stdout)
    assert log["version"] == "2.1.0"
    (sarif,) = log["runs"]
    driver = sarif["tool"]["driver"]
    assert driver["name"] == "nbkata"
    assert len({rule["id"] for rule in driver["rules"]}) == len(Smell)
    (result,) = sarif["results"]
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "C9501"
    assert result["message"]["text"].startswith("cell 0, line 2: print")
    assert result["level"] in {"none", "note", "warning", "error"}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b.ipynb"
    assert place["region"]["startLine"] >= 1
    assert sarif["invocations"][0]["executionSuccessful"] is True


def test_github_annotations_point_at_the_line_of_the_file(tmp_path: Path) -> None:
    document = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1\nprint(x)\n")])
    nbformat.write(document, tmp_path / "a.ipynb")
    options = ("--select", "print-noise", "--format", "github")
    output = run("a.ipynb", *options, folder=tmp_path, code=1).stdout
    lines = (tmp_path / "a.ipynb").read_text(encoding="utf-8").split("\n")
    row = next(number for number, line in enumerate(lines, start=1) if "print(x)" in line)
    start = f"::notice file=a.ipynb,line={row},title=print-noise::cell 0, line 2: print is for eyes"
    assert output.startswith(start)


def test_annotate_writes_a_valid_copy_once(tmp_path: Path) -> None:
    path = save(tmp_path, "%%time\nprint(1)\nprint(2)", "if True:\n    print('''\na''')")
    before = path.read_bytes()
    run("a.ipynb", "--annotate", "--select", "print-noise", folder=tmp_path, code=1)
    assert path.read_bytes() == before
    copy = tmp_path / "a.smells.ipynb"
    first = copy.read_bytes()
    document = nbformat.read(copy, as_version=4)
    nbformat.validate(document)
    lines = [cell.source.split("\n") for cell in document.cells]
    assert lines[0][0] == "%%time" and lines[0][1].startswith("# [code smell] print-noise: ")
    assert lines[1][1].startswith("    # [code smell] print-noise: ")
    options = ("--annotate", "--in-place", "--select", "print-noise")
    run("a.smells.ipynb", *options, folder=tmp_path, code=1)
    assert copy.read_bytes() == first
    assert not list(tmp_path.glob("*.bak*"))


def test_annotate_in_place_keeps_the_old_file(tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    script.write_bytes(b"import pandas as pd\r\ndf = pd.read_csv('x.csv')\r\n")
    run("a.py", "--annotate", "--in-place", "--select", "vague-name", folder=tmp_path, code=1)
    new = script.read_bytes()
    assert new.startswith(b"import pandas as pd\r\n# [code smell] vague-name: ")
    assert new.endswith(b"\r\ndf = pd.read_csv('x.csv')\r\n") and b"\n\n" not in new
    assert (tmp_path / "a.py.bak").read_bytes().startswith(b"import pandas as pd\r\ndf")


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such file names")
@pytest.mark.parametrize("form", ["text", "github"])
def test_escapes_in_names_and_sources_are_shown_and_not_sent(tmp_path: Path, form: str) -> None:
    save(tmp_path, "df = 1 # \x1b[2J", name="a\x1b[2J.ipynb")
    done = run("a\x1b[2J.ipynb", "--format", form, folder=tmp_path, code=1)
    assert "a\\x1b[2J.ipynb" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_annotate_in_place_never_replaces_a_save_that_came_in_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "a.py"
    script.write_text("df = 1\n")
    request = SmellsRequest(use_cache=False)
    found = smells_of_file(script, request).findings
    fsync = os.fsync

    def saved_while_syncing(handle: int) -> None:
        fsync(handle)
        script.write_text("my_save = 1\n")

    monkeypatch.setattr(os, "fsync", saved_while_syncing)
    refusal = annotate_file(script, found, in_place=True)
    assert "it was saved while it was being annotated" in str(refusal)
    assert script.read_text() == "my_save = 1\n"
    assert not list(tmp_path.glob("*.tmp"))


def test_the_wall_is_a_page_of_its_own_and_a_picture(tmp_path: Path) -> None:
    save(tmp_path, "import os\nprint(1)", "df = 1\ndf", name="my <notes>.ipynb")
    walls = ("--wall", "w.html", "--wall", "w.svg", "--wall", "w.png")
    refused = run("my <notes>.ipynb", *walls, folder=tmp_path, code=2).stderr
    assert "w.png: the wall is drawn as .html or .svg." in refused
    page = (tmp_path / "w.html").read_text(encoding="utf-8")
    assert "<table" in page and "value = harm" in page and "my &lt;notes&gt;.ipynb" in page
    assert "://" not in page.replace("http://www.w3.org/2000/svg", "")
    picture = ElementTree.parse(tmp_path / "w.svg").getroot()
    shown = "".join(picture.itertext())
    assert "print-noise" in shown
    assert all(
        zone in shown for zone in ("quick wins", "worthy investments", "low-hanging", "no-go")
    )


def test_a_second_run_answers_from_the_cache(tmp_path: Path, no_cache_of_yours: Path) -> None:
    path = save(tmp_path, "print(1)")
    first = run("a.ipynb", folder=tmp_path, code=1).stdout
    (kept,) = (no_cache_of_yours / "nbkata" / "smells").iterdir()
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace("print is for eyes", "from the cache"), encoding="utf-8")
    assert "from the cache" in run("a.ipynb", folder=tmp_path, code=1).stdout
    assert run("a.ipynb", "--no-cache", folder=tmp_path, code=1).stdout == first
    save(tmp_path, "print(2)")
    assert "from the cache" not in run(path.name, folder=tmp_path, code=1).stdout
    kept.write_text("{torn", encoding="utf-8")
    save(tmp_path, "print(1)")
    assert run("a.ipynb", folder=tmp_path, code=1).stdout == first


@pytest.mark.parametrize("module", [find, frames, language, effects])
def test_no_answer_is_kept_over_a_change_of_what_the_detectors_ask(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, "print(1)")
    before = key_of(path, "a", ())
    changed = tmp_path / "changed.py"
    changed.touch()
    monkeypatch.setattr(module, "__file__", str(changed))
    assert key_of(path, "a", ()) != before


def test_a_cache_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    save(tmp_path, "print(1)")
    (tmp_path / "file").write_text("", encoding="utf-8")
    run("a.ipynb", folder=tmp_path, code=1, NBKATA_CACHE=str(tmp_path / "file" / "x"))


def test_many_files_on_many_cores_give_the_answers_of_one(tmp_path: Path) -> None:
    for number in range(6):
        save(tmp_path, f"x{number} = 1", "print(1)" * (number % 2), name=f"n{number}.ipynb")
    (tmp_path / "n3.ipynb").write_text("{", encoding="utf-8")
    one = answer(".", "--no-cache", "--workers", "1", folder=tmp_path, code=2)
    assert answer(".", "--no-cache", "--workers", "2", folder=tmp_path, code=2) == one
    assert len(one["errors"]) == 1


def test_a_magic_without_its_sign_gets_it_where_a_comment_goes_above_it(tmp_path: Path) -> None:
    save(tmp_path, "cd -q ..", "df?")
    run("a.ipynb", "--annotate", "--select", "ipython-only", folder=tmp_path, code=1)
    cells = json.loads((tmp_path / "a.smells.ipynb").read_text(encoding="utf-8"))["cells"]
    last = ["".join(cell["source"]).rsplit("\n", maxsplit=1)[-1] for cell in cells]
    assert last == ["%cd -q ..", "df?"]


def test_many_findings_begin_with_a_line_a_kind_the_worst_first(tmp_path: Path) -> None:
    notebook = ROOT / "notebooks" / "titanic.ipynb"
    text = run(notebook, folder=tmp_path, code=1).stdout
    lines = text.splitlines()
    assert lines[0].split() == ["smell", "places", "harm", "fix", "where"]
    first = ["data-leakage", "chosen-by-test-score", "secret-in-code"]
    assert [line.split()[0] for line in lines[1:4]] == first
    rows = lines[4 : lines.index("", 1) if "" in lines else None]
    harms = [harm for row in rows for harm in HARMS.values() if harm in row]
    assert len(harms) >= 30 and harms == sorted(harms, key=list(HARMS.values())[::-1].index)
    assert len(lines) < 50 and "cell 13, line 2" not in text and "add -v" in text
    assert "  cell 13, line 2" in run(notebook, "-v", folder=tmp_path, code=1).stdout


@pytest.mark.parametrize(
    ("columns", "heads"),
    [(40, "smell places fix"), (60, "smell places harm fix"), (80, "smell places harm fix where")],
)
def test_the_summary_leaves_out_columns_rather_than_cut_them(
    tmp_path: Path, columns: int, heads: str
) -> None:
    notebook = ROOT / "notebooks" / "titanic.ipynb"
    lines = run(notebook, folder=tmp_path, code=1, COLUMNS=str(columns)).stdout.splitlines()
    assert lines[0].split() == heads.split()
    assert all(len(line.rstrip()) <= columns for line in lines)
    row = next(line for line in lines if line.startswith("secret-in-code"))
    assert "5 min" in row and ("first of all" in row) is (columns >= 60)


def test_a_kinds_name_shows_its_places_alone(tmp_path: Path) -> None:
    notebook = ROOT / "notebooks" / "titanic.ipynb"
    text = run(notebook, "nan-equality", folder=tmp_path, code=1).stdout
    assert "  cell 13, line 2" in text and "1 finding of 1 kind" in text


def test_no_number_of_a_place_is_cut(tmp_path: Path) -> None:
    notebook = ROOT / "notebooks" / "titanic.ipynb"
    text = run(notebook, folder=tmp_path, code=1, COLUMNS="80").stdout
    assert "cells 2, 55, 61 …" in text and "63, 6" not in text


def test_a_word_that_is_nearly_a_kind_is_refused_with_it(tmp_path: Path) -> None:
    notebook = ROOT / "notebooks" / "titanic.ipynb"
    done = run(notebook, "secret-in-cod", folder=tmp_path, code=2)
    assert "there is no smell called secret-in-cod. Did you mean secret-in-code?" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(("files", "workers"), [(60, 2), (100, 2), (500, 16), (5_000, 16)])
def test_no_worker_has_much_more_to_read_than_its_share(files: int, workers: int):
    portion = files_at_a_time(files, workers)
    portions = -(-files // portion)
    most = -(-portions // workers) * portion
    assert most <= 1.05 * files / workers


def test_without_a_name_a_learner_is_sent_to_their_own_notebooks(tmp_path: Path):
    elsewhere = " ".join(run(folder=tmp_path, code=2).stderr.split())
    (tmp_path / "workspace" / "notebooks").mkdir(parents=True)  # as in the kit's folder
    in_the_kit = " ".join(run(folder=tmp_path, code=2).stderr.split())
    assert elsewhere.endswith("nbkata smells notebooks")
    assert in_the_kit.endswith("nbkata smells workspace/notebooks")
