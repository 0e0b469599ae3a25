"""Being another module or script: ``python -m nbkata.shell.main_driver MODULE|SCRIPT.py ARGUMENT...``.

So it can be launched warm, and its calls can be kept where the environment asks for that.
"""

import builtins
import os
import runpy
import sys

from nbkata.core.purity.instrument import PROBE
from nbkata.shell.purity_probe import capture_calls
from nbkata.shell.purity_run import VARIABLE


def main() -> None:
    """Be the module or the script from now on."""
    if VARIABLE in os.environ and not hasattr(builtins, PROBE):  # a fork: purity_site saw no start
        capture_calls(os.environ[VARIABLE])
    sys.argv = sys.argv[1:]
    if sys.argv[0].endswith(".py"):
        sys.path[0] = os.path.dirname(sys.argv[0])
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
