"""Finding the place in a file that is nested too deeply to be read."""

from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.deepest import deepest_line
from nbkata.notebook.shell.notebook_files import read_notebook
from nbkata.notebook.shell.text_files import read_script


def deepest_place(path: Path) -> str:
    """``a.ipynb, cell 3, line 2``; of a file that is no code, its name alone."""
    if path.suffix == ".ipynb":
        notebook = read_notebook(path)
        if isinstance(notebook, Refusal):
            return str(path)
        cell, line = deepest_line((f", cell {c.index}", c.source) for c in notebook.code_cells)
        return f"{path}{cell}, line {line}"
    source = read_script(path)
    if isinstance(source, Refusal):
        return str(path)
    return f"{path}, line {deepest_line([('', source)])[1]}"
