"""Step 00: the saved notebook is what a fresh run gives."""

import codecs
import re
from textwrap import shorten

from nbkata.record.core.reproduce import first_difference, order_faults


def test_jupyter_can_read_the_file(workspace, kata):
    code = (
        f"import codecs, pathlib; p = pathlib.Path('{kata.notebook}'); "
        "p.write_bytes(p.read_bytes().removeprefix(codecs.BOM_UTF8))"
    )
    assert not (workspace / kata.notebook).read_bytes().startswith(codecs.BOM_UTF8), (
        f"{kata.notebook} begins with a byte order mark, which some editors write. The kit can read "
        f'it, Jupyter cannot. Take it out, in the workspace: python -c "{code}"'
    )


def test_the_cells_were_run_once_each_from_top_to_bottom(notebook):
    faults = order_faults(notebook)
    assert not faults, (
        f"The saved notebook was not run from top to bottom: {with_its_code(faults[0], notebook)}"
        + (f" (and {len(faults) - 1} more)" if len(faults) > 1 else "")
        + ". Restart the kernel, run all cells, save."
    )


def test_what_was_saved_is_what_a_fresh_run_shows(notebook, fresh_run):
    difference = first_difference(notebook, fresh_run)
    assert difference is None, (
        f"A fresh run does not reproduce what was saved: {with_its_code(difference, notebook)}. "
        "Restart the kernel, run all cells, save."
    )


def with_its_code(message, notebook):
    """A message that begins with a cell's number, which no editor shows: now with its last line, too."""
    index = int(re.match(r"cell (\d+)", message)[1])
    line = notebook.cells[index].source.strip().rpartition("\n")[2]
    return message.replace(f"cell {index}", f"cell {index} ({shorten(line, 50, placeholder=' …')})", 1)
