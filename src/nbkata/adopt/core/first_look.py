"""What a notebook says of itself before anything is run: its name as a module, its cells."""

import re
from collections.abc import Sequence

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.blocked import Blocked, Obstacle
from nbkata.adopt.core.translate import Translated
from nbkata.notebook.core.notebook import Notebook


def module_name(stem: str) -> str:
    """The notebook's name as a module: ``My Notebook (1)`` becomes ``my_notebook_1``."""
    plain = re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_").lower() or "notebook"
    if plain.endswith("_test"):  # pytest would take it for tests
        plain = f"{plain}_nb"
    return (
        f"nb_{plain}"
        if plain[0].isdigit()
        or plain.startswith("test_")
        or not plain.isidentifier()
        or plain in _TAKEN
        else plain
    )


_TAKEN = {"test", "tests", "data", "src", "pandas", "numpy", "sklearn", "matplotlib", "seaborn", "scipy",
          "pytest", "json", "random", "statistics", "class", "import", "lambda", "python", "code", "string",
          "features", "model", "run", "time", "math", "copy", "io", "re", "os", "sys", "calendar", "keyword",
          "plotly", "nltk", "torch", "keras", "tensorflow", "xgboost", "html", "http", "email", "csv",
          "collections", "datetime", "decimal", "functools", "itertools", "operator", "pickle", "sqlite3",
          "typing", "types", "queue", "select", "logging", "bisect", "heapq", "array", "struct"}  # fmt: skip


def first_look(
    notebook: Notebook, file_name: str, name: str, kind: str, note: str, cells: Sequence[Translated]
) -> Adoption:
    """What is known by reading; ``file_name`` is the notebook's, ``name`` its script's."""
    blocked: tuple[Blocked, ...] = ()
    if not cells:
        blocked = (
            Blocked(Obstacle.EMPTY, "it has no code cells.", "Name a notebook with code in it."),
        )
    return Adoption(
        name=name,
        notebook=file_name,
        kind=kind,
        notes=(note,) if note else (),
        cells=len(notebook.cells),
        code_cells=len(cells),
        translated=tuple(cells),
        checklist=blocked,
        reason=str(blocked[0]) if blocked else "",
    )
