"""Being another module or script: ``python -m nbkata.child.shell.main_driver MODULE|SCRIPT.py ARGUMENT...``.

So it can be launched warm.
"""

import os
import runpy
import sys

from nbkata.child.shell.bounds import bound


def main() -> None:
    """Be the module or the script from now on."""
    bound()
    sys.argv = sys.argv[1:]
    if sys.argv[0].endswith(".py"):
        sys.path[0] = os.path.dirname(sys.argv[0])
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
