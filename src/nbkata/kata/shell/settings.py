"""The settings that a new workspace gets beside its files: for git, and for the editors."""

import sys
from pathlib import Path

from nbkata.kata.core.ide_files import fitted
from nbkata.kata.shell.kit import Kit, kit_root


def editor_settings(name: str) -> str:
    """A file of the editors' settings as it fits a workspace; ``{}`` if the kit has none.

    Raises ``OSError``.
    """
    path = kit_root() / name
    if not path.is_file():
        return "{}"
    return fitted({name: path.read_text(encoding="utf-8")}, Path(sys.executable).as_posix())[name]


def settings_for(kit: Kit, workspace: Path) -> dict[str, bytes]:
    """By path in the workspace. In the clone the editors open the repository, with its own settings.

    Raises ``OSError``.
    """
    settings = {name: path.read_bytes() for name, path in kit.settings_files.items()}
    if workspace.resolve().is_relative_to(kit.root.resolve()):
        return settings
    ides = {name: path.read_text(encoding="utf-8") for name, path in kit.ide_files.items()}
    here = fitted(ides, Path(sys.executable).as_posix())
    return settings | {name: text.encode("utf-8") for name, text in here.items()}
