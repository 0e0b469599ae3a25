"""plan.html: the plan as one page, with the debt wall."""

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.sentences import (
    FEWEST_JUDGED,
    FUNCTIONS,
    determinism,
    fetched,
    first_warnings,
    how_to_test,
    in_and_out,
    order,
    own_first_test,
    share,
    strength_line,
    watched,
)
from nbkata.common.core.counting import counted
from nbkata.common.shell.pages import render
from nbkata.extract.core.codegen import function_source
from nbkata.smells.shell.debt_wall import wall_values


def plan_page(adoption: Adoption) -> str:
    """The HTML document."""
    flow = adoption.flow
    functions = (
        [
            (
                item,
                in_and_out(item),
                function_source(item, flow.code),
                own_first_test(item, adoption.examples.get(item.name)),
            )
            for item in flow.candidates[:FUNCTIONS]
        ]
        if flow
        else []
    )
    return render(
        "adopt/plan.html",
        **wall_values(adoption.wall),
        adoption=adoption,
        title=f"The plan for {adoption.notebook}",
        tiles=_tiles(adoption),
        facts=_facts(adoption),
        order=[line.split("`") for line in order(adoption)],
        functions=functions,
        how_to_test=how_to_test,
        watched=list(watched(adoption)),
    )


def _tiles(adoption: Adoption) -> tuple[tuple[str, str, str, bool], ...]:
    """What is counted, its value, more on it, and whether it is good."""
    found = adoption.strength
    flakes = f"{found.flakes} of {found.runs}" if found and found.runs else "not measured"
    strength = share(found) if found and found.total else "not measured"
    caught = adoption.no_strength
    if found:
        caught = f"{found.caught} of {found.total} planted changes caught"
        caught = caught if found.total else strength_line(adoption)
    runs = f"{adoption.seconds:.1f} s" if adoption.runs else "not yet"
    warnings = " ".join(first_warnings(adoption)).replace("**", "")
    cells = counted(adoption.code_cells, "code cell")
    same = {True: "the same", False: "differs", None: "not known"}[adoption.reproduces]
    compared = adoption.difference or "compared after every cell"
    is_strong = found and found.total >= FEWEST_JUDGED and found.percent >= 90
    return (
        ("runs", runs, warnings or cells, adoption.runs and not warnings),
        ("the script", same, compared, bool(adoption.reproduces)),
        ("strength of the tests", strength, caught or "needs a run", bool(is_strong)),
        (
            "failures with nothing changed",
            flakes,
            "runs of the tests",
            bool(found and found.runs and not found.flakes),
        ),
    )


def _facts(adoption: Adoption) -> list[tuple[str, str]]:
    rows = [
        ("from", adoption.kind),
        ("cells", f"{adoption.cells}, {adoption.code_cells} with code"),
        ("reads", ", ".join(adoption.reads) or "no file"),
        ("writes", ", ".join(adoption.writes) or "no file"),
    ]
    if adoption.fetches:
        rows.append(("fetches", fetched(adoption)))
    if adoption.runs:
        rows += [("determinism", determinism(adoption)), ("the net", strength_line(adoption))]
    return [*rows, *(("note", note) for note in adoption.notes)]
