"""What calling a function again showed, as values that travel between processes as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from nbkata.purity.core.findings import Cause, Finding, Sure


class Outcome(StrEnum):
    """How the second calls of a captured call ended."""

    DONE = "done"
    TIMED_OUT = "timed out"
    DIED = "died"
    # The arguments could not be copied, or not rebuilt in another process.
    NOT_COPIED = "not copied"


@dataclass(frozen=True, slots=True)
class CallEvidence:
    """One captured call, called again."""

    path: str  # the file of the function
    function: str  # its qualified name
    outcome: Outcome
    detail: str = ""  # why not, if it was not done
    # Seen, not read: files, screen, clock, changed arguments and globals, other results.
    findings: tuple[Finding, ...] = ()
    lines: frozenset[int] = frozenset()  # the lines of the file that ran


def evidence_to_json(evidence: CallEvidence) -> dict[str, Any]:
    """For a line of JSON."""
    return {
        **asdict(evidence),
        "findings": [asdict(finding) for finding in evidence.findings],
        "lines": sorted(evidence.lines),
    }


def evidence_from_json(document: Mapping[str, Any]) -> CallEvidence:
    """The reverse."""
    return CallEvidence(
        **{
            **document,
            "outcome": Outcome(document["outcome"]),
            "findings": tuple(map(_finding, document["findings"])),
            "lines": frozenset(document["lines"]),
        }
    )


def _finding(document: Mapping[str, Any]) -> Finding:
    known = {"cause": Cause(document["cause"]), "sure": Sure(document["sure"])}
    return Finding(**{**document, **known})
