"""Keep a few rows before and after each block, for its test: this text runs in the notebook's kernel."""

import copy
import json
from typing import Any

MOST_ROWS = 4


class Keeper:
    """What blocks got; the notebook's own names are left alone."""

    def __init__(self) -> None:
        self.given: dict[str, dict[str, Any]] = {}
        self.rows: dict[str, list[int]] = {}

    def before(self, name: str, inputs: list[str], names: dict[str, Any]) -> None:
        """Copy what goes into a block, of the notebook's names."""
        try:
            self.given[name] = {key: copy.deepcopy(names[key]) for key in inputs}
        except Exception:  # pylint: disable=broad-exception-caught # then there is no example
            self.given.pop(name, None)

    def after(self, name: str, frame: Any, columns: list[str], read: list[str]) -> None:
        """Choose rows that differ in what the block wrote, some with a gap in what it read."""
        try:
            held = [column for column in columns if column in frame.columns]
            shown = frame[held].reset_index(drop=True)
            before = next(value for value in self.given[name].values() if hasattr(value, "isna"))
            gaps = before.isna().any(axis=1) if not read else before[read].isna().any(axis=1)
            shown = shown.assign(__gap=gaps.to_numpy())
            different = shown.drop_duplicates()
            with_gap = different.index[different["__gap"]][: MOST_ROWS // 2]
            without = different.index[~different["__gap"]][: MOST_ROWS - len(with_gap)]
            chosen = [*with_gap, *without]
            self.rows[name] = [int(place) for place in chosen]
        except Exception:  # pylint: disable=broad-exception-caught
            self.rows.pop(name, None)

    def examples(self, blocks: dict[str, dict[str, Any]], names: dict[str, Any]) -> str:
        """Run each extracted function on its rows: JSON of what went in and came out."""
        found = {}
        for name, block in blocks.items():
            if name in self.given and name in self.rows:
                found[name] = self._first_that_runs(name, block, names)
        return json.dumps(found)

    def _first_that_runs(
        self, name: str, block: dict[str, Any], names: dict[str, Any]
    ) -> dict[str, Any]:
        """All chosen rows, or those that few rows are enough for (a mean of none is no number)."""
        problem = ""
        for skipped in range(MOST_ROWS - 1):
            try:
                return self._example(name, block, dict(names), skipped)
            except Exception as error:  # pylint: disable=broad-exception-caught
                problem = f"{type(error).__name__}: {error}"
        return {"error": problem}

    def _example(
        self, name: str, block: dict[str, Any], names: dict[str, Any], skipped: int
    ) -> dict[str, Any]:
        given = self.given[name]
        whole = given[block["frame"]]
        columns = [column for column in block["columns"] if column in whole.columns]
        rows = whole[columns].iloc[self.rows[name][skipped:]].reset_index(drop=True)
        exec(block["source"], names)  # pylint: disable=exec-used # the notebook's own statements
        others = {key: value for key, value in given.items() if key != block["frame"]}
        result = names[name](rows.copy(), **others)
        result = result[0] if isinstance(result, tuple) else result
        written = [column for column in block["written"] if column in result.columns]
        full = result[written].notna().all(axis=1).to_numpy()
        return {
            "given": {column: _plain(rows.loc[full, column]) for column in columns},
            "expected": {column: _plain(result.loc[full, column]) for column in written},
            "extra": {key: repr(_item(value)) for key, value in others.items()},
        }


def _plain(series: Any) -> list[Any]:
    return [_item(value) for value in series]


def _item(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a {type(value).__name__} has no short text")
