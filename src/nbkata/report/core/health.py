"""The health of a system, as a team reads it: some rows are measured, some only people can judge.

Ratings like these are the subject of table 8-1 in *Effective Machine Learning Teams*; rows, levels and
limits here are our own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nbkata.kata.core.figures import Figure, Measured, Values


class Level(StrEnum):
    """How a row is."""

    HEALTHY = "healthy"
    CARE = "needs care"
    RISK = "at risk"
    UNKNOWN = "not judged"


@dataclass(frozen=True, slots=True)
class Rating:
    """One row."""

    title: str
    level: Level
    evidence: str  # what was measured, or what was answered
    healthy: str  # when it is healthy


@dataclass(frozen=True, slots=True)
class Check:
    """One item of the reproducibility checklist."""

    title: str
    ok: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Question:
    """What only people can judge, with an answer for each level."""

    key: str
    title: str
    answers: tuple[str, str, str]  # healthy, needs care, at risk


QUESTIONS = (
    Question(
        "knowledge",
        "Shared knowledge",
        ("three people or more could change it tomorrow", "two could", "one could, or nobody"),
    ),
    Question(
        "delivery",
        "Delivery",
        (
            "a merged change reaches its users within a day, by itself",
            "within two weeks, or by hand",
            "later, or nobody knows how",
        ),
    ),
    Question(
        "monitoring",
        "Monitoring",
        (
            "somebody learns of it within a day if data or predictions drift",
            "somebody looks now and then",
            "users tell us",
        ),
    ),
    Question(
        "purpose",
        "Owner and purpose",
        (
            "one team owns it and knows who decides by it",
            "an owner or its users are not known",
            "neither is known",
        ),
    ),
)
LEVELS = (Level.HEALTHY, Level.CARE, Level.RISK)


@dataclass(frozen=True, slots=True)
class _Limit:
    """How a figure becomes a level."""

    title: str
    healthy: float
    care: float
    says: str  # ``{}`` is the limit of healthy


_LIMITS: Mapping[Figure, _Limit] = {
    Figure.STRENGTH: _Limit("Safety net", 90, 60, "tests catch {} % of planted changes or more"),
    Figure.SMELLS: _Limit("Readable code", 2, 10, "at most {} smells in 100 lines"),
    Figure.WAYS_MOST: _Limit("Small functions", 5, 15, "no function has more than {} ways through"),
    Figure.PURITY: _Limit("Functional core", 70, 40, "{} % of the functions are pure, or more"),
}
# What has to be measured.
FIGURES = (*_LIMITS, Figure.LINES)
_FEWER_IS_BETTER = (Figure.SMELLS, Figure.WAYS_MOST)


def measured_ratings(values: Values, checks: Sequence[Check]) -> list[Rating]:
    """A row for each figure, and one for the checklist; what cannot be measured is at risk."""
    lines = values.get(Figure.LINES)
    ratings = []
    for figure, limit in _LIMITS.items():
        measured = values.get(figure)
        healthy = limit.says.format(f"{limit.healthy:g}")
        if measured is None:
            ratings.append(Rating(limit.title, Level.RISK, "there is nothing to measure", healthy))
            continue
        number = measured.value
        if figure is Figure.SMELLS:
            number = 100 * number / max(1.0, lines.value if lines else 1.0)
        evidence = _evidence(figure, measured, number)
        ratings.append(Rating(limit.title, _level(figure, limit, number), evidence, healthy))
    fulfilled = sum(check.ok for check in checks)
    level = Level.HEALTHY if fulfilled == len(checks) else Level.CARE
    if fulfilled <= len(checks) / 2:
        level = Level.RISK
    evidence = f"{fulfilled} of {len(checks)} on the checklist"
    return [*ratings, Rating("Reproducible", level, evidence, "all of the checklist")]


def _level(figure: Figure, limit: _Limit, number: float) -> Level:
    sign = -1 if figure in _FEWER_IS_BETTER else 1
    if sign * number >= sign * limit.healthy:
        return Level.HEALTHY
    return Level.CARE if sign * number >= sign * limit.care else Level.RISK


def _evidence(figure: Figure, measured: Measured, number: float) -> str:
    if figure is Figure.SMELLS:
        return f"{measured.value:.0f} smells, {number:.1f} in 100 lines"
    if figure is Figure.WAYS_MOST:
        return f"the worst has {number:.0f}"
    share = f" ({measured.of[0]} of {measured.of[1]})" if measured.of else ""
    return f"{number:.0f} %{share}"


def judged_ratings(answers: Mapping[str, Any]) -> list[Rating] | str:
    """A row for each question. A text says what is wrong with the answers.

    ``answers`` holds 1 (healthy), 2 or 3 (at risk) by a question's key.
    """
    known = {question.key for question in QUESTIONS}
    if unknown := sorted(set(answers) - known):
        return f"there is no question {unknown[0]!r}; there are {', '.join(sorted(known))}"
    ratings = []
    for question in QUESTIONS:
        answer = answers.get(question.key)
        if answer is None:
            ratings.append(
                Rating(question.title, Level.UNKNOWN, "only people can", question.answers[0])
            )
        elif isinstance(answer, bool) or answer not in (1, 2, 3):
            return f"{question.key} must be 1, 2 or 3, not {answer!r}"
        else:
            said = question.answers[answer - 1]
            ratings.append(Rating(question.title, LEVELS[answer - 1], said, question.answers[0]))
    return ratings


def as_document(ratings: Sequence[Rating], checks: Sequence[Check]) -> dict[str, Any]:
    """For ``--json``."""
    return {
        "health": [
            {"row": one.title, "level": one.level.value, "evidence": one.evidence}
            for one in ratings
        ],
        "reproducibility": [
            {"item": one.title, "ok": one.ok, "evidence": one.evidence} for one in checks
        ],
    }
