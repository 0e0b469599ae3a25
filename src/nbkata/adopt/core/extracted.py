"""The cells with proposed functions taken out of them: what adopting tries before it proposes them."""

from collections.abc import Sequence
from dataclasses import replace

from nbkata.adopt.core.translate import Translated
from nbkata.extract.core.analysis import Flow
from nbkata.extract.core.candidate import Candidate, estimator_name
from nbkata.extract.core.codegen import function_source


def extracted(
    cells: Sequence[Translated], items: Sequence[Candidate], flow: Flow
) -> tuple[Translated, ...]:
    """Each function's last statement becomes its definition and a call; the others are gone."""
    edits: dict[int, list[tuple[int, int, list[str]]]] = {}
    for item in items:
        facts = item.facts[1:] if estimator_name(item) else item.facts
        given = f"{item.name}({', '.join(item.takes)})"
        call = f"{', '.join(item.returns)} = {given}" if item.returns else given
        for fact in facts:
            first, last = flow.code.place(fact.first), flow.code.place(fact.last)
            source = function_source(item, flow.code)
            known = ["from sklearn.base import clone"] * ("clone(" in source)
            text = [*known, source, call] if fact is facts[-1] else []
            edits.setdefault(first.cell, []).append((first.line, last.line, text))
    return tuple(replace(c, code=_edited(c.code, edits.get(c.cell, []))) for c in cells)


def _edited(code: str, edits: Sequence[tuple[int, int, list[str]]]) -> str:
    lines = code.split("\n")
    for first, last, text in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        lines[first - 1 : last] = text
    return "\n".join(lines)
