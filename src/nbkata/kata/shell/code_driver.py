"""Runs a learner's script or calls their seam, in a process of its own, and tells what came out.

Asked with `nbkata.child.shell.run.ask` in the workspace: ``{"file", "seam", "takes", "names"}``,
where ``takes`` lists the data to call the seam with. The answer holds for each call the results' fingerprints, or what was raised, with the file and line of
the learner's code. What comes after a call that raised is not called any more.
"""

import importlib
import json
import os
import runpy
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbkata.child.shell.bounds import explained
from nbkata.child.shell.debugger import join
from nbkata.child.shell.remembered_models import remember_models
from nbkata.child.shell.run import answer
from nbkata.record.shell import probe


def look(spec: dict[str, Any]) -> dict[str, Any]:
    """Run and look; whatever the learner's code raises is part of the answer."""
    file = Path(spec["file"]).resolve()
    sys.path[0] = str(file.parent)
    sys.argv = [str(file)]
    remember_models()
    runs: list[dict[str, Any]] = []
    join()
    try:
        for takes in spec["takes"]:
            namespace = _seam(file, spec, takes) if spec["seam"] else _script(file)
            results = json.loads(probe.Probe().changes(namespace, spec["names"]))
            runs.append({"results": results})
    except BaseException as error:  # pylint: disable=broad-exception-caught # SystemExit as well
        runs.append({"raised": _raised(error, file.parent)})
    return {"runs": runs, "versions": json.loads(probe.versions())}


def _script(file: Path) -> dict[str, Any]:
    return runpy.run_path(str(file), run_name="__main__")


def _seam(file: Path, spec: dict[str, Any], takes: str) -> dict[str, Any]:
    module = importlib.import_module(file.stem)
    function = getattr(module, spec["seam"], None)
    if not callable(function):
        raise SeamMissing(f"there is no function {spec['seam']} in it")
    given = function(takes)
    found = {}
    for name in spec["names"]:
        if isinstance(given, Mapping):
            if name in given:
                found[name] = given[name]
        elif hasattr(given, name):
            found[name] = getattr(given, name)
    if not found:
        shown = f"a value of type {type(given).__name__}, and no dictionary with names"
        raise SeamMissing(f"{spec['seam']} gives back {'nothing' if given is None else shown}")
    return found


class SeamMissing(Exception):
    """The function is not there, or gives nothing back that could be compared."""


def _raised(error: BaseException, folder: Path) -> dict[str, Any]:
    kind = type(error).__name__
    found: dict[str, Any] = {"kind": kind, "said": explained(kind, str(error))}
    if isinstance(error, SyntaxError):
        found |= {"file": error.filename, "line": error.lineno, "column": error.offset}
        found |= {"said": error.msg, "text": (error.text or "").rstrip("\n")}
        return found
    if isinstance(error, ModuleNotFoundError):
        found["missing"] = error.name
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).resolve().is_relative_to(folder):
            found |= {"file": frame.filename, "line": frame.lineno, "text": frame.line}
    return found


if __name__ == "__main__":
    answer(look)
    os._exit(0)  # no exit handlers of the learner's code, no waiting for its threads
