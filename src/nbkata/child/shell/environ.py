"""The environment variables of processes that run a learner's code."""

import os


def child_environment() -> dict[str, str]:
    """For processes that run learner code: no windows, no compiled files left in the workspace."""
    return {**os.environ, "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
