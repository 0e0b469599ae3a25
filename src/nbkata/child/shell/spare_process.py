"""A spare interpreter: imports, waits for one wish on its input, and becomes it.

Started as ``python -m nbkata.child.shell.spare_process KEEPS_ONE MODULE...``; KEEPS_ONE is 1 where it
keeps a spare of its own for what the run will start, else 0.
"""

import json
import os
import sys

from nbkata.child.shell import spares
from nbkata.child.shell.become import become
from nbkata.child.shell.preload import warm


def main() -> None:
    """Warm up, wait, become."""
    keeps_one, imports = sys.argv[1] == "1", sys.argv[2:]
    if keeps_one:
        spares.keep([False], imports)
    warm("", imports)
    with open(0, "rb", buffering=0, closefd=False) as requests:
        line = requests.readline()  # and not a byte of what comes after: that is for the run
    if line:
        wish = json.loads(line)
        print("at work", flush=True)
        become(wish, _streams(wish["said"]))


def _streams(said: str) -> list[int]:
    """Input, output and errors of a run that does not talk; none where the pipes stay."""
    if not said:
        return []
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return [os.open(os.devnull, os.O_RDONLY), output, os.dup(output)]


if __name__ == "__main__":
    main()
