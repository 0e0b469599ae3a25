"""The kit's own files: the exercises, the messy notebook and its data."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from nbkata.core.kata import Kata, kata_from_toml
from nbkata.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Kit:
    """Where the kit's files are, and the kata they make."""

    root: Path
    kata: Kata

    @property
    def exercises(self) -> Path:
        """The guided kata's folder, one folder a step in it."""
        return self.root / "exercises" / "refactoring"

    @property
    def solutions(self) -> Path:
        """The checkpoints: one folder a step, as the workspace stands at the end of it."""
        return self.root / "solutions" / "refactoring"

    @property
    def start_files(self) -> dict[str, Path]:
        """What a new workspace holds: the path in it, and the kit's file it is made from."""
        return {
            self.kata.notebook: self.root / self.kata.notebook,
            "data/titanic.csv": self.root / "notebooks" / "data" / "titanic.csv",
            "data/README.md": self.root / "notebooks" / "data" / "README.md",
            "pyproject.toml": self.exercises / "workspace.toml",
        }


def load_kit(root: Path | None = None) -> Kit | Refusal:
    """The kit this package belongs to, or the one at ``root``."""
    root = root or Path(__file__).resolve().parents[3]
    path = root / "exercises" / "refactoring" / "kata.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        what = f"it cannot be read ({error.strerror})."
        return Refusal(what, str(path), "Check the kit out again and run ./go in it.")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        what = f"this is not TOML ({error})."
        return Refusal(what, str(path), "Bring the file back (git checkout) and run again.")
    kata = kata_from_toml(document, str(path))
    return kata if isinstance(kata, Refusal) else Kit(root, kata)
