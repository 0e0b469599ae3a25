"""PLAN.md: what this notebook is, what it owes, and in which order to pay."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.blocked import Obstacle
from nbkata.adopt.core.sentences import (
    FUNCTIONS,
    determinism,
    fetched,
    how_to_test,
    in_and_out,
    order,
    own_first_test,
    sentence,
    standing,
    watched,
)
from nbkata.common.core.command_line import quoted
from nbkata.common.core.counting import counted
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.codegen import function_source
from nbkata.smells.core.wall import Zone

DEBTS = 8


def plan_text(adoption: Adoption) -> str:
    """The whole file: what its owner decides by on the first two screens, details below a line."""
    if any(item.kind is Obstacle.EMPTY for item in adoption.checklist):
        lines = [*standing(adoption), *(item.command for item in adoption.checklist)]
        return "\n\n".join([f"# The plan for {_cell(adoption.notebook)}", *lines]) + "\n"
    parts = [
        [
            f"# The plan for {_cell(adoption.notebook)}",
            "",
            *(f"- {line}" for line in standing(adoption)),
        ],
        _checklist(adoption),
        _order(adoption),
        _functions(adoption),
        _watch(adoption),
        _next(adoption),
        ["---", "", "What follows is to look things up in."],
        _debts(adoption),
        _in_code(adoption),
        _not_held(adoption),
        _set_apart(adoption),
        _what_it_is(adoption),
    ]
    text = "\n".join("\n".join([*part, ""]) for part in parts if part)
    return "\n".join(_escaped(text.split("\n")))


def _escaped(lines: Iterable[str]) -> Iterator[str]:
    """Lines of Markdown in which tags and links of the notebook's own texts are text.

    Code, in fences and in backticks, is left as it is, and so are the boxes of the checklist.
    """
    fence = ""
    for line in lines:
        if fence or line.startswith("    "):
            fence = "" if line == fence else fence
            yield line
        elif line.startswith("```"):
            fence = "`" * (len(line) - len(line.lstrip("`")))
            yield line
        else:
            box = "- [ ] " if line.startswith("- [ ] ") else ""
            parts = _CODE.split(line.removeprefix(box))
            yield box + "".join(
                part if place % 2 else _MARKUP.sub(r"\\\g<0>", part)
                for place, part in enumerate(parts)
            )


_CODE = re.compile(r"(`[^`]*`)")
_MARKUP = re.compile(r"[<\[]")


def _checklist(adoption: Adoption) -> list[str]:
    if not adoption.checklist:
        return []
    items = [f"- [ ] {item}\n      `{item.command}`" for item in adoption.checklist]
    again = "Then run `nbkata adopt` again: it goes on where it stopped."
    return ["## What is missing", "", *items, "", again]


def _what_it_is(adoption: Adoption) -> list[str]:
    rows = [
        ("From", adoption.kind),
        ("Cells", f"{adoption.cells}, {adoption.code_cells} with code"),
        ("Reads", _listed(adoption.reads) or "no file"),
        ("Writes", _listed(adoption.writes) or "no file"),
        *((("Fetches", fetched(adoption)),) if adoption.fetches else ()),
    ]
    if adoption.runs:
        rows += [
            ("Time", f"{adoption.seconds:.1f} s a run"),
            ("Determinism", determinism(adoption)),
        ]
    lines = ["## What it is", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {_cell(value)} |" for name, value in rows]
    return [
        *lines,
        *(["", *(f"- {sentence(note)}" for note in adoption.notes)] if adoption.notes else []),
    ]


def _debts(adoption: Adoption) -> list[str]:
    if adoption.smells is None:
        return []
    count = sum(note.places for note in adoption.wall)
    if not count:
        return ["## Its debts", "", "No smell was found."]
    lines = [
        "## Its debts",
        "",
        f"{counted(count, 'place')}, {counted(len(adoption.wall), 'kind')}. The wall is in plan.html.",
        "",
    ]
    lines += ["| debt | places | zone | fix |", "|---|---|---|---|"]
    zones = list(Zone)
    dearest = sorted(adoption.wall, key=lambda note: (not note.comes_first, zones.index(note.zone)))
    for note in dearest[:DEBTS]:
        cells = (note.smell.value, f"{note.places}: {note.where}", note.zone.value, note.fix)
        lines.append("| " + " | ".join(map(_cell, cells)) + " |")
    return lines


def _order(adoption: Adoption) -> list[str]:
    lines = [f"{n}. {line}" for n, line in enumerate(order(adoption), 1)]
    return ["## The order to pay them", "", *lines] if lines else []


def _proposed(adoption: Adoption) -> Sequence[Candidate]:
    return adoption.flow.candidates[:FUNCTIONS] if adoption.flow else ()


def _functions(adoption: Adoption) -> list[str]:
    found = _proposed(adoption)
    if not found:
        return []
    lines = ["## The first functions to extract", ""]
    lines += [
        f"- `{item.signature}`, from {_cells(item.cells)}. {in_and_out(item)}" for item in found
    ]
    return [*lines, "", "Their code is below; the data flow is drawn in flow.html."]


def _in_code(adoption: Adoption) -> list[str]:
    lines = ["## The functions in code", ""]
    for item in _proposed(adoption):
        assert adoption.flow is not None
        source = function_source(item, adoption.flow.code)
        lines += [f"### {item.name}", "", *_fenced(source), "", *_first_test(item, adoption), ""]
    return lines[:-1] if _proposed(adoption) else []


def _first_test(item: Candidate, adoption: Adoption) -> list[str]:
    test = own_first_test(item, adoption.examples.get(item.name))
    if test:
        return ["Its first test:", "", *_fenced(test)]
    if item.name in adoption.first_tests:
        head = "Its first test, with made-up values: put in their place what matters to you."
        return [head, "", *_fenced(adoption.first_tests[item.name])]
    return [f"Its first test: {how_to_test(item)}"]


def _fenced(code: str) -> list[str]:
    """A block of code, in a fence that is longer than any in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
    return [f"{fence}python", code.rstrip(), fence]


def _watch(adoption: Adoption) -> list[str]:
    lines = ["## What to watch out for", ""]
    found = watched(adoption)
    for finding, group in groupby(found, lambda pair: (pair[0], pair[1].symbol)):
        first, *others = [one for _, one in group]
        more = f" Likewise {_cells([one.cell or 0 for one in others])}." if others else ""
        place = f"cell {first.cell}, line {first.line}"
        lines.append(f"- **{finding[0]}**, {place}: {sentence(first.message)}{more}")
    if adoption.unsteady:
        lines.append(f"- **Randomness**: {determinism(adoption)}.")
    for name, (low, high) in sorted(adoption.ranges.items()):
        lines.append(f"- `{name}` is random; the tests accept {low:.6g} to {high:.6g}.")
    return (
        lines if found or adoption.unsteady else [*lines, "Nothing was found that changes results."]
    )


def _not_held(adoption: Adoption) -> list[str]:
    if not adoption.results:
        return []
    names: dict[str, list[str]] = {}
    for name, why in adoption.left_out.items():
        names.setdefault(why, []).append(name)
    lines = [f"- {_listed(same)}: {why}." for why, same in names.items()]
    lines += [f"- {sentence(one)}" for one in adoption.unheld[:8]]
    if len(adoption.unheld) > 8:
        lines.append(f"- And {counted(len(adoption.unheld) - 8, 'more place')} like these.")
    advice = (
        "A function that returns what it prints, and a list of what a loop prints, can be held."
    )
    lines += ["", advice] if adoption.unheld else []
    return ["## What the tests do not hold", "", *lines] if lines else []


def _set_apart(adoption: Adoption) -> list[str]:
    notes = [(cell.cell, note) for cell in adoption.translated for note in cell.notes]
    problems = [cell for cell in adoption.translated if cell.problem]
    if not notes and not problems:
        return []
    lines = ["## What the script does otherwise", ""]
    lines += [f"- cell {cell.cell}: {sentence(cell.problem)}" for cell in problems]
    for cell, note in notes[:40]:
        lines.append(f"- cell {cell}, line {note.line}: `{note.was[:80]}`: {note.why}.")
    return lines


def _next(adoption: Adoption) -> list[str]:
    again = [] if adoption.runs else [f"    nbkata adopt {quoted(adoption.notebook)}"]
    if not adoption.runs and adoption.until is None:
        return ["## Next", "", *again]
    if not adoption.results:
        first = "pytest" if adoption.asserts else f"python src/{adoption.name}.py"
        return ["## Next", "", *again, f"    {first}"]
    return [
        "## Next",
        "",
        *again,
        "    pytest",
        "    nbkata status",
        f"    nbkata strength tests/test_characterization.py --target src/{adoption.name}.py",
    ]


def _listed(names: Sequence[str]) -> str:
    plain = (" ".join(name.replace("`", "'").split()) for name in names[:8])
    shown = ", ".join(f"`{name}`" for name in plain)
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _cells(cells: Sequence[int]) -> str:
    return f"cell{'s' if len(cells) > 1 else ''} {', '.join(map(str, cells))}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
