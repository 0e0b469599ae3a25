"""What a step's solution changes, as one diff that a person reads."""

import json
from collections.abc import Mapping
from difflib import unified_diff


def solution_diff(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """Unified diff lines from one checkpoint to the next; of notebooks, their code alone."""
    lines: list[str] = []
    for name in sorted({*before, *after}):
        old, new = _text(name, before.get(name)), _text(name, after.get(name))
        titles = (name if name in before else "(new)", name if name in after else "(removed)")
        lines += unified_diff(old, new, *titles, lineterm="", n=2)
    return lines


def _text(name: str, content: bytes | None) -> list[str]:
    if content is None:
        return []
    text = content.decode("utf-8", "replace")
    if not name.endswith(".ipynb"):
        return text.splitlines()
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return [line for cell in cells for line in [*"".join(cell["source"]).splitlines(), ""]]
