"""What `pytest --nbval` does not say itself: that a notebook has nothing to compare with."""

import json

import pytest


class StrippedNotebookGuard:
    """A pytest plugin, registered only under --nbval."""

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Warn of each notebook without a single output: its test passes whatever it does."""
        if type(collector).__name__ != "IPyNbFile" or not isinstance(collector, pytest.File):
            return
        try:
            notebook = json.loads(collector.path.read_bytes())
            code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        except (OSError, ValueError, KeyError, TypeError):
            return  # nbval itself says what is wrong with it
        if code and not any(cell.get("outputs") for cell in code):
            text = (
                f"{collector.path.name} has no outputs (stripped?), so --nbval compares nothing"
                " and passes: save it with its outputs, or use nbkata record."
            )
            collector.warn(pytest.PytestWarning(text))


def loadscope_for_nbval(config: pytest.Config) -> None:
    """Keep a notebook's cells in one xdist worker: spread over several they fail for no reason."""
    option = config.option
    nbval = getattr(option, "nbval", False) or getattr(option, "nbval_lax", False)
    spread = getattr(option, "numprocesses", None) or getattr(option, "tx", None)
    if nbval and spread and getattr(option, "dist", "") in ("no", "load", "worksteal"):
        option.dist = "loadscope"
