"""What a project says about smells in its pyproject.toml."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from nbkata.common.core.refusal import Refusal
from nbkata.smells.core.settings import Settings


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """``[tool.nbkata.smells]``; the command line's own options go before it."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()  # patterns of paths in folders, like ``*/generated/*``
    good_names: tuple[str, ...] = ()
    max_cell_lines: int = Settings().max_cell_lines


def read_project_settings(start: Path) -> ProjectSettings | Refusal:
    """From the nearest pyproject.toml at or above a folder; the defaults where there is none."""
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        if path.is_file():
            return _settings_in(path)
    return ProjectSettings()


def _settings_in(path: Path) -> ProjectSettings | Refusal:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return Refusal(f"this is not TOML ({error}).", str(path), "Fix it, and run again.")
    table = document.get("tool", {}).get("nbkata", {}).get("smells", {})
    known = {field.name.replace("_", "-"): field.name for field in fields(ProjectSettings)}
    given: dict[str, Any] = {}
    for name, value in table.items():
        if name not in known or isinstance(value, list) is (name == "max-cell-lines"):
            names = ", ".join(known)
            what = f"[tool.nbkata.smells] has {name} = {value!r}, which means nothing here."
            return Refusal(what, str(path), f"It may set: {names}.")
        given[known[name]] = tuple(map(str, value)) if isinstance(value, list) else value
    return ProjectSettings(**given)
