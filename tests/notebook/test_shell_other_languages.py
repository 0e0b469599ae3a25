"""A notebook, a script or a cell in another language is never run or read as Python."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.builders import notebook_of, output_of, write_json

from nbkata.adopt.core.translate import translated
from nbkata.adopt.shell.origin import read_origin
from nbkata.common.core.refusal import Refusal
from nbkata.extract.core.lines import code_of_notebook
from nbkata.notebook.core.language import foreign_language
from nbkata.notebook.core.notebook import notebook_from_json
from nbkata.notebook.shell.notebook_files import read_notebook, read_python_notebook
from nbkata.record.core.record import Record, record_to_text
from nbkata.smells.core.magics import as_python


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kernel(name: str, language: str = "") -> dict[str, Any]:
    """A notebook's metadata with this kernel."""
    spec = {"name": name, "display_name": name}
    return {"kernelspec": spec | ({"language": language} if language else {})}


LANGUAGES = {
    "julia": (kernel("julia-1.9", "julia"), "Julia"),
    "kernel alone": (kernel("ir"), "R"),
    "kernel with a version": (kernel("julia-1.10.2"), "Julia"),
    "xeus": (kernel("xcpp17"), "C++"),
    "calls itself Python's": (kernel("sos", "python"), "SoS"),
    "bash": (kernel("bash", "bash"), "Bash"),
    "language info alone": ({"language_info": {"name": "sql"}}, "SQL"),
    "scala": (kernel("scala", "scala"), "Scala"),
    "javascript": (kernel("deno", "typescript"), "TypeScript"),
    "polyglot": (kernel(".net-csharp", "C#"), "C#"),
    "unknown": (kernel("mine", "forth"), "Forth"),
    "nbformat 3": ({"language": "Julia"}, "Julia"),
    "databricks": ({"application/vnd.databricks.v1+notebook": {"language": "scala"}}, "Scala"),
    "R Markdown": ({"jupytext": {"main_language": "R"}}, "R"),
}


@pytest.mark.parametrize(("metadata", "language"), LANGUAGES.values(), ids=LANGUAGES)
def test_the_language_is_known_by_whatever_names_it(metadata: dict[str, Any], language: str):
    assert foreign_language(metadata) == language


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        kernel("python3", "python"),
        kernel("scalable-env", "python"),
        kernel("javan", "python"),
        kernel("conda-env-r-stats-py"),
        {"language_info": {"name": "ipython"}},
        kernel("pysparkkernel", "pyspark"),
        {"kernelspec": [1], "language_info": "x", "jupytext": None},
    ],
)
def test_python_under_any_kernel_name_stays_python(metadata: dict[str, Any]):
    assert foreign_language(metadata) == ""


COMMANDS = {
    "record": ["record", "r.ipynb"],
    "characterize": ["characterize", "r.ipynb", "--approve"],
    "compare": ["compare", "golden.json", "r.ipynb"],
    "extract": ["extract", "r.ipynb"],
    "adopt": ["adopt", "r.ipynb"],
    "smells": ["smells", "r.ipynb", "--annotate"],
    "purity": ["purity", "r.ipynb"],
    "strength": ["strength", "--target", "r.ipynb"],
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_every_command_refuses_it_in_one_sentence_and_writes_nothing(
    folder: Path, words: list[str]
):
    write_json(folder / "r.ipynb", {**notebook_of("x = 1"), "metadata": kernel("ir", "R")})
    (folder / "golden.json").write_text(record_to_text(Record("r.ipynb", ())), encoding="utf-8")
    before = sorted(folder.iterdir())
    code, _, err = output_of(*words)
    assert code == 2
    assert "r.ipynb: this notebook is in R, and nbkata runs Python. Name a Python notebook" in err
    assert sorted(folder.iterdir()) == before


def test_two_notebooks_in_another_language_are_compared(folder: Path):
    for name, source in (("a.ipynb", "x <- 1"), ("b.ipynb", "x <- 2")):
        write_json(folder / name, {**notebook_of(source), "metadata": kernel("ir", "R")})
    code, out, err = output_of("diff", "a.ipynb", "b.ipynb")
    assert (code, err) == (1, "")
    assert "x <- 1" in out and "x <- 2" in out


TEXTS = {
    "r.R": ("x <- 1\n", "this is R,"),
    "j.jl": ("x = 1\n", "this is Julia,"),
    "r.Rmd": ("---\ntitle: x\n---\n\n```{r}\nx <- 1\n```\n", "this notebook is in R,"),
    "j.md": ("# x\n\n```julia\nx = 1\n```\n", "this notebook is in Julia,"),
    "q.qmd": ("```{python}\nx = 1\n```\n", "quarto convert"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_notebook_in_another_language_is_not_adopted(folder: Path, name: str):
    content, message = TEXTS[name]
    (folder / name).write_text(content, encoding="utf-8")
    refused = read_origin(folder / name)
    assert isinstance(refused, Refusal) and message in str(refused)


def test_r_markdown_with_python_alone_is_adopted(folder: Path):
    (folder / "p.Rmd").write_text("```{python}\nx = 1\n```\n", encoding="utf-8")
    assert not isinstance(read_origin(folder / "p.Rmd"), Refusal)


def test_a_text_notebook_is_refused_elsewhere_with_the_command_that_makes_a_notebook(folder: Path):
    (folder / "a.md").write_text("```python\nx = 1\n```\n", encoding="utf-8")
    code, _, err = output_of("record", "a.md")
    assert code == 2 and 'Make a notebook of it: jupytext --to ipynb "a.md"' in err


def test_a_cell_that_vs_code_runs_in_another_language_is_refused_by_its_number(folder: Path):
    document = notebook_of("x = 1", "SELECT 1")
    document["cells"][1]["metadata"] = {"vscode": {"languageId": "sql"}}
    path = write_json(folder / "n.ipynb", document)
    assert "n.ipynb, cell 1: this cell is in SQL" in str(read_python_notebook(path))
    assert not isinstance(read_notebook(path), Refusal)


@pytest.mark.parametrize(
    "magic", ["R", "bash", "javascript", "julia", "octave", "stata", "pwsh", "script bash", "SQL"]
)
def test_no_engine_reads_a_cell_under_the_magic_of_another_language(magic: str):
    cell = f"%%{magic}\nx = 1\ny = x"  # Python by chance
    assert as_python(cell).text.strip() == ""
    code = code_of_notebook(notebook_from_json(notebook_of(cell)))
    assert len(code.unread) == 1 and not code.text.strip()
    assert all(line.startswith("#") for line in translated(cell, 0).code.splitlines())


def test_a_kernel_that_is_installed_here_and_no_pythons_is_not_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    spec = {"argv": ["false"], "display_name": "x", "language": "forth"}
    write_json(folder / "jupyter" / "kernels" / "mine" / "kernel.json", spec)
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
    path = write_json(folder / "n.ipynb", {**notebook_of("x = 1"), "metadata": kernel("mine")})
    code, _, err = output_of("record", path.name)
    assert code == 2 and "mine: this kernel runs forth, not Python." in err
    assert not (folder / "n.record.json").exists()
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"] == kernel("mine")
