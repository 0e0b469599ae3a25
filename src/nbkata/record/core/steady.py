"""What differs between runs of unchanged code, where it begins, and why it probably does."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nbkata.record.core.compare import moves
from nbkata.record.core.record import Fingerprint, Kind, Record, Unsteady, number

# Causes, and what in a cell's code speaks for each; the first that is found wins.
SIGNS = (
    ("a uuid is new in every run", r"\buuid"),
    ("the clock", r"\b(time|perf_counter|now|today|utcnow|strftime|time_ns|monotonic)\s*\("),
    ("a memory address (id, hash or the text of an object)", r"\b(id|hash)\s*\("),
    ("the order of a set, which changes with the hash seed", r"\bset\s*\(|\{[^:{}]+,[^:{}]+\}"),
    (
        "random numbers without a seed",
        r"\brandom\b|\.sample\(|shuffle|train_test_split|randint|default_rng|normal\(",
    ),
    ("the order in which threads end", r"n_jobs|Thread|Pool|concurrent|parallel"),
)


def steady_record(runs: Sequence[Record], sources: Mapping[int, str]) -> Record:
    """The first run, with what the others disagree on named as unsteady.

    ``sources`` maps each cell to its code. A name that is unsteady as a consequence has the cause
    of the one it was made from.
    """
    first = runs[0]
    found: dict[tuple[str, str], Unsteady] = {}
    for other in runs[1:]:
        for (stage, before), (_, now) in zip(first.states(), other.states(), strict=False):
            code = _with_functions(sources.get(stage.cell, ""), sources)
            earlier = [sources[cell] for cell in sorted(sources) if cell < stage.cell]
            for name in stage.names:
                for moved in moves(name, stage.cell, before[name], now.get(name), {}):
                    cause = likely_cause(code, before[name], now.get(name))
                    cause = cause or _inherited(code, found.values(), earlier) or UNKNOWN
                    item = Unsteady(stage.cell, name, moved.column, cause)
                    found.setdefault((name, moved.column), item)
    unsteady = tuple(_with_range(item, runs) for item in found.values())
    ordered = sorted(unsteady, key=lambda item: (item.cell, item.name, item.column))
    return replace(first, runs=len(runs), unsteady=tuple(ordered))


def _with_functions(code: str, sources: Mapping[int, str]) -> str:
    """A cell's code, and that of the cells which define what it calls."""
    called = set(re.findall(r"(\w+)\s*\(", code))
    others = [
        text
        for text in sources.values()
        if text != code and called.intersection(re.findall(r"^\s*(?:def|class) (\w+)", text, re.M))
    ]
    return "\n".join([code, *others])


# Runs from which on a range says something: one run more falls outside it 2 times in 31.
RANGE_RUNS = 30
UNKNOWN = "unknown: neither a seed, a set, the clock nor threads show in the cell"


def likely_cause(source: str, before: Fingerprint | None, now: Fingerprint | None) -> str:
    """Why two runs of a cell gave two values; empty where nothing speaks for any cause."""
    if before is not None and before.unseeded:
        return "a model without random_state"
    if before is not None and now is not None:
        if re.search("0x[0-9a-f]{6}", before.value):
            return SIGNS[2][0]
        if before.kind is Kind.CONTAINER and before.type in ("list", "tuple", "str"):
            if before.value != now.value and sorted(before.value) == sorted(now.value):
                return SIGNS[3][0]
    code = re.sub(r"#.*", "", source)
    return next((cause for cause, sign in SIGNS if re.search(sign, code)), "")


def _inherited(source: str, unsteady: Iterable[Unsteady], earlier: Sequence[str]) -> str:
    """The cause of an unsteady name that the cell reads.

    Or of one that went, in an ``earlier`` cell, into an object of which a record knows only the
    type: a fitted model of another library.
    """
    causes = {item.name: item.cause for item in reversed(list(unsteady))}
    for code in (*earlier, source):
        words = set(re.findall(r"\w+", code))
        cause = next((cause for name, cause in causes.items() if name in words), "")
        if cause and code is not source:
            made = re.findall(r"^\s*(\w+)\s*=[^=]", code, re.MULTILINE)
            causes = {**dict.fromkeys(made, cause), **causes}
    return cause


def _with_range(item: Unsteady, runs: Sequence[Record]) -> Unsteady:
    if len(runs) < RANGE_RUNS:
        return item
    values = []
    for run in runs:
        state = next((s for stage, s in run.states() if stage.cell == item.cell), {})
        values.append(number(state.get(item.name)))
    known = [value for value in values if value is not None]
    if item.column or len(known) != len(values):
        return item
    return Unsteady(item.cell, item.name, "", item.cause, min(known), max(known))
