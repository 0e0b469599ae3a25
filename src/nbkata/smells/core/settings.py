"""The few things about smells that a project may set."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# What is assumed where nothing is known of what is installed.
LATEST: Mapping[str, tuple[int, int]] = {
    "pandas": (3, 1),
    "numpy": (2, 4),
    "scikit-learn": (1, 9),
    "scipy": (1, 17),
    "matplotlib": (3, 11),
    "seaborn": (0, 13),
    "statsmodels": (0, 14),
    "tensorflow": (2, 20),
    "keras": (3, 10),
    "xgboost": (3, 0),
    "lightgbm": (4, 6),
    "gensim": (4, 3),
    "plotly": (6, 0),
}
# The kit does not bring these: where they are missing, whoever runs the code installs the latest.
ASSUMED = frozenset("statsmodels tensorflow keras xgboost lightgbm gensim plotly".split())


@dataclass(frozen=True, slots=True)
class Settings:
    """Read from ``[tool.nbkata.smells]``, or from pylint's options."""

    # Major and minor version of each library whose old names are looked for.
    installed: Mapping[str, tuple[int, int]] = field(default_factory=lambda: dict(LATEST))
    # Lines of code outside functions: what fits on a screen beside its output.
    max_cell_lines: int = 30
    # Names that are never vague here, ``df`` among them where a team has agreed on it.
    good_names: frozenset[str] = frozenset()

    def as_texts(self) -> list[str]:
        """All of it, for the key of a cached answer."""
        versions = (f"{name} {number}" for name, number in sorted(self.installed.items()))
        return [str(self.max_cell_lines), ",".join(sorted(self.good_names)), *versions]
