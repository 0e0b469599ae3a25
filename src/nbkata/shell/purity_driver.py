"""As `nbkata.shell.main_driver`, with the calls kept that the environment asks for.

Called as ``python -m nbkata.shell.purity_driver MODULE|SCRIPT.py ARGUMENT...``.
"""

import builtins
import os

from nbkata.core.purity.instrument import PROBE
from nbkata.shell.main_driver import main
from nbkata.shell.purity_probe import capture_calls
from nbkata.shell.purity_run import VARIABLE

if __name__ == "__main__":
    if not hasattr(builtins, PROBE):  # a fork: purity_site saw no start
        capture_calls(os.environ[VARIABLE])
    main()
