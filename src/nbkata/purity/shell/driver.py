"""As `nbkata.child.shell.main_driver`, with the calls kept that the environment asks for.

Called as ``python -m nbkata.purity.shell.driver MODULE|SCRIPT.py ARGUMENT...``.
"""

import builtins
import os

from nbkata.child.shell.main_driver import main
from nbkata.purity.core.instrument import PROBE
from nbkata.purity.shell.capture import capture_calls
from nbkata.purity.shell.watched_run import VARIABLE

if __name__ == "__main__":
    if not hasattr(builtins, PROBE):  # a fork: purity_site saw no start
        capture_calls(os.environ[VARIABLE])
    main()
