"""What makes a function impure, as values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Cause(StrEnum):
    """The ways in which a function can reach beyond its arguments and its result."""

    ARGUMENT = "argument"
    GLOBAL = "global"
    READS_GLOBAL = "reads a global"
    OUTPUT = "output"
    READS = "reads"
    WRITES = "writes"
    NETWORK = "network"
    PROCESS = "process"
    ENVIRONMENT = "environment"
    CLOCK = "clock"
    RANDOM = "randomness"
    DRAWS = "draws"
    ASKS = "asks"
    SETTINGS = "settings"
    IMPORT = "import"
    UNSTABLE = "unstable"


class Sure(IntEnum):
    """How far the text alone carries a finding."""

    # It depends on types or callees that the text does not tell: says nothing without evidence.
    POSSIBLE = 1
    # It holds on some path; calls that ran the line and changed nothing clear it.
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement, and what it does beyond computing a result."""

    line: int
    cause: Cause
    message: str
    sure: Sure = Sure.CERTAIN
    target: str = ""  # the argument or global it touches, where there is one
    origin: str = ""  # for what a called function does: the statement in the end, wherever it is
    remedy: str = ""  # what to do about it, where more is known than the cause

    @property
    def fix(self) -> str:
        """What to do about it, in one sentence."""
        return self.remedy or FIXES[self.cause].format(target=self.target or "it")


FIXES = {
    Cause.ARGUMENT: "Work on a copy: take {target}.copy() first, or return a new object "
    "(df.assign, df.drop, sorted, a new list).",
    Cause.GLOBAL: "Take {target} as an argument and return its new value.",
    Cause.READS_GLOBAL: "Take {target} as an argument.",
    Cause.OUTPUT: "Return the value and let the caller print or log it.",
    Cause.READS: "Read in the shell (train.py) and pass the data as an argument.",
    Cause.WRITES: "Return the value and let the shell (train.py) write it.",
    Cause.NETWORK: "Fetch in the shell (train.py) and pass the answer as an argument.",
    Cause.PROCESS: "Start and end processes in the shell (train.py).",
    Cause.ENVIRONMENT: "Look it up in the shell (train.py) and pass the value as an argument.",
    Cause.CLOCK: "Take the time as an argument.",
    Cause.RANDOM: "Take a seed as an argument and hand it on (random_state=seed).",
    Cause.DRAWS: "Return the numbers and let the shell (train.py) draw them.",
    Cause.ASKS: "Ask in the shell (train.py) and pass the answer as an argument.",
    Cause.SETTINGS: "Change settings once, in the shell (train.py).",
    Cause.IMPORT: 'Move it into a function, or below `if __name__ == "__main__":`.',
    Cause.UNSTABLE: "Take what varies as an argument: a seed, the time, what earlier calls left. "
    "Sort what comes out of a set.",
}


# Methods that scikit-learn's protocol lets change their own object: it learns, and nothing else.
# What they learn is as good as an answer: the same for the same rows. A ``partial_fit`` goes on
# from what came before, so it is none of them.
LEARNS = ("fit", "fit_transform", "fit_predict")


def impure(function: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Without what the protocol of estimators lets this function do."""
    kind, _, method = function.rpartition(".")
    if not kind or method not in LEARNS:
        return tuple(findings)
    return tuple(f for f in findings if f.cause is not Cause.ARGUMENT or f.target != OWN_OBJECT)


OWN_OBJECT = "self"

_ABOUT_SOMETHING = (Cause.ARGUMENT, Cause.GLOBAL, Cause.READS_GLOBAL)


def distinct(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """In the order of their lines; of several on one line about the same thing, the surest."""
    best: dict[tuple[int, Cause, str], Finding] = {}
    for finding in findings:
        about = finding.target if finding.cause in _ABOUT_SOMETHING else ""
        key = (finding.line, finding.cause, about)
        if key not in best or best[key].sure < finding.sure:
            best[key] = finding
    kept = [finding for finding in best.values() if not _already_reported(finding, best.values())]
    return tuple(sorted(kept, key=lambda finding: (finding.line, -finding.sure)))


def _already_reported(finding: Finding, others: Iterable[Finding]) -> bool:
    """Who changes a global or a setting need not be reported for reading it."""
    changes = {Cause.READS_GLOBAL: Cause.GLOBAL, Cause.ENVIRONMENT: Cause.SETTINGS}
    wanted = changes.get(finding.cause)
    return wanted is not None and any(
        other.cause is wanted and other.target == finding.target for other in others
    )
