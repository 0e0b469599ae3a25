"""The kit's own files: the exercises, the messy notebook and its data; or those of an adopted one."""

import os
from pathlib import Path
from typing import NamedTuple

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.kata import Kata, kata_from_toml
from nbkata.kata.shell.kata_file import read_toml
from nbkata.workspace.core.workspace import MARKER

IDE_FILES = (
    *(".vscode/*.json", ".vscode/*.code-snippets"),
    *(".idea/misc.xml", ".idea/modules.xml", ".idea/*.iml", ".idea/.gitignore"),
    *(".idea/inspectionProfiles/*.xml", ".idea/runConfigurations/*.xml"),
)
# Where assistants look for their rules: most in the first, GitHub's and JetBrains' in one of their own.
ASSISTANT_FILES = ("AGENTS.md", ".github/copilot-instructions.md", ".junie/guidelines.md")

# The kata that `nbkata start` begins unless another one is named.
FIRST = "refactoring"


class Kit(NamedTuple):
    """Where the kit's files are, and the kata they make."""

    root: Path
    kata: Kata
    # Whether it is the kata that `nbkata adopt` wrote into a workspace, which is then its root.
    is_adopted: bool = False
    name: str = FIRST  # the kata's folder below ``exercises/`` and ``solutions/``

    @property
    def exercises(self) -> Path:
        """The kata's folder, one folder a step in it."""
        return self.root / OWN if self.is_adopted else self.root / "exercises" / self.name

    @property
    def solutions(self) -> Path:
        """The checkpoints: one folder a step, the workspace as it is at the end of it."""
        return self.root / "solutions" / self.name

    @property
    def adopted_files(self) -> Path:
        """Of an adopted kata: the learner's files as `nbkata adopt` made them."""
        return self.exercises / "start"

    @property
    def start_files(self) -> dict[str, Path]:
        """What a new workspace holds: the path in it, and the kit's file it is made from.

        An adopted workspace needs nothing back: its kata names no files, all in it is the learner's.
        """
        return {name: self.root / source for name, source in self.kata.files.items()}

    @property
    def settings_files(self) -> dict[str, Path]:
        """What a new workspace holds for git and for assistants; it works without."""
        folder = (kit_root() if self.is_adopted else self.root) / "exercises" / "workspace"
        rules = folder / "AGENTS.md"  # which an author's own kit need not have
        return {
            **(dict.fromkeys(ASSISTANT_FILES, rules) if rules.is_file() else {}),
            ".gitignore": folder / "gitignore",
            ".pre-commit-config.yaml": folder / "pre-commit-config.yaml",
        }

    @property
    def ide_files(self) -> dict[str, Path]:
        """The editors' shared settings, as they fit this repository, by path; no personal ones."""
        places = [path for name in IDE_FILES for path in sorted(self.root.glob(name))]
        return {path.relative_to(self.root).as_posix(): path for path in places}


KATA = "kata.toml"
# The file beside a workspace's journal that names its kata.
RECORDED = "kata"
# The folder of its own kata in a workspace that `nbkata adopt` made.
OWN = "kata"


def kit_root() -> Path:
    """The clone that this package is run from, or what an installed one carries.

    An author's katas may be elsewhere: ``NBKATA_KIT`` names the folder that holds ``exercises/``.
    """
    if named := os.environ.get("NBKATA_KIT"):
        return Path(named).resolve()
    module = Path(__file__).resolve()
    carried = module.parents[2] / "kit"
    return carried if carried.is_dir() else module.parents[4]


def load_kit(root: Path | None = None, name: str = FIRST) -> Kit | Refusal:
    """A kata of the kit this package belongs to, or of the one at ``root``."""
    root = root or kit_root()
    path = root / "exercises" / name / KATA
    if name != FIRST and not path.is_file():
        names = ", ".join(kata_names(root))
        return Refusal(f"there is no kata '{name}'.", "", f"The katas are: {names}.")
    return _loaded(root, path, is_adopted=False, name=name)


def kata_names(root: Path) -> list[str]:
    """The katas of a kit, by name."""
    return sorted(path.parent.name for path in root.glob(f"exercises/*/{KATA}"))


def kit_around(workspace: Path | None) -> Kit | Refusal:
    """The kata that a workspace brings itself, where `nbkata adopt` made it; else the kit's own.

    Without ``workspace`` the one around the current folder is looked at.
    """
    here = Path.cwd()
    for path in [workspace] if workspace else [here, *here.parents]:
        if (path / MARKER).is_dir():
            own = path.resolve() / OWN / KATA
            if own.is_file():
                return _loaded(path.resolve(), own, is_adopted=True)
            return load_kit(name=_recorded(path))
    return load_kit()


def _recorded(workspace: Path) -> str:
    """The kata that a workspace was made for; those of the first versions do not say."""
    try:
        return (workspace / MARKER / RECORDED).read_text(encoding="utf-8").strip() or FIRST
    except (OSError, UnicodeDecodeError):
        return FIRST


def _loaded(root: Path, path: Path, is_adopted: bool, name: str = FIRST) -> Kit | Refusal:
    document = read_toml(path)
    if isinstance(document, Refusal):
        return document
    kata = kata_from_toml(document, str(path))
    return kata if isinstance(kata, Refusal) else Kit(root, kata, is_adopted, name)
