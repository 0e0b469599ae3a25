"""Reading what is to be extracted from, and running it once for example rows."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.extract.core.analysis import Flow, flow_of
from nbkata.extract.core.candidates import Candidate
from nbkata.extract.core.codegen import Example, function_source
from nbkata.extract.core.lines import code_of_notebook, code_of_script, plain_python
from nbkata.notebook.core.deepest import is_too_deep
from nbkata.notebook.core.run import Stopped
from nbkata.notebook.core.texts import script_conflict
from nbkata.notebook.shell.deepest import deepest_place
from nbkata.notebook.shell.notebook_files import read_python_notebook, read_python_notebook_json
from nbkata.notebook.shell.run_notebook import Ask, run_notebook
from nbkata.notebook.shell.text_files import read_script

_KEEPER = "__nbkata_keeper__"


def read_flow(path: Path) -> Flow | Refusal:
    """The data flow of a notebook or of a script."""
    if path.suffix == ".py":
        source = read_script(path)
        if isinstance(source, Refusal):
            return source
        code = code_of_script(source)
        if code is None:
            what = "this is nested too deeply." if is_too_deep(source) else "this is not Python 3."
            other = Refusal(what, deepest_place(path), "Fix it, or name another file.")
            return script_conflict(source, str(path)) or other
    else:
        notebook = read_python_notebook(path)
        if isinstance(notebook, Refusal):
            return notebook
        code = code_of_notebook(notebook)
        if not notebook.code_cells:
            return Refusal("it has no code cells.", str(path), "Name another notebook.")
    flow = flow_of(code, str(path))
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

    ended = run_notebook(
        _with_keeper(document, flow, wanted),
        path.parent.resolve(),
        timeout_s=timeout_s,
        environment={"MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        after_cell=ask_at_the_end,
    )
    if isinstance(ended, Stopped):
        return {}, (f"{ended.refusal(flow.path)} The tests have no rows from it.",)
    found = json.loads(ast.literal_eval(answers[0])) if answers else {}
    return _examples(found), ()


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


def _with_keeper(document: dict[str, Any], flow: Flow, wanted: list[Candidate]) -> dict[str, Any]:
    """The notebook with a line before and after each block, and one at its beginning."""
    inserts: dict[tuple[int, int], list[str]] = {}
    for item in wanted:
        first = flow.code.place(item.facts[0].first)
        before = f"{_KEEPER}.before({item.name!r}, {list(item.inputs)!r}, globals())"
        inserts.setdefault((first.cell, first.line), []).append(before)
        last = flow.code.place(item.facts[-1].last)
        after = f"{_KEEPER}.after({item.name!r}, globals().get({item.frame!r}), "
        after += f"{list(item.columns_written)!r}, {list(item.columns_read)!r})"
        inserts.setdefault((last.cell, last.line + 1), []).insert(0, after)
    cells = [
        _cell_with(cell, index, inserts) if cell["cell_type"] == "code" else cell
        for index, cell in enumerate(document["cells"])
    ]
    start = next(index for index, cell in enumerate(cells) if _runs(cell))
    source = f"from nbkata.extract.shell.kernel import keeper as {_KEEPER}\n"
    cells[start] = {**cells[start], "source": source + _text(cells[start]["source"])}
    return {**document, "cells": cells}


def _runs(cell: Mapping[str, Any]) -> bool:
    return (
        cell["cell_type"] == "code"
        and plain_python(_text(cell["source"])) is not None
        and bool(_text(cell["source"]).strip())
    )


def _text(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source)


def _cell_with(
    cell: dict[str, Any], index: int, inserts: Mapping[tuple[int, int], list[str]]
) -> dict[str, Any]:
    lines = _text(cell["source"]).split("\n")
    made: list[str] = []
    for number in range(1, len(lines) + 2):
        made += inserts.get((index, number), [])
        made += lines[number - 1 : number]
    return {**cell, "source": "\n".join(made)}
