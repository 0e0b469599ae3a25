"""What the plan says of a notebook, in words that PLAN.md and plan.html share."""

import re
from collections.abc import Iterator
from itertools import islice

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.blocked import Obstacle
from nbkata.common.core.counting import counted
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.codegen import Example, first_test
from nbkata.smells.core.finding import Finding
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.wall import Zone
from nbkata.strength.core.strength import MutantStatus, Strength

# What changes results or harms people, under the word that a reader looks for.
_WATCH = (
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
_ZONES = (
    (Zone.LOW_HANGING, "The low-hanging fruit"),
    (Zone.INVESTMENT, "Worthy investments, one at a time"),
    (Zone.QUICK_WIN, "Quick wins, when you pass by"),
)
FUNCTIONS = 3


def standing(adoption: Adoption) -> tuple[str, ...]:
    """How far it came, in sentences: run, script, net, strength."""
    if any(item.kind is Obstacle.EMPTY for item in adoption.checklist):
        return (f"**It cannot be adopted**: {sentence(adoption.reason)}",)
    lines = [f"It runs: {counted(adoption.code_cells, 'code cell')} in {adoption.seconds:.0f} s."]
    if not adoption.runs:
        lines = [f"**It does not run here yet.** {sentence(adoption.reason)}"]
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
        lines.append(f"The tests hold {counted(len(adoption.results), 'result')} still; {how}.")
    if adoption.asserts:
        tests = f"{counted(adoption.asserts, 'test')} in tests/test_{adoption.name}.py"
        lines.append(
            f"Its own asserts are tests now: {tests}. It leaves no result to hold besides."
        )
    else:
        lines.append(strength_line(adoption))
    return (*lines, *first_warnings(adoption))


def first_warnings(adoption: Adoption) -> Iterator[str]:
    """What its owner must know before anything else: results that moved, writes that are lost."""
    random = {item.name for item in adoption.unsteady}
    code = {cell.cell: set(re.findall(r"\w+", cell.code)) for cell in adoption.translated}
    changed = [(cell, what) for cell, what in adoption.changed if not random & code[cell]]
    if changed:
        places = "; ".join(f"cell {cell}: {what}" for cell, what in changed[:3])
        more = f"; and {counted(len(changed) - 3, 'more cell')}" if len(changed) > 3 else ""
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
        return sentence(f"The strength of the net is not measured: {adoption.no_strength}")
    line = f"The net caught {found.caught} of {found.total} planted changes ({share(found)})"
    if not found.total:
        line = f"None of {found.planted} planted changes changed a result"
    equal, stopped = found.count(MutantStatus.EQUAL), found.count(MutantStatus.STOPPED)
    if equal or stopped:
        line += (
            f"; not counted: {equal} that changed nothing recorded, {stopped} that stopped the code"
        )
    if found.never_run:
        line += f"; {found.never_run} more in code that the notebook never runs"
    if found.runs:
        failed, runs = counted(found.flakes or 0, "time"), counted(found.runs, "run")
        line += f"; unchanged, it failed {failed} in {runs}"
    return line + "."


# Mutants below which their share says little.
FEWEST_JUDGED = 20


def share(found: Strength) -> str:
    """The share that was caught, or that there were too few to tell one."""
    few = found.total < FEWEST_JUDGED
    return "too few to judge by" if few else f"{found.percent:.0f} %"


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


def in_and_out(item: Candidate) -> str:
    """What goes in, what comes out, what stays outside."""
    if item.frame and item.columns_written:
        read, written = ", ".join(item.columns_read), ", ".join(item.columns_written)
        given = f"In: {', '.join(item.takes)}. Columns out: {written}."
        text = f"Columns {read} in, {written} out." if read else given
    else:
        given, returned = ", ".join(item.takes), ", ".join(item.returns)
        text = f"In: {given or 'nothing'}. Out: {returned or 'nothing'}."
    if item.calls:
        more = f"; and {len(item.calls) - 3} more" if len(item.calls) > 3 else ""
        text += f" Called again with {'; with '.join(item.calls[:3])}{more}."
    if item.side_effects:
        first = item.side_effects[0]
        text += (
            f" Stays in the shell: cell {first.place.cell}, line {first.place.line}, {first.what}."
        )
    return text


def watched(adoption: Adoption) -> tuple[tuple[str, Finding], ...]:
    """Findings that change results or harm people, of each smell the first in each of three cells."""
    findings = adoption.smells.findings if adoption.smells else ()
    shown = []
    for smell, word in _WATCH:
        by_cell: dict[int, Finding] = {}
        for finding in findings:
            if finding.symbol is smell:
                by_cell.setdefault(finding.line if finding.cell is None else finding.cell, finding)
        shown += [(word, finding) for finding in islice(by_cell.values(), 3)]
    return tuple(shown)


def own_first_test(item: Candidate, example: Example | None) -> str:
    """A test that runs and asserts something; nothing if only its owner knows what to fill in."""
    test = first_test(item, example, "features")
    return "" if "= ..." in test else test


def how_to_test(item: Candidate) -> str:
    """What its owner does if no test could be written."""
    if item.frame:
        return "`nbkata adopt --with-examples` writes it, with rows of the data."
    given = ", ".join(f"`{name}`" for name in item.takes) or "no arguments"
    return f"call it with {given} so small that you know what comes out; assert that."


def sentence(text: str) -> str:
    """The text on one line, with a full stop."""
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
