"""The named wrong states of the steps: read from each step's ``wrong.toml``, laid out in a workspace."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbkata.authoring.core.proof import WrongState
from nbkata.child.shell.environ import child_environment
from nbkata.kata.shell.checkpoint import own_files
from nbkata.kata.shell.formatting import format_files
from nbkata.kata.shell.kit import Kit
from nbkata.review.core.patch import patched


def wrong_states(kit: Kit, slug: str) -> tuple[WrongState, ...]:
    """Those of one step, and its other ways to be right. Raises ``ValueError`` where the file is not as it must be."""
    path = kit.exercises / slug / "wrong.toml"
    if not path.exists():
        return ()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        for entry in document.get("wrong", ()):
            if not entry.get("shape") and not entry.get("behaviour"):
                raise ValueError(f"{path}: {entry['name']!r} says no sentence that must be read.")
        return tuple(
            WrongState(
                slug,
                entry["name"],
                tuple(entry["edit"]),
                entry.get("shape", ""),
                entry.get("behaviour", ""),
                green=kind == "right",
                cause=entry.get("cause", ""),
                also=tuple(entry.get("also", ())),
                alone=entry.get("alone", False),
                until=entry.get("until", ""),
            )
            for kind in ("wrong", "right")
            for entry in document.get(kind, ())
        )
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise ValueError(f"{path}: {error}") from error


def make_wrong(workspace: Path, state: WrongState) -> None:
    """Make the state's edits. Raises ``ValueError`` where one does not fit the checkpoint.

    Another right way is formatted: its edits need not mind the empty lines.
    """
    for edit in state.edits:
        if "run" in edit:
            command = [sys.executable, edit["run"]]
            subprocess.run(command, cwd=workspace, env=child_environment(), check=True)
            continue
        if "patch" in edit:
            texts = {n: p.read_text(encoding="utf-8") for n, p in own_files(workspace).items()}
            for name, text in patched(texts, edit["patch"]).items():
                (workspace / name).write_bytes(text.encode("utf-8"))
            continue
        path = workspace / edit["file"]
        if edit.get("delete"):
            path.unlink()
        elif "move" in edit:
            (workspace / edit["move"]).rename(path)
        elif "text" in edit:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(edit["text"].encode("utf-8"))
        elif "cut_from" in edit:
            text = path.read_text(encoding="utf-8")
            _once(edit["cut_from"] in text and edit["cut_to"] in text, edit, state)
            before, _, rest = text.partition(edit["cut_from"])
            after = rest[rest.index(edit["cut_to"]) :] if edit["cut_to"] else ""
            path.write_bytes((before + after).encode("utf-8"))
        elif path.suffix == ".ipynb":
            _edit_notebook(path, edit, state)
        else:
            text = path.read_text(encoding="utf-8")
            _once(edit["old"] in text, edit, state)
            path.write_bytes(text.replace(edit["old"], edit["new"]).encode("utf-8"))
    if state.green:
        format_files(workspace)


def _edit_notebook(path: Path, edit: Mapping[str, Any], state: WrongState) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    cells = document["cells"]
    for cell in cells:
        cell["source"] = "".join(cell["source"])
    if "add_below" in edit:
        place = _cell_with(cells, edit["add_below"], edit, state) + 1
        new = {"cell_type": "code", "id": "wrong", "metadata": {}, "outputs": []}
        cells.insert(place, {**new, "execution_count": None, "source": edit["new"]})
    elif "cell" in edit:
        becomes = {
            key: None if value == "null" else value for key, value in edit["becomes"].items()
        }
        cells[_cell_with(cells, edit["cell"], edit, state)] |= becomes
    elif "outputs" in edit:
        for cell in cells:
            answer = json.dumps(cell.get("outputs", []))
            if edit["outputs"] in answer:
                cell["outputs"] = json.loads(answer.replace(edit["outputs"], edit["new"]))
                break
        else:
            _once(False, edit, state)
    else:
        _once(any(edit["old"] in cell["source"] for cell in cells), edit, state)
        for cell in cells:
            cell["source"] = cell["source"].replace(edit["old"], edit["new"])
    path.write_text(json.dumps(document), encoding="utf-8")


def _cell_with(
    cells: list[dict[str, Any]], text: str, edit: Mapping[str, Any], state: WrongState
) -> int:
    for index, cell in enumerate(cells):
        if text in cell["source"]:
            return index
    _once(False, edit, state)
    return 0


def _once(fits: bool, edit: Mapping[str, Any], state: WrongState) -> None:
    if not fits:
        raise ValueError(
            f"{state.step}, '{state.name}': {edit['file']} does not hold what the edit looks for"
        )
