"""Python runs this when it starts with this folder on PYTHONPATH: it begins to watch calls.

It comes before the environment's own ``sitecustomize``, so it runs that one too.
"""

import importlib.machinery
import importlib.util
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _run_the_next_one() -> None:
    elsewhere = [entry for entry in sys.path if os.path.abspath(entry or ".") != _HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


_run_the_next_one()
if "NBKATA_PURITY" in os.environ:
    try:
        from nbkata.purity.shell.capture import capture_calls
    except ImportError:  # a Python of another environment, started by a test
        pass
    else:
        capture_calls(os.environ["NBKATA_PURITY"])
