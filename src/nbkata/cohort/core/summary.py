"""What a cohort's results say together: who is where, what is said most, which solutions are alike."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nbkata.cohort.core.result import LIMITS, Ended, Result

# Of a message, a mutant's diff or a name, as a table shows it.
MOST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that several workspaces have in common."""

    count: int
    example: str
    ids: tuple[str, ...]  # the workspaces, the example's first


@dataclass(frozen=True, slots=True)
class StepShare:
    """How many reached the goals of a step, of those of whom it is known."""

    slug: str
    green: int
    of: int

    @property
    def percent(self) -> float:
        """The share in per cent."""
        return 100 * self.green / self.of


@dataclass(frozen=True, slots=True)
class Summary:
    """All workspaces together."""

    results: tuple[Result, ...]  # by step, the ones at the latest first, then by name
    steps: tuple[StepShare, ...]
    messages: tuple[Counted, ...]
    survivors: tuple[Counted, ...]
    alike: tuple[Counted, ...]  # groups of two or more; the example is the code's digest
    limited: tuple[Result, ...]  # ended by a limit: neither right nor wrong
    unchecked: tuple[Result, ...]  # refused, or would not start


def summary_of(results: Iterable[Result]) -> Summary:
    """Put the results together."""
    ordered = sorted(results, key=lambda one: (_reversed(one.step), one.id))
    code = [one for one in ordered if one.ended in (Ended.GREEN, Ended.RED)]
    said = [(_pattern(text), text, one.id) for one in code for text in _first_lines(one.messages)]
    mutants = [(m, m, one.id) for one in code for m in _survivors((*one.notes, *one.messages))]
    groups = _counted((one.shape_of_code,) * 2 + (one.id,) for one in ordered if one.shape_of_code)
    return Summary(
        tuple(ordered),
        _shares(code),
        _counted(said),
        _counted(mutants),
        tuple(group for group in groups if group.count > 1),
        tuple(one for one in ordered if one.ended in LIMITS),
        tuple(one for one in ordered if one.ended in (Ended.REFUSED, Ended.NOT_STARTED)),
    )


def document(summary: Summary, engine: str, sandbox: str) -> dict[str, Any]:
    """The JSON document of ``--json`` and ``cohort.json``."""
    return {
        "engine": engine,
        "sandbox": sandbox,
        "workspaces": [
            {
                "id": one.id,
                "step": one.step,
                "behaviour": one.behaviour,
                "shape": one.shape,
                "messages": list(one.messages),
                "ended_by": one.ended.value,
                "left_out": list(one.left_out),
                "red_minutes": one.red_minutes,
                "hints": one.hints,
                "seconds": one.seconds,
            }
            for one in summary.results
        ],
        "steps": [{"step": s.slug, "green": s.green, "of": s.of} for s in summary.steps],
        "messages": [_as_json(one) for one in summary.messages],
        "survivors": [_as_json(one) for one in summary.survivors],
        "alike": [list(one.ids) for one in summary.alike],
    }


# Of each workspace, a column each.
COLUMNS = "id step ended_by behaviour shape message red_minutes hints seconds".split()


def rows(summary: Summary) -> list[list[str]]:
    """A row for each workspace, under `COLUMNS`. No cell begins as a formula of a spreadsheet does."""
    return [
        [
            _cell(text)
            for text in (
                *(one.id, one.step, one.ended.value, _yes(one.behaviour), _yes(one.shape)),
                *(next(iter(one.messages), ""), f"{one.red_minutes:g}", str(one.hints)),
                f"{one.seconds:g}",
            )
        ]
        for one in summary.results
    ]


def _yes(ok: bool) -> str:
    return "green" if ok else "red"


def _cell(text: str) -> str:
    text = text[:MOST_TEXT]
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _as_json(one: Counted) -> dict[str, Any]:
    return {"id": one.ids[0], "count": one.count, "example": one.example}


def _reversed(slug: str) -> tuple[int, ...]:
    return tuple(-ord(sign) for sign in slug) if slug else (1,)


def _shares(results: Sequence[Result]) -> tuple[StepShare, ...]:
    green: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for one in results:
        for slug, ok in one.steps.items():
            of[slug] += 1
            green[slug] += ok
    return tuple(StepShare(slug, green[slug], of[slug]) for slug in sorted(of))


def _counted(found: Iterable[tuple[str, str, str]]) -> tuple[Counted, ...]:
    """The pattern, an example and the workspace of each, counted by pattern, the most frequent first."""
    examples: dict[str, str] = {}
    ids: dict[str, dict[str, None]] = {}
    for pattern, example, name in found:
        examples.setdefault(pattern, example)
        ids.setdefault(pattern, {})[name] = None
    counted = [Counted(len(ids[one]), text, tuple(ids[one])) for one, text in examples.items()]
    return tuple(sorted(counted, key=lambda one: (-one.count, one.example)))


def _first_lines(messages: Iterable[str]) -> list[str]:
    """Of each message what is said, without the listings below it."""
    lines = (text.strip().partition("\n")[0][:MOST_TEXT] for text in messages)
    return list(dict.fromkeys(line for line in lines if line and not _MORE.fullmatch(line)))


# Below the few messages that a light shows.
_MORE = re.compile(r"And \d+ more\.")


def _pattern(text: str) -> str:
    """The message without its numbers: those of lines, seconds and rows differ."""
    return re.sub(r"\d+(?:[.,]\d+)*", "0", text)


def _survivors(texts: Iterable[str]) -> list[str]:
    """The diffs of the mutants that a light shows, without the places of their lines."""
    found = []
    for text in texts:
        for part in re.split(r"^(?:Survived, .*|For example):$", text, flags=re.MULTILINE)[1:]:
            lines = [
                line
                for line in part.strip().splitlines()
                if line[:1] in "-+" and line[1:2] not in "-+"
            ]
            found.append("\n".join(lines)[:MOST_TEXT])
    return list(dict.fromkeys(one for one in found if one))
