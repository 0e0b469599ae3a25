"""Makes golden data with the functions of a generated test file, in a process of its own.

Asked with `nbkata.child.shell.run.ask`: it runs what the tests would run, writes what they would
compare with to a folder, and proves each file by those tests.
"""

import importlib.util
import json
import re
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nbkata.child.shell.run import answer

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")


def approved(request: dict[str, str]) -> dict[str, str]:
    """Run once and write tables, schemas, values and stages; return why what is not kept, by name."""
    test_file, out = Path(request["test"]), Path(request["out"])
    spec = importlib.util.spec_from_file_location("generated", test_file)
    assert spec is not None and spec.loader is not None
    tests: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results, stages = tests.run()
        return keep(tests, results, stages, out)


def keep(
    tests: Any, results: dict[str, Any], stages: dict[str, dict[str, str]], out: Path
) -> dict[str, str]:
    """Write the golden data of these results; returns why what cannot be kept, by name."""
    tests.GOLDEN = out
    both = (results, stages)
    refused: dict[str, str] = {}

    def proven(name: str, text: str, test: Callable[[], None]) -> None:
        if _ADDRESS.search(text):
            refused[name] = "it holds objects that only their place in memory tells apart"
            return
        try:
            test()
        # pylint: disable-next=broad-exception-caught # of anybody's type
        except (Exception, tests.pytest.fail.Exception) as error:
            refused[name] = f"what is read back is another ({_first_line(error)})"

    for name in tests.TABLES:
        try:
            rows, schema = tests.as_csv(results[name]), tests.as_schema(results[name])
        except Exception as error:  # pylint: disable=broad-exception-caught # of anybody's type
            refused[name] = f"it cannot be written as a table ({_first_line(error)})"
            continue
        _write(out / f"{name}.csv", rows)
        _write(out / f"{name}.schema.json", _json(schema))
        proven(name, rows, partial(tests.test_table_is_as_approved, both, name))
    values = {name: tests.as_value(results[name]) for name in tests.VALUES}
    _write(out / "values.json", _json(values))
    for name, value in values.items():
        proven(name, str(value), partial(tests.test_value_is_as_approved, both, name))
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
