"""The environment variables of processes that run a learner's code."""

import os

PERSONAL = frozenset("FORCE_COLOR PYTHONINSPECT PYTHONOPTIMIZE PYTHONSTARTUP PYTHON_COLORS".split())
"""What a person set for a terminal of theirs: it would run code of theirs first, take assertions
away, wait for input at the end, or colour what the kit reads."""


def plain_environment() -> dict[str, str]:
    """The variables of this process, without the personal ones."""
    return {name: value for name, value in os.environ.items() if name not in PERSONAL}


def child_environment() -> dict[str, str]:
    """For processes that run learner code: no windows, no compiled files left in the workspace."""
    own = {"MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return {**plain_environment(), **own}
