"""Runs what generated tests run, once: writes the golden results and tells what each one held.

Asked with `nbkata.child.shell.run.ask` in a workspace, for the folder of its tests.
"""

import importlib
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from nbkata.child.shell.run import answer
from nbkata.record.shell import probe


def approve(request: dict[str, str]) -> dict[str, Any]:
    """Let the tests' own functions write the golden file.

    Return the results' fingerprints by name, and the seconds that the run took.
    """
    tests = request["tests"]
    sys.path.insert(0, tests)
    sys.argv = [str(Path(tests, "approve.py"))]
    net: Any = importlib.import_module("test_characterization")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        started = time.perf_counter()
        results = net.run()
        seconds = time.perf_counter() - started
    ranges = json.loads(net.GOLDEN.read_text(encoding="utf-8"))["ranges"]
    facts = {name: net.facts(results[name]) for name in net.RESULTS}
    text = json.dumps({"results": facts, "ranges": ranges}, indent=1, ensure_ascii=False) + "\n"
    net.GOLDEN.write_bytes(text.encode("utf-8", "backslashreplace"))
    for name in net.RESULTS:
        net.test_result_is_as_approved(results, name)  # what is read back is what was written
    changes = json.loads(probe.Probe().changes(dict(results), [*net.RESULTS]))
    return {"names": changes["names"], "seconds": seconds}


if __name__ == "__main__":
    answer(approve)
