"""Which assertion would have seen a mutant that survived: the first thing that it changed."""

from collections.abc import Mapping
from typing import Any

from nbkata.record.core.compare import Moved, moves
from nbkata.record.core.record import fingerprint_from_json, rows_from_json

ASSERTIONS = {
    "frame": "assert_frame_equal",
    "series": "assert_series_equal",
    "index": "assert_index_equal",
    "array": "numpy.testing.assert_array_equal",
}

# Begins the event that says which test shows what follows; it shows nothing itself.
TEST = "test "


def seen_by(golden: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """One sentence, from two oracles' events (place, digest), fingerprints and rows."""
    for old, new in zip(_shown(golden), _shown(now), strict=False):
        if old[0] != new[0]:
            return f"It calls differently: {new[0]} where it was {old[0]}."
        if old[1] == new[1] or old[1] == "":
            continue
        return _sentence(old[0], _moved(old, new, golden, now), golden["prints"].get(old[1], {}))
    return "It shows more or fewer values than before; count them."


def _shown(oracle: Mapping[str, Any]) -> list[list[str]]:
    return [event for event in oracle["events"] if not event[0].startswith(TEST)]


def _moved(
    old: list[str], new: list[str], golden: Mapping[str, Any], now: Mapping[str, Any]
) -> Moved | None:
    before, after = golden["prints"].get(old[1]), now["prints"].get(new[1])
    if before is None or after is None:
        return None
    values = rows_from_json({**golden["rows"], **now["rows"]})
    prints = fingerprint_from_json(before), fingerprint_from_json(after)
    found = moves(old[0], 0, *prints, values)
    return found[0] if found else None


def _sentence(where: str, moved: Moved | None, before: Mapping[str, Any]) -> str:
    if moved is None:
        return f"{where}: another value; assert what it is."
    column = f", column {moved.column}," if moved.column else ""
    assertion = ASSERTIONS.get(str(before.get("kind")), "an assert of its value")
    example = ""
    if moved.examples:
        one = moved.examples[0]
        example = f" (row {one.row}: {one.now}, was {one.before})"
    return f"{where}{column} {moved.how}{example}; {assertion} would have seen it."
