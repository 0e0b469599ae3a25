"""PLAN.md: what this notebook is, what it owes, and in which order to pay."""

import re
from collections.abc import Iterable, Iterator, Sequence

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.obstacles import Obstacle
from nbkata.extract.core.candidates import Candidate
from nbkata.extract.core.codegen import (
    first_test,
    function_source,
)
from nbkata.smells.core.finding import Finding
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.wall import Zone
from nbkata.strength.core.strength import MutantStatus, Strength

WATCH = (
    (Smell.DATA_LEAKAGE, "Leakage"),
    (Smell.CHOSEN_BY_TEST_SCORE, "Leakage"),
    (Smell.NOT_SCALED, "Scaling"),
    (Smell.HIDDEN_STATE, "Hidden state"),
    (Smell.NOT_IDEMPOTENT, "Hidden state"),
    (Smell.MUTATED_SHARED_FRAME, "Hidden state"),
    (Smell.UNSEEDED_RANDOMNESS, "Randomness"),
    (Smell.GLOBAL_SEED, "Randomness"),
    (Smell.CHAINED_ASSIGNMENT, "Lost writes"),
    (Smell.NAN_EQUALITY, "Lost writes"),
    (Smell.RESULT_DISCARDED, "Lost writes"),
    (Smell.SECRET_IN_CODE, "Secrets"),
    (Smell.PERSONAL_DATA_SHOWN, "Personal data"),
    (Smell.DEPRECATED_API, "Old calls"),
)
"""What changes results or harms people, under the word that a reader looks for."""
_ZONES = (
    (Zone.LOW_HANGING, "The low-hanging fruit"),
    (Zone.INVESTMENT, "Worthy investments, one at a time"),
    (Zone.QUICK_WIN, "Quick wins, when you pass by"),
)
DEBTS = 8
FUNCTIONS = 3


def plan_text(adoption: Adoption) -> str:
    """The whole file."""
    parts = [
        [f"# The plan for {_cell(adoption.notebook)}", "", *_standing_lines(adoption)],
        _checklist(adoption),
        _what_it_is(adoption),
        _debts(adoption),
        _order(adoption),
        _functions(adoption),
        _watch(adoption),
        _not_held(adoption),
        _set_apart(adoption),
        _next(adoption),
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


def _standing_lines(adoption: Adoption) -> list[str]:
    return [f"- {line}" for line in standing(adoption)]


def standing(adoption: Adoption) -> tuple[str, ...]:
    """How far it came, in sentences: run, script, net, strength."""
    if any(item.kind is Obstacle.EMPTY for item in adoption.checklist):
        return (f"**It cannot be adopted.** {_sentence(adoption.reason)}",)
    lines = [f"It runs: {adoption.code_cells} code cells in {adoption.seconds:.0f} s."]
    if not adoption.runs:
        lines = [f"**It does not run here yet.** {_sentence(adoption.reason)}"]
        if adoption.until is None:
            done = "What needs no run is done: the smells, the data flow, the script, this plan."
            return (*lines, done)
        lines.append(
            f"The cells before cell {adoption.until} run: src/ and its tests are of these."
        )
    if adoption.reproduces:
        lines.append("The script does the same: after every cell each name holds what it held.")
    else:
        lines.append(
            f"**The script does not do the same.** First difference: {adoption.difference}."
        )
    if adoption.results:
        how = "run() returns them" if adoption.has_seam else "the script is run whole"
        lines.append(f"The tests hold {_count(len(adoption.results), 'result')} still; {how}.")
    lines.append(strength_line(adoption))
    return (*lines, *first_warnings(adoption))


def first_warnings(adoption: Adoption) -> Iterator[str]:
    """What its owner must know before anything else: results that moved, writes that are lost."""
    random = {item.name for item in adoption.unsteady}
    code = {cell.cell: set(re.findall(r"\w+", cell.code)) for cell in adoption.translated}
    changed = [(cell, what) for cell, what in adoption.changed if not random & code[cell]]
    if changed:
        places = "; ".join(f"cell {cell}: {what}" for cell, what in changed[:3])
        more = f"; and {_count(len(changed) - 3, 'more cell')}" if len(changed) > 3 else ""
        yield f"**Changed since it was saved**: {places}{more}."
    findings = adoption.smells.findings if adoption.smells else ()
    lost = [finding for finding in findings if finding.symbol is Smell.CHAINED_ASSIGNMENT]
    if lost:
        places = ", ".join(f"cell {finding.cell}, line {finding.line}" for finding in lost[:3])
        yield f"**Lost writes**: {places}: under copy-on-write the table is not changed."


def strength_line(adoption: Adoption) -> str:
    """How strong the net is today."""
    found = adoption.strength
    if found is None:
        return _sentence(f"The strength of the net is not measured: {adoption.no_strength}")
    line = f"The net caught {found.caught} of {found.total} planted changes ({share(found)})"
    if not found.total:
        line = f"None of {found.planted} planted changes changed a result"
    equal, stopped = found.count(MutantStatus.EQUAL), found.count(MutantStatus.STOPPED)
    if equal or stopped:
        line += (
            f"; not counted: {equal} that changed nothing recorded, {stopped} that stop the code"
        )
    if found.runs:
        line += f"; unchanged, it failed {found.flakes} times in {found.runs} runs"
    return line + "."


FEWEST_JUDGED = 20
"""Mutants below which their share says little."""


def share(found: Strength) -> str:
    """The share that was caught, or that there were too few to tell one."""
    few = found.total < FEWEST_JUDGED
    return "too few to judge by" if few else f"{found.percent:.0f} %"


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
        *(["", *(f"- {_sentence(note)}" for note in adoption.notes)] if adoption.notes else []),
    ]


def fetched(adoption: Adoption) -> str:
    """What wants the network, and what to do about it."""
    shown = ", ".join(adoption.fetches[:3])
    shown += f" and {len(adoption.fetches) - 3} more" if len(adoption.fetches) > 3 else ""
    return f"{shown}; better keep such files in data/: the tests would need the network too"


def determinism(adoption: Adoption) -> str:
    """Whether two runs agree, and why not."""
    if not adoption.unsteady:
        return "two runs agree to the last bit"
    names = list(dict.fromkeys(item.name for item in adoption.unsteady))
    causes = dict.fromkeys(item.cause for item in adoption.unsteady)
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    return f"{shown} differ between two runs: {'; '.join(causes)}"


def _debts(adoption: Adoption) -> list[str]:
    if adoption.smells is None:
        return []
    count = len(adoption.smells.findings)
    if not count:
        return ["## Its debts", "", "No smell was found."]
    lines = [
        "## Its debts",
        "",
        f"{count} places, {len(adoption.wall)} kinds. The wall is in plan.html.",
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


def order(adoption: Adoption) -> Iterator[str]:
    """What to do first, second and third."""
    if any(item.kind is Obstacle.EMPTY for item in adoption.checklist):
        return
    if not adoption.runs:
        yield "Make it run: the checklist above."
    elif not adoption.reproduces:
        yield f"Make the script do the same: {adoption.difference}."
    if adoption.seeds:
        seeds = "; ".join(one.rstrip(".") for one in adoption.seeds[:4])
        approve = "then approve the results that it gives, with the command at the top of the tests"
        yield f"Give what is random a seed: {seeds}; {approve}."
    first = [note for note in adoption.wall if note.comes_first]
    if first:
        places = ", ".join(f"{note.smell.value} ({note.where})" for note in first)
        yield f"First of all, as no result can be trusted, or a secret is out: {places}."
    for zone, what in _ZONES:
        notes = [n.smell.value for n in adoption.wall if n.zone is zone and not n.comes_first]
        if notes:
            yield f"{what}: {', '.join(notes[:6])}."
    if adoption.flow and adoption.flow.candidates:
        names = ", ".join(item.name for item in adoption.flow.candidates[:FUNCTIONS])
        yield f"The first functions: {names}."
        yield "A functional core, an imperative shell: reading and saving in one thin file."


def _functions(adoption: Adoption) -> list[str]:
    if adoption.flow is None or not adoption.flow.candidates:
        return []
    lines = ["## The first functions to extract", "", "The data flow is drawn in flow.html.", ""]
    for item in adoption.flow.candidates[:FUNCTIONS]:
        lines += [f"### {item.name}", "", *_function(item, adoption), ""]
    return lines[:-1]


def _function(item: Candidate, adoption: Adoption) -> list[str]:
    assert adoption.flow is not None
    test = first_test(item, adoption.examples.get(item.name), "features")
    return [
        f"`{item.signature}`, from {_cells(item.cells)}. {in_and_out(item)}",
        "",
        *_fenced(function_source(item, adoption.flow.code)),
        "",
        f"{test_title(test)}:",
        "",
        *_fenced(test),
    ]


def test_title(test: str) -> str:
    """What a proposed test is: one that runs, or one to fill in."""
    sketch = "A sketch of its first test (nbkata adopt --with-examples fills in rows of the data)"
    return sketch if "= ..." in test else "Its first test"


def _fenced(code: str) -> list[str]:
    """A block of code, in a fence that is longer than any in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
    return [f"{fence}python", code.rstrip(), fence]


def in_and_out(item: Candidate) -> str:
    """What goes in, what comes out, what stays outside."""
    if item.frame and item.columns_written:
        read = ", ".join(item.columns_read) or item.frame
        text = f"Columns {read} in, {', '.join(item.columns_written)} out."
    else:
        given, returned = ", ".join(item.takes), ", ".join(item.returns)
        text = f"In: {given or 'nothing'}. Out: {returned or 'nothing'}."
    if item.side_effects:
        first = item.side_effects[0]
        text += (
            f" Stays in the shell: cell {first.place.cell}, line {first.place.line}, {first.what}."
        )
    return text


def watched(adoption: Adoption) -> tuple[tuple[str, Finding], ...]:
    """Findings that change results or harm people, each smell's first three."""
    findings = adoption.smells.findings if adoption.smells else ()
    shown = []
    for smell, word in WATCH:
        same: Sequence[Finding] = [finding for finding in findings if finding.symbol is smell]
        shown += [(word, finding) for finding in same[:3]]
    return tuple(shown)


def _watch(adoption: Adoption) -> list[str]:
    lines = ["## What to watch out for", ""]
    found = watched(adoption)
    for word, finding in found:
        place = f"cell {finding.cell}, line {finding.line}"
        lines.append(f"- **{word}**, {place}: {_sentence(finding.message)}")
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
    lines += [f"- {_sentence(one)}" for one in adoption.unheld[:8]]
    if len(adoption.unheld) > 8:
        lines.append(f"- And {_count(len(adoption.unheld) - 8, 'more place')} like these.")
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
    lines += [f"- cell {cell.cell}: {_sentence(cell.problem)}" for cell in problems]
    for cell, note in notes[:40]:
        lines.append(f"- cell {cell}, line {note.line}: `{note.was[:80]}`: {note.why}.")
    return lines


def _next(adoption: Adoption) -> list[str]:
    again = [] if adoption.runs else [f"    nbkata adopt {adoption.notebook}"]
    if not adoption.runs and adoption.until is None:
        return ["## Next", "", *again]
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


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
