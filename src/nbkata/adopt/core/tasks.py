"""TASKS.md: the gate first, then one extraction a commit, for a coding assistant or a person."""

from collections.abc import Iterator

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.sentences import FUNCTIONS, in_and_out, sentence
from nbkata.common.core.counting import counted
from nbkata.strength.core.strength import MutantResult, Strength

# Per cent of the planted changes that a net must catch before anybody refactors under it.
ENOUGH = 80
# Assertions that are named; the next measurement names the next ones.
ASSERTIONS = 5


def gate(adoption: Adoption) -> str:
    """Whether the net is strong enough to refactor under, in a sentence."""
    found = adoption.strength
    if not adoption.results:
        reason = adoption.reason or "it leaves no results that could be compared"
        return (
            f"There is no net yet: {sentence(reason)} Let nobody refactor this, person or machine."
        )
    if found is None:
        return f"The strength of the net is not measured. Measure it first: {_measure(adoption)}"
    caught = f"Your net catches {found.percent:.0f} % of the planted changes"
    if found.percent >= ENOUGH or not missing(found):
        return f"{caught}: strong enough to refactor under."
    more = counted(len(missing(found)), "more assertion")
    return f"{caught}: let nobody refactor under it, person or machine, before it has {more}:"


def missing(found: Strength) -> tuple[MutantResult, ...]:
    """Survivors of which each asks for an assertion of its own; none if the net is strong enough."""
    if found.percent >= ENOUGH:
        return ()
    by_assertion = {one.seen_by or f"{one.path}:{one.line}": one for one in found.survivors}
    return tuple(by_assertion.values())[:ASSERTIONS]


def asked(one: MutantResult) -> str:
    """The assertion that would have seen it, and where its change is."""
    seen = one.seen_by or "no test runs this line; write one that does."
    return f"{one.path}, line {one.line}: {seen}"


def tasks_text(adoption: Adoption) -> str:
    """The whole file."""
    return "\n".join(_lines(adoption)) + "\n"


def _lines(adoption: Adoption) -> Iterator[str]:
    yield from (f"# Tasks for {' '.join(adoption.notebook.split())}", "")
    yield "For a coding assistant, or a person. `AGENTS.md` has the rules. Do the first open task, tick its box, commit."
    yield from ("", "## The gate", "", gate(adoption), "")
    found = adoption.strength
    for one in missing(found) if found else ():
        yield f"- [ ] {asked(one)}"
    if found and missing(found):
        yield from (
            "",
            "Write them into a file of their own, `tests/test_more.py`, then measure again:",
            "",
        )
        yield from (f"    {_measure(adoption)}", "")
    functions = adoption.flow.candidates[:FUNCTIONS] if adoption.flow and adoption.results else ()
    if not functions:
        return
    yield from (
        "## One extraction, one commit",
        "",
        "Each task ends with these. All exit with 0; `check` may exit with 1 for its shape light alone:",
        "",
    )
    yield "    python -m black src tests"
    yield "    python -m pytest -q"
    yield "    nbkata check --json"
    yield "    nbkata guard"
    yield ""
    for item in functions:
        yield f"- [ ] Extract `{item.signature}` into `src/{item.module}.py`."
        yield f"  {in_and_out(item)}"
        yield "  `PLAN.md` has its code and its first test. Test first, then move the lines out of"
        yield f"  `src/{adoption.name}.py` and call it there."
    yield from ("", f"Then `nbkata extract src/{adoption.name}.py` says what comes next.")


def _measure(adoption: Adoption) -> str:
    return f"nbkata strength --target src/{adoption.name}.py --fail-under {ENOUGH}"
