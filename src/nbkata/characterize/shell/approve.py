"""Makes golden data with the functions of a generated test file, in a process of its own.

Asked with `nbkata.child.shell.run.ask`: it runs what the tests would run, writes what they would
compare with to a folder, and proves each file by those tests.
"""

import importlib.util
import json
import re
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nbkata.child.shell.run import answer
from nbkata.record.shell import probe

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")


def approved(request: dict[str, str]) -> dict[str, Any]:
    """Run once and write tables, schemas, values and stages.

    Return why what is not kept, by name, the results' digests, and the seconds that the run took.
    """
    test_file, out = Path(request["test"]), Path(request["out"])
    spec = importlib.util.spec_from_file_location("generated", test_file)
    assert spec is not None and spec.loader is not None
    tests: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        started = time.perf_counter()
        results, stages = tests.run()
        seconds = time.perf_counter() - started
        refused = keep(tests, results, stages, out)
        names = [name for name in (*tests.TABLES, *tests.VALUES) if name in results]
        found = json.loads(probe.Probe().changes(dict(results), names))["names"]
    digests = {name: value["digest"] for name, value in found.items()}
    return {"refused": refused, "digests": digests, "seconds": seconds}


def keep(
    tests: Any, results: dict[str, Any], stages: dict[str, dict[str, str]], out: Path
) -> dict[str, str]:
    """Write the golden data of these results; returns why what cannot be kept, by name."""
    tests.GOLDEN = out
    both = (results, stages)
    refused: dict[str, str] = {}
    kinds = (
        {"sums.json": lambda value: _json(tests.as_sums(value))}
        if hasattr(tests, "as_sums")
        else {"csv": tests.as_csv, "schema.json": lambda value: _json(tests.as_schema(value))}
    )

    def proven(name: str, text: str, test: Callable[[], None]) -> None:
        if _ADDRESS.search(text):
            refused[name] = "it holds objects that only their place in memory tells apart"
            return
        try:
            test()
        # pylint: disable-next=broad-exception-caught # of anybody's type
        except (Exception, tests.pytest.fail.Exception) as error:
            refused[name] = f"what is read back is another ({_first_line(error)})"

    def made(name: str, make: Callable[[Any], Any], what: str) -> Any:
        try:
            return make(results[name])
        except Exception as error:  # pylint: disable=broad-exception-caught # of anybody's type
            refused[name] = f"it cannot be written as {what} ({_first_line(error)})"
            return None

    for name in tests.TABLES:
        files = {end: made(name, make, "a table") for end, make in kinds.items()}
        if name not in refused:
            for end, text in files.items():
                _write(out / f"{name}.{end}", text)
            proven(
                name, "".join(files.values()), partial(tests.test_table_is_as_approved, both, name)
            )
    values = {name: made(name, tests.as_value, "a value") for name in tests.VALUES}
    _write(out / "values.json", _json(values))
    for name in values.keys() - refused.keys():
        test = partial(tests.test_value_is_as_approved, both, name)
        proven(name, str(values[name]), test)
    if hasattr(tests, "checksums"):
        _write(out / "stages.json", _json(_changes(stages)))
        proven("a stage", "", partial(tests.test_no_stage_moved, both))
    return refused


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _changes(stages: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Each stage with only what it made or changed, and the last one whole."""
    changes: dict[str, dict[str, str]] = {}
    before: dict[str, str] = {}
    for stage, sums in stages.items():
        changes[stage] = {where: one for where, one in sums.items() if before.get(where) != one}
        before = sums
    return {stage: sums for stage, sums in changes.items() if sums}


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "backslashreplace"))


if __name__ == "__main__":
    answer(approved)
