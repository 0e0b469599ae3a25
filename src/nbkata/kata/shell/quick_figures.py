"""The figures of a notebook or of scripts that take no run: their size and their smells."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.core.code_size import code_size
from nbkata.kata.core.figures import Figure, Measured
from nbkata.notebook.core.notebook import Notebook
from nbkata.notebook.shell.notebook_files import read_python_notebook
from nbkata.smells.core.settings import Settings
from nbkata.smells.core.source import source_of_notebook
from nbkata.smells.shell.find import SmellsRequest, find_smells, installed_versions

Found = Mapping[Figure, Measured | None]


class Unmeasured(Exception):
    """Why there is no figure; one sentence."""


def worked_on(workspace: Path) -> list[Path]:
    """The notebook while there is no script yet, else the scripts."""
    notebook = notebook_in(workspace)
    return scripts_in(workspace) if notebook is None else [notebook]


def notebook_in(workspace: Path) -> Path | None:
    """The notebook that is worked on; none once there is a script."""
    if scripts_in(workspace):
        return None
    return next(files_in(workspace / "notebooks", lambda name: "/" not in name, ".ipynb"), None)


def scripts_in(workspace: Path) -> list[Path]:
    """The modules below ``src/``."""
    return list(files_in(workspace / "src", visible, ".py"))


def read_notebook(path: Path) -> Notebook:
    """The notebook. Raises `Unmeasured` if it cannot be read."""
    notebook = read_python_notebook(path)
    if isinstance(notebook, Refusal):
        raise Unmeasured(notebook.what)
    return notebook


def sizes(files: Sequence[Path]) -> Found:
    """Of one notebook or some scripts. Raises `Unmeasured` if they cannot be read."""
    cells = None
    if files and files[0].suffix == ".ipynb":
        notebook = read_notebook(files[0])
        texts, cells = [source_of_notebook(notebook, files[0].name).text], len(notebook.cells)
    else:
        texts = [script.read_text(encoding="utf-8-sig") for script in files]
    try:
        size = code_size(texts)
    except SyntaxError as error:
        raise Unmeasured(f"the code is not Python (line {error.lineno})") from error
    ways = size.ways or (1,)
    return {
        Figure.LINES: Measured(size.lines),
        Figure.CELLS: None if cells is None else Measured(cells),
        Figure.FUNCTIONS: Measured(size.functions),
        Figure.WAYS_MOST: Measured(max(ways)),
        Figure.WAYS_MEAN: Measured(sum(ways) / len(ways)),
    }


def smells(files: Sequence[Path]) -> Found:
    """How many are found in them. Raises `Unmeasured` if one cannot be read."""
    results = find_smells(
        list(files), SmellsRequest(settings=Settings(installed_versions())), workers=1
    )
    unread = [unread for result in results for unread in result.unread]
    if unread:
        raise Unmeasured(unread[0].message)
    return {Figure.SMELLS: Measured(sum(len(result.findings) for result in results))}
