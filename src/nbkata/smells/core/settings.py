"""The few things about smells that a project may set."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LATEST: Mapping[str, tuple[int, int]] = {
    "pandas": (3, 1),
    "numpy": (2, 4),
    "scikit-learn": (1, 9),
}
"""What is assumed where nothing is known of what is installed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Read from ``[tool.nbkata.smells]``, or from pylint's options."""

    installed: Mapping[str, tuple[int, int]] = field(default_factory=lambda: dict(LATEST))
    """Major and minor version of each library whose old names are looked for."""
    max_cell_lines: int = 30
    """Lines of code outside functions: what fits on a screen beside its output."""
    good_names: frozenset[str] = frozenset()
    """Names that are never vague here, ``df`` among them where a team has agreed on it."""

    def as_texts(self) -> list[str]:
        """All of it, for the key of a cached answer."""
        versions = (f"{name} {number}" for name, number in sorted(self.installed.items()))
        return [str(self.max_cell_lines), ",".join(sorted(self.good_names)), *versions]
