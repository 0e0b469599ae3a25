"""Runs of notebooks that differ in comments, texts or saved outputs alone: one run does for all."""

import ast
import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import read_file
from nbkata.common.shell.walk import files_in
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.check import Observation, observe
from nbkata.kata.shell.kit import Kit


class NotebookRuns:
    """The runs made so far, by what their cells do; asked from several threads at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.at_work: dict[tuple[str, ...], threading.Lock] = {}
        self.made: dict[tuple[str, ...], Observation] = {}

    def run(self, kit: Kit, step: Step, workspace: Path) -> Observation | Refusal:
        """As `observe`, with the outputs of an earlier run where the same code ran in the same cells."""
        behaviour = kit.kata.behaviour(step)
        try:
            text = read_file(workspace / behaviour.file).decode("utf-8")
            cells = json.loads(text)["cells"]
            data = b"".join(path.read_bytes() for path in files_in(workspace / "data"))
            read = hashlib.sha256(data).hexdigest()
            key = (repr(behaviour), read, *map(_what_it_does, cells))
        except (OSError, ValueError, KeyError, TypeError):
            return observe(kit, step, workspace)
        with self.lock:
            lock = self.at_work.setdefault(key, threading.Lock())
        with lock:
            earlier = self.made.get(key)
            if earlier is not None and earlier.document is not None:
                return replace(earlier, document=_as_if_run(cells, earlier.document))
            observed = observe(kit, step, workspace)
            if isinstance(observed, Observation):
                self.made[key] = observed
            return observed


def _what_it_does(cell: dict[str, Any]) -> str:
    """The same for cells that do the same; a cell that is no plain Python does what it says."""
    source = "".join(cell["source"])
    if cell["cell_type"] != "code":
        return ""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return source


def _as_if_run(cells: Sequence[dict[str, Any]], executed: dict[str, Any]) -> dict[str, Any]:
    """The executed notebook with these cells' own sources."""
    run = [
        {**other, "source": "".join(cell["source"])}
        for cell, other in zip(cells, executed["cells"], strict=True)
    ]
    return {**executed, "cells": run}
