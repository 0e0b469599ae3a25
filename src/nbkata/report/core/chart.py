"""What the page shows of one figure: its way in words, a bar for each step, and why it got worse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbkata.kata.core.figures import ABOUT, Figure, Measured, Row, shown

# Per cent of a chart's height: a mark that is nearer above a bar would cross its number.
_NEAR = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """A value; how high it is, and its number, in per cent of the chart's height."""

    height: float
    text: str
    text_at: float


@dataclass(frozen=True, slots=True)
class Column:
    """One step: the kit's bar and the learner's mark."""

    number: str
    theirs: Bar | None
    mine: Bar | None
    is_worse: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure over all steps."""

    title: str
    way: str
    caption: str
    columns: tuple[Column, ...]
    reasons: tuple[tuple[str, str], ...]  # numbers of steps, and why the figure got worse in them


def chart(
    figure: Figure,
    steps: Sequence[Row],
    own: Sequence[Row],
    reasons: Mapping[Figure, Mapping[str, str]],
) -> Chart | None:
    """The chart of a figure, if it was measured anywhere. ``reasons`` are those of the kata."""
    theirs, mine = _values(figure, steps), _values(figure, own)
    largest = max((one.value for one in [*theirs.values(), *mine.values()]), default=None)
    if largest is None:
        return None
    most = ABOUT[figure].most or largest or 1.0
    worse = set(worse_steps(figure, steps))
    why = {label: text for label, text in reasons.get(figure, {}).items() if label in worse}
    columns = [
        _column(figure, label, most, theirs.get(label), mine.get(label), label in why)
        for label in dict.fromkeys([*(row.label for row in steps), *(row.label for row in own)])
    ]
    ways = [("the kit's steps", way(figure, steps)), ("yours", way(figure, own))]
    caption = "; ".join(f"{whose}: {text}" for whose, text in ways if text)
    grouped: dict[str, list[str]] = {}
    for label, text in why.items():
        grouped.setdefault(text, []).append(_number(label))
    return Chart(
        ABOUT[figure].title,
        way(figure, steps or own),
        f"{caption}. The table has every value.",
        tuple(columns),
        tuple((", ".join(numbers), text) for text, numbers in grouped.items()),
    )


def way(figure: Figure, rows: Sequence[Row]) -> str:
    """From the first value to the last, and in which steps there is none; empty if there is no value."""
    known = [(row.label, value) for row in rows if (value := row.values.get(figure)) is not None]
    if not known:
        return ""
    (start, first), (end, last) = known[0], known[-1]
    ends = dict.fromkeys((shown(figure, first), shown(figure, last)))
    text = " → ".join(ends)
    if start != rows[0].label:
        text += f", from {_number(start)} on"
    return text if end == rows[-1].label else f"{text}, none after {_number(end)}"


def worse_steps(figure: Figure, rows: Sequence[Row]) -> list[str]:
    """The steps in which the figure is worse than before, as far as the page shows it."""
    better, places = ABOUT[figure].better, ABOUT[figure].places
    known = list(_values(figure, rows).items())
    return [
        label
        for (_, before), (label, now) in zip(known, known[1:], strict=False)
        if better * (round(now.value, places) - round(before.value, places)) < 0
    ]


def _values(figure: Figure, rows: Sequence[Row]) -> Mapping[str, Measured]:
    found = ((row.label, row.values.get(figure)) for row in rows)
    return {label: one for label, one in found if one is not None}


def _column(
    figure: Figure, label: str, most: float, theirs: Measured | None, mine: Measured | None,
    is_worse: bool,
) -> Column:  # fmt: skip
    kits, mark = _bar(figure, theirs, most), _bar(figure, mine, most)
    if kits and mark and 0 <= mark.height - kits.height < _NEAR:
        kits = Bar(kits.height, kits.text, mark.height)
    return Column(_number(label), kits, mark, is_worse)


def _bar(figure: Figure, measured: Measured | None, most: float) -> Bar | None:
    if measured is None:
        return None
    height = 100 * min(measured.value / most, 1.0)
    places = ABOUT[figure].places if measured.value < 10 else 0
    text = f"{measured.value:.{places}f}"
    if measured.value >= 1000:  # a column has room for four signs
        text = f"{measured.value / 1000:.1f}k"
    return Bar(round(height, 1), text, round(height, 1))


def _number(label: str) -> str:
    return label.partition("-")[0]
