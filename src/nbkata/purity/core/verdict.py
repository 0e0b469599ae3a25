"""The verdict on a function: its text and its evidence, weighed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from nbkata.purity.core.evidence import CallEvidence, Outcome
from nbkata.purity.core.findings import Cause, Finding, Sure, distinct, impure
from nbkata.purity.core.static import ON_IMPORT, FunctionText


class Verdict(StrEnum):
    """What is known of a function."""

    PURE = "pure"
    IMPURE = "impure"
    UNEXERCISED = "unexercised"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for the verdict."""

    line: int
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class CheckedFunction:
    """A function and what is known of it."""

    module: str
    name: str
    path: str
    line: int
    verdict: Verdict
    # Why it is impure, or why nothing is known; empty for a pure function.
    reasons: tuple[Reason, ...] = ()
    cleared: tuple[Reason, ...] = ()  # what looked impure in the text, ran, and did nothing
    calls: int = 0  # how many captured calls were called again


def checked_functions(
    texts: Sequence[FunctionText], evidence: Sequence[CallEvidence], unrun: str = ""
) -> tuple[CheckedFunction, ...]:
    """A verdict for each function; ``unrun`` says why the tests did not run to their end, if so."""
    calls: Mapping[tuple[str, str], tuple[CallEvidence, ...]] = {}
    for call in evidence:
        key = (call.path, call.function)
        calls = {**calls, key: (*calls.get(key, ()), call)}
    return tuple(_checked(text, calls.get((text.path, text.name), ()), unrun) for text in texts)


def _checked(text: FunctionText, calls: Sequence[CallEvidence], unrun: str) -> CheckedFunction:
    done = [call for call in calls if call.outcome is Outcome.DONE]
    lines = frozenset(line for call in done for line in call.lines)
    seen = impure(text.name, [finding for call in done for finding in call.findings])
    ended = [_ending(text, call) for call in calls if call.outcome in _ENDINGS]
    read, cleared = _weighed(impure(text.name, text.findings), lines if done else None, seen)
    deciding = [finding for finding in read if finding.sure > Sure.POSSIBLE]
    checked = CheckedFunction(
        text.module, text.name, text.path, text.line, Verdict.PURE, calls=len(done)
    )
    if deciding or seen or ended:
        reasons = _merged([*deciding, *ended], seen, text)
        return replace(checked, verdict=Verdict.IMPURE, reasons=reasons)
    suspected = tuple(
        Reason(finding.line, f"suspected: it {finding.message}", finding.fix) for finding in read
    )
    if not done or suspected:
        why = () if done else (_not_exercised(text, calls, unrun),)
        return replace(checked, verdict=Verdict.UNEXERCISED, reasons=(*why, *suspected))
    return replace(checked, cleared=tuple(Reason(f.line, f.message) for f in distinct(cleared)))


_ENDINGS = (Outcome.TIMED_OUT, Outcome.DIED)


def _ending(text: FunctionText, call: CallEvidence) -> Finding:
    return Finding(text.line, Cause.PROCESS, call.detail)


def _weighed(
    findings: Sequence[Finding], lines: frozenset[int] | None, seen: Sequence[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """Those that stand, and those that a call ran over without anything happening.

    What the text is certain of is kept: a statement that prints, prints, even where a test has
    put something else in its place.
    """
    if lines is None:
        return list(findings), []
    clears = [
        finding.sure < Sure.CERTAIN
        and finding.line in lines
        and not any(_same_thing(item, finding) for item in seen)
        for finding in findings
    ]
    return (
        [finding for finding, cleared in zip(findings, clears, strict=True) if not cleared],
        [finding for finding, cleared in zip(findings, clears, strict=True) if cleared],
    )


def _merged(
    read: Sequence[Finding], seen: Sequence[Finding], text: FunctionText
) -> tuple[Reason, ...]:
    """The text names the statement, the evidence what changed: together one reason."""
    remaining = list(distinct(seen))
    reasons: list[Reason] = []
    for finding in distinct(read):
        shown = [item for item in remaining if _same_thing(item, finding)]
        remaining = [item for item in remaining if item not in shown]
        change = next((item.origin for item in shown if item.origin), "")
        message = f"{finding.message}; afterwards {change}" if change else finding.message
        likely = "" if finding.sure is Sure.CERTAIN or shown else "by its text it "
        fix = next((item.remedy for item in shown if item.remedy), "") or finding.fix
        reasons = [*reasons, Reason(finding.line, f"{likely}{message}", fix)]
    for item in remaining:
        unsettled = item.cause is Cause.UNSTABLE and any(other.cause in _MEMORY for other in seen)
        if not unsettled and not any(_explains(finding, item) for finding in read):
            reasons = [*reasons, Reason(item.line or text.line, item.message, item.fix)]
    return tuple(sorted(reasons, key=lambda reason: reason.line))


def _same_thing(seen: Finding, read: Finding) -> bool:
    """Whether what was seen is what the text says."""
    if read.cause is Cause.ARGUMENT:
        return seen.cause is Cause.ARGUMENT and seen.target == read.target
    if read.cause is Cause.RANDOM and seen.cause in (Cause.RANDOM, Cause.UNSTABLE):
        return True
    return seen.line == read.line and seen.cause in _WORLD


def _explains(read: Finding, seen: Finding) -> bool:
    """Whether a reason found in the text makes one more about this superfluous."""
    if seen.cause is Cause.UNSTABLE:
        return read.cause is not Cause.ARGUMENT
    if seen.cause is Cause.GLOBAL:
        return read.cause is Cause.GLOBAL or seen.target.startswith("defaults of")
    if seen.cause is Cause.SETTINGS:
        return read.cause is Cause.SETTINGS
    return seen.cause is read.cause and seen.target == read.target != ""


# Seen to change: two calls that disagree are no news then.
_MEMORY = (Cause.GLOBAL, Cause.RANDOM)
_WORLD = frozenset(Cause) - {Cause.ARGUMENT, Cause.IMPORT}


def _not_exercised(text: FunctionText, calls: Sequence[CallEvidence], unrun: str) -> Reason:
    details = [call.detail for call in calls if call.detail]
    if details:
        return Reason(text.line, details[0])
    if text.name == ON_IMPORT:
        return Reason(text.line, "nothing is known of it")
    why = unrun or "no test calls it"
    return Reason(text.line, f"{why}: its text shows nothing impure, but nothing proves it")
