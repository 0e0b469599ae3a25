"""Makes golden data with the functions of a generated test file, in a process of its own.

Called as ``python -m nbkata.shell.approve TEST_FILE OUT``: it runs what the tests would run and
writes to the folder OUT what they would compare with.
"""

import importlib.util
import json
import sys
import warnings
from pathlib import Path
from typing import Any


def main() -> None:
    """Run once and write tables, schemas, values and stages."""
    test_file, out = map(Path, sys.argv[1:])
    spec = importlib.util.spec_from_file_location("generated", test_file)
    assert spec is not None and spec.loader is not None
    tests: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results, stages = tests.run()
    for name in tests.TABLES:
        text = tests.as_text(tests.as_frame(results[name]))
        _write(out / f"{name}.csv", text.to_csv(lineterminator="\n"))
        _write(out / f"{name}.schema.json", _json(tests.as_schema(results[name])))
    _write(out / "values.json", _json({n: tests.as_value(results[n]) for n in tests.VALUES}))
    if hasattr(tests, "checksums"):
        _write(out / "stages.json", _json(_changes(stages)))


def _changes(stages: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Each stage with only what it made or changed, and the last one whole."""
    told: dict[str, dict[str, str]] = {}
    before: dict[str, str] = {}
    for stage, sums in stages.items():
        told[stage] = {where: one for where, one in sums.items() if before.get(where) != one}
        before = sums
    return {stage: sums for stage, sums in told.items() if sums}


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "backslashreplace"))


if __name__ == "__main__":
    main()
