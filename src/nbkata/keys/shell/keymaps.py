"""Reading ``keymaps.json``, which travels with the package, and remembering whose keys to show."""

import json
import os
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.keys.core.habits import Choice, choice_of
from nbkata.keys.core.keys import Keymaps, keymaps_from
from nbkata.workspace.core.workspace import MARKER


@cache
def read_keymaps() -> Keymaps:
    """Every action's keys in every place."""
    text = files("nbkata.keys").joinpath("keymaps.json").read_text(encoding="utf-8")
    return keymaps_from(json.loads(text))


def chosen_platform(
    home: Path | None, ide: str, system: str, is_kept: bool = True
) -> Choice | Refusal:
    """Whose keys to show. An option is remembered in the workspace ``home``, if it is to be kept."""
    memory = home / MARKER / "keys.json" if home else None
    remembered = _remembered(memory) if memory else {}
    choice = choice_of(read_keymaps().ides, ide, system, remembered, os.environ, sys.platform)
    if memory and is_kept and isinstance(choice, Choice) and choice.asked:
        _remember(memory, choice)
    return choice


def _remembered(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return (
        {name: value for name, value in found.items() if isinstance(value, str)}
        if isinstance(found, dict)
        else {}
    )


def _remember(path: Path, choice: Choice) -> None:
    document = {"ide": choice.place.ide.slug, "os": choice.place.system.value}
    try:
        write_atomically(path, (json.dumps(document) + "\n").encode("utf-8"))
    except OSError:
        pass  # a read-only disk forgets: the keys are shown all the same
