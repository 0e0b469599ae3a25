"""What the runs of a kata import: a warm process has it ready before they begin."""

import os
import re
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from nbkata.child.shell.interpreter import project_python
from nbkata.child.shell.launch import WARM
from nbkata.child.shell.sandbox import is_apart
from nbkata.child.shell.warm import CAN_FORK, kept_warm
from nbkata.common.shell.walk import files_in, visible

WARMED = (
    # What the kit's own modules import, that run in forks.
    "nbkata.shape_tests.shell.pytest_plugin", "nbkata.shape_tests.shell.reporter", "nbkata.kata.shell.kit",
    "nbkata.shape_tests.shell.learner_driver", "nbkata.shape_tests.shell.learner_tests",
    "nbkata.record.shell.probe", "nbkata.child.shell.remembered_models",
    "nbkata.shape_tests.shell.shape_checks", "nbkata.strength.shell.strength",
    "nbkata.shape_tests.shell.breakages", "nbkata.shape_tests.shell.since_before",
    # What smells need once there is something to look at: astroid, half a second.
    "nbkata.smells.core.find", "nbkata.smells.core.pragmas", "nbkata.smells.core.reach",
    "nbkata.smells.core.registry", "nbkata.smells.core.view",
    # What only some tests import: whether a file is formatted is asked at each step from 03 on.
    "black", "nbkata.purity.shell.check",
    # What a learner of the kata imports, by and by, and what their tests' pytest does.
    "pandas", "pandas.testing", "sklearn.ensemble", "sklearn.linear_model", "sklearn.metrics",
    "sklearn.model_selection", "sklearn.naive_bayes", "sklearn.neighbors", "sklearn.pipeline",
    "sklearn.preprocessing", "sklearn.svm", "sklearn.tree",
    # What scikit-learn imports when the first model is fitted to a frame; not all versions do.
    "narwhals.stable.v2", "narwhals._interchange.dataframe", "narwhals._pandas_like.dataframe",
    "narwhals._pandas_like.namespace", "narwhals._namespace", "narwhals.stable.v2._namespace",
    "pandas.io.formats.string", "tomllib",
)  # fmt: skip

# What takes longer to import than most runs do afterwards.
_COSTLY = re.compile(r"^[ \t]*(?:import|from)[ \t]+(?:pandas|sklearn)\b", re.MULTILINE)


def warmed(sources: Path) -> AbstractContextManager[None]:
    """While it lasts, the runs of a check are forked from one process that has imported all that.

    Each of the four or more would import it anew. Not if the code in the folder ``sources`` imports
    nothing that takes long, a warm process is kept already (`nbkata watch`), or none may be used.
    """
    if not CAN_FORK or WARM in os.environ or is_apart() or project_python():
        return nullcontext()
    texts = (path.read_text("utf-8", "replace") for path in files_in(sources, visible, ".py"))
    return kept_warm(WARMED) if any(map(_COSTLY.search, texts)) else nullcontext()
