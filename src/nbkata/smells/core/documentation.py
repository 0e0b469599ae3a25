"""What a smell means, why it matters and how to fix it, with an example of each kind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbkata.notebook.core.notebook import Cell, CellKind, Notebook, Output, OutputKind
from nbkata.smells.core.symbols import Smell

_MARKER = re.compile(r"^# %%(?: In \[(?P<count>\d+)\]| \[(?P<kind>markdown)\])?$")


@dataclass(frozen=True, slots=True)
class SmellDoc:
    """One entry of ``smells.toml``."""

    smell: Smell
    what: str
    why: str
    fix: str
    bad: str
    good: str
    times: int
    # Of the fix at one place, roughly: up to 1 delete, 5 rewrite, 20 extract, 60 think again.
    minutes: float
    harm: int  # 1 costs readers time, 2 costs whoever changes it, 3 gives wrong results or leaks

    def explained(self) -> str:
        """The page that ``nbkata smells --explain`` shows."""
        times = f"  (… {self.times} such lines)\n" if self.times > 1 else ""
        return (
            f"{self.smell.value} ({self.smell.message_id})\n\n{self.what}\nWhy: {self.why}\n"
            f"Fix: {self.fix}\n\nBad:\n\n{_indented(self.bad)}{times}"
            f"\nGood:\n\n{_indented(self.good)}"
        )


def docs_from_toml(document: Mapping[str, Any]) -> dict[Smell, SmellDoc]:
    """The entries by smell, in the catalogue's order; raises ``KeyError`` where one is missing."""
    return {
        smell: SmellDoc(
            smell=smell,
            **{name: entry[name] for name in ("what", "why", "fix", "minutes", "harm")},
            **{name: entry[name].strip("\n") + "\n" for name in ("bad", "good")},
            times=entry.get("times", 1),
        )
        for smell in Smell
        for entry in [document[smell.value]]
    }


def example_notebook(text: str) -> Notebook:
    """An example as a notebook: cells parted by ``# %%``, ``# Out:`` lines as outputs."""
    cells: list[Cell] = []
    for header, lines in _parts(text):
        marker = _MARKER.match(header)
        count = int(marker["count"]) if marker and marker["count"] else None
        shown = [line.removeprefix("# Out: ") for line in lines if line.startswith("# Out: ")]
        source = "\n".join(line for line in lines if not line.startswith("# Out: ")).strip("\n")
        outputs = tuple(
            Output(OutputKind.RESULT, part, mime_types=("text/plain",)) for part in shown
        )
        if marker and marker["kind"]:
            prose = re.sub(r"^# ?", "", source, flags=re.MULTILINE)
            cells.append(Cell(len(cells), CellKind.MARKDOWN, prose))
        else:
            cells.append(Cell(len(cells), CellKind.CODE, source, count, outputs))
    return Notebook(tuple(cells))


def _parts(text: str) -> list[tuple[str, list[str]]]:
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in text.rstrip("\n").split("\n"):
        if _MARKER.match(line):
            parts.append((line, []))
        else:
            parts[-1][1].append(line)
    return parts if parts[0][1] else parts[1:]


def _indented(text: str) -> str:
    return "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))
