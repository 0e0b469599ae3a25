"""Reading what is to be extracted from, and running it once for example rows."""

import ast
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.extract.core.analysis import Flow, flow_of
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.codegen import Example, function_source
from nbkata.extract.core.lines import code_of_notebook, code_of_script
from nbkata.notebook.core.deepest import is_too_deep
from nbkata.notebook.core.run import Stopped
from nbkata.notebook.core.texts import script_conflict
from nbkata.notebook.shell.deepest import deepest_place
from nbkata.notebook.shell.cells import Ask, as_module
from nbkata.notebook.shell.notebook_files import read_python_notebook, read_python_notebook_json
from nbkata.notebook.shell.run_notebook import run_notebook
from nbkata.notebook.shell.text_files import read_script
from nbkata.smells.core.find import smells_in_notebook, smells_in_script
from nbkata.smells.core.symbols import Smell

_KEEPER = "__nbkata_keeper__"
_DEAD = frozenset({Smell.DEAD_CODE})


def read_flow(path: Path) -> Flow | Refusal:
    """The data flow of a notebook or of a script."""
    if path.suffix == ".py":
        source = read_script(path)
        if isinstance(source, Refusal):
            return source
        code = code_of_script(source)
        smells = smells_in_script(source, path.name, _DEAD)
        if code is None:
            what = "this is nested too deeply." if is_too_deep(source) else "this is not Python 3."
            other = Refusal(what, deepest_place(path), "Fix it, or name another file.")
            return script_conflict(source, str(path)) or other
    else:
        notebook = read_python_notebook(path)
        if isinstance(notebook, Refusal):
            return notebook
        code = code_of_notebook(notebook)
        smells = smells_in_notebook(notebook, path.name, _DEAD)
        if not notebook.code_cells:
            return Refusal("it has no code cells.", str(path), "Name another notebook.")
    flow = flow_of(code, str(path), {finding.row for finding in smells.findings})
    if isinstance(flow, Flow) and not flow.facts and flow.code.unread:
        return Refusal(
            "no cell holds Python 3.",
            f"{path}, cell {flow.code.unread[0].cell}",
            "Python 2 must be converted first (2to3).",
        )
    return flow


def run_examples(flow: Flow, timeout_s: int) -> tuple[dict[str, Example], tuple[str, ...]]:
    """Example rows for the blocks that change a frame; and why there are none."""
    path = Path(flow.path)
    if flow.code.is_script:
        return {}, ("A script is not run: its tests have no rows yet.",)
    document = read_python_notebook_json(path)
    if isinstance(document, Refusal):
        return {}, (str(document),)
    wanted = [item for item in flow.candidates if item.frame and item.columns_written]
    answers: list[str] = []
    last = max((fact.cell for fact in flow.facts), default=-1)

    def ask_at_the_end(cell: int, ask: Ask) -> None:
        if cell == last:
            blocks = {item.name: _block(item, flow) for item in wanted}
            answers.append(ask("", f"{_KEEPER}.examples({blocks!r}, globals())"))

    inserts = _inserts(flow, wanted)
    ended = run_notebook(
        _with_inserts(document, inserts),
        path.parent.resolve(),
        timeout_s=timeout_s,
        at_start=_keeper(),
        environment={"MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        after_cell=ask_at_the_end,
    )
    if isinstance(ended, Stopped):
        ended = _as_written(ended, inserts)
        return {}, (f"{ended.refusal(flow.path)} The tests have no rows from it.",)
    found = json.loads(ast.literal_eval(answers[0])) if answers else {}
    return _examples(found), ()


def _keeper() -> str:
    """Code that gives the kernel, which may be of another Python, the text of `kernel`."""
    source = Path(__file__).with_name("kernel.py").read_text(encoding="utf-8")
    module = as_module(_KEEPER, source, "keeper", "Keeper()")
    return f"{module}\nfrom {_KEEPER} import keeper as {_KEEPER}"


def _block(item: Candidate, flow: Flow) -> dict[str, Any]:
    return {
        "source": function_source(item, flow.code),
        "frame": item.frame,
        "columns": list(dict.fromkeys([*item.columns_read, *item.columns_dropped])),
        "written": list(item.columns_written),
    }


def _examples(found: Mapping[str, Any]) -> dict[str, Example]:
    return {
        name: Example(each["given"], each["expected"], each["extra"])
        for name, each in found.items()
        if "error" not in each and any(each["given"].values())
    }


# Lines to put before a line of a cell, both by number.
Inserts = Mapping[tuple[int, int], list[str]]


def _inserts(flow: Flow, wanted: list[Candidate]) -> Inserts:
    """A line before and after each block."""
    inserts: dict[tuple[int, int], list[str]] = {}
    for item in wanted:
        first = flow.code.place(item.facts[0].first)
        before = f"{_KEEPER}.before({item.name!r}, {list(item.inputs)!r}, globals())"
        inserts.setdefault((first.cell, first.line), []).append(before)
        last = flow.code.place(item.facts[-1].last)
        after = f"{_KEEPER}.after({item.name!r}, globals().get({item.frame!r}), "
        after += f"{list(item.columns_written)!r}, {list(item.columns_read)!r})"
        inserts.setdefault((last.cell, last.line + 1), []).insert(0, after)
    return inserts


def _with_inserts(document: dict[str, Any], inserts: Inserts) -> dict[str, Any]:
    cells = [
        _cell_with(cell, index, inserts) if cell["cell_type"] == "code" else cell
        for index, cell in enumerate(document["cells"])
    ]
    return {**document, "cells": cells}


def _cell_with(cell: dict[str, Any], index: int, inserts: Inserts) -> dict[str, Any]:
    text = cell["source"]
    lines = ("".join(text) if isinstance(text, list) else str(text)).split("\n")
    made: list[str] = []
    for number in range(1, len(lines) + 2):
        made += inserts.get((index, number), [])
        made += lines[number - 1 : number]
    return {**cell, "source": "\n".join(made)}


def _as_written(stopped: Stopped, inserts: Inserts) -> Stopped:
    """With the line as it is in the notebook, not counting what was inserted above it."""
    if stopped.cell is None or stopped.line is None:
        return stopped
    written = [
        number
        for number in range(1, stopped.line + 1)
        for _ in [*inserts.get((stopped.cell, number), ()), "the line itself"]
    ]
    return replace(stopped, line=written[stopped.line - 1])
