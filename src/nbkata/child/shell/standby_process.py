"""A standby process: imports, waits for one request on its input, and becomes it.

Started as ``python -m nbkata.child.shell.standby_process KEEPS_ONE MODULE...``; KEEPS_ONE is 1 if
it keeps a standby process of its own for what the run will start, else 0.
"""

import json
import os
import sys

from nbkata.child.shell import standby
from nbkata.child.shell.preload import warm
from nbkata.child.shell.run_request import run_request


def main() -> None:
    """Warm up, wait, become."""
    keeps_one, imports = sys.argv[1] == "1", sys.argv[2:]
    if keeps_one:
        standby.keep([False], imports)
    warm("", imports)
    with open(0, "rb", buffering=0, closefd=False) as requests:
        line = requests.readline()  # and not a byte of what comes after: that is for the run
    if line:
        request = json.loads(line)
        print("at work", flush=True)
        run_request(request, _streams(request["said"]))


def _streams(printed: str) -> list[int]:
    """Input, output and errors of a run that does not talk; empty if the pipes stay."""
    if not printed:
        return []
    output = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return [os.open(os.devnull, os.O_RDONLY), output, os.dup(output)]


if __name__ == "__main__":
    main()
