"""Turning a process that has imported much already into the one that was requested."""

import os
import runpy
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn


def request_for(
    module: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> dict[str, Any]:
    """What `run_request` reads, ready for JSON."""
    return {
        "module": module,
        "arguments": list(arguments),
        "folder": str(folder.resolve()),
        "environment": dict(environment),
    }


def run_request(request: Mapping[str, Any], streams: Sequence[int]) -> NoReturn:
    """Be ``python -m module arguments`` from now on; does not come back.

    ``streams`` are the handles that become input, output and errors, in this order.
    """
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.path[0] = request["folder"]
    # An interpreter reads it as it starts.
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[1:1] = [path for path in named if path and path not in sys.path]
    sys.argv = [request["module"], *request["arguments"]]
    tempfile.tempdir = None
    _draw_anew()
    code = 1
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # pylint: disable=broad-exception-caught # as an interpreter does
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)  # no exit handlers of the warm process, no waiting for threads


def _draw_anew() -> None:
    """A process has random numbers of its own; Python sees to `random`, numpy does not."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
