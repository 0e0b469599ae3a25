"""The process that a debugger attaches to for as long as a watch lasts: each run joins it.

Started as ``python -m nbkata.child.shell.debug_port PORT`` with pipes. It says in one line of JSON how a
run joins (the arguments of `pydevd.settrace`), and lives until its input closes. A run alone lasts less than a second: nobody could attach to that one by hand.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any

import debugpy

from nbkata.child.shell.debugger import HERE


def main(port: int) -> None:
    """Open the port, tell, be there."""
    debugpy.configure(subProcess=False)
    debugpy.listen((HERE, port))
    print(json.dumps(_as_children_join()), flush=True)
    sys.stdin.read()


def _as_children_join() -> dict[str, Any]:
    """What debugpy tells the child processes of its own; it has no other name for that."""
    known: dict[str, Any] = import_module("pydevd").SetupHolder.setup
    return {
        "host": known["client"],
        "port": known["port"],
        "access_token": known["access-token"],
        "ppid": os.getpid(),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
