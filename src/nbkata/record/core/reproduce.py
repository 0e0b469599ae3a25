"""Whether a saved notebook is what a fresh run of it gives."""

from nbkata.common.core.counting import counted
from nbkata.notebook.core.notebook import Cell, Notebook, Output, OutputKind


def order_faults(notebook: Notebook) -> tuple[str, ...]:
    """Where the execution counts say that the cells were not run once each, top to bottom.

    Empty for a notebook that was restarted, run all and saved: counts 1, 2, 3, … over the code
    cells that hold any code.
    """
    with_code = [cell for cell in notebook.code_cells if cell.source.strip()]
    faults = []
    for expected, cell in enumerate(with_code, start=1):
        if cell.execution_count is None:
            faults.append(f"cell {cell.index} was never run")
        elif cell.execution_count != expected:
            faults.append(f"cell {cell.index} shows [{cell.execution_count}], not [{expected}]")
    return tuple(faults)


def first_difference(saved: Notebook, fresh: Notebook) -> str | None:
    """The first cell whose saved text output is not what a fresh run shows; none if all agree.

    Pictures are left out: their bytes differ between machines.
    """
    for before, now in zip(saved.code_cells, fresh.code_cells, strict=True):
        old, new = _shown(before), _shown(now)
        if old != new:
            return f"cell {before.index} {_how(old, new)}"
    return None


def _shown(cell: Cell) -> list[str]:
    """Lines as a reader sees them; the streams apart, for their pieces arrive in any order."""
    streams = {
        name: "".join(output.text for output in cell.outputs if output.stream == name)
        for name in ("stdout", "stderr")
    }
    displays = [_text(output) for output in cell.outputs if output.kind is not OutputKind.STREAM]
    return [line for text in (*streams.values(), *displays) for line in text.splitlines()]


def _text(output: Output) -> str:
    return output.text + ("\n" + output.html if output.html else "")


def _how(old: list[str], new: list[str]) -> str:
    if not old:
        return "was saved without its output"
    for before, now in zip(old, new, strict=False):
        if before != now:
            return f"was saved with {_short(before)}, but a fresh run shows {_short(now)}"
    lines = counted(len(old), "line")
    return f"was saved with {lines} of output, but a fresh run shows {len(new)}"


def _short(line: str, width: int = 48) -> str:
    line = " ".join(line.split())
    return repr(line if len(line) <= width else line[: width - 1] + "…")
