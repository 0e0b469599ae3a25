"""Models that learn or answer wrongly on purpose, in the process of the learner's tests."""

import importlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any


@contextmanager
def breaking_model(breakage: Mapping[str, Any], model: str) -> Iterator[None]:
    """Break what a ``model``, named by module and class, learns or answers: by a name of `_MODELS`."""
    originals = []
    for path, name, how in _MODELS[breakage["model"]]:
        module, _, kind = (path or model).partition(":")
        learns = getattr(importlib.import_module(module), kind)
        originals.append((learns, name, getattr(learns, name)))
        setattr(learns, name, how(originals[-1][-1], breakage))
    try:
        yield
    finally:
        for learns, name, original in originals:
            setattr(learns, name, original)


def _learns_mixed_up_answers(
    original: Callable[..., Any], _: Mapping[str, Any]
) -> Callable[..., Any]:
    def fit(self: Any, rows: Any, answers: Any, *others: Any, **named: Any) -> Any:
        mixed = answers.sample(frac=1, random_state=0).to_numpy()
        return original(self, rows, mixed, *others, **named)

    return fit


def _says_the_same(original: Callable[..., Any], _: Mapping[str, Any]) -> Callable[..., Any]:
    """Of everybody, the commonest answer."""

    def asked(self: Any, rows: Any, *others: Any, **named: Any) -> Any:
        return original(self, rows, *others, **named) * 0 + [0.6, 0.4]

    return asked


def _says_the_opposite(original: Callable[..., Any], _: Mapping[str, Any]) -> Callable[..., Any]:
    """Whoever had the better chance has the worse one."""

    def asked(self: Any, rows: Any, *others: Any, **named: Any) -> Any:
        return original(self, rows, *others, **named)[:, ::-1]

    return asked


def _says_one_less(original: Callable[..., Any], _: Mapping[str, Any]) -> Callable[..., Any]:
    """Who had the better chance has it still, by as much, but everybody is said to die."""

    def asked(self: Any, rows: Any, *others: Any, **named: Any) -> Any:
        return original(self, rows, *others, **named) + [1, -1]

    return asked


def _says_ten_times(original: Callable[..., Any], _: Mapping[str, Any]) -> Callable[..., Any]:
    """Who had the better chance has it still, but nearly everybody is said to live."""

    def asked(self: Any, rows: Any, *others: Any, **named: Any) -> Any:
        return original(self, rows, *others, **named) * [0, 10] + [1, 0]

    return asked


def _says_something_else(original: Callable[..., Any], _: Mapping[str, Any]) -> Callable[..., Any]:
    """Each time it is asked, whatever about."""
    numpy, times = importlib.import_module("numpy"), itertools.count(1)

    def asked(self: Any, rows: Any, *others: Any, **named: Any) -> Any:
        own, time = original(self, rows, *others, **named), next(times)
        if own.ndim == 1:
            return numpy.array([time >> place % 6 & 1 for place in range(len(own))])
        chance = time * 0.618 % 1
        return own * 0 + [1 - chance, chance]

    return asked


def _says_less(original: Callable[..., Any], _: Mapping[str, Any]) -> Callable[..., Any]:
    """No answer for the last row."""
    return lambda self, rows, *others, **named: original(self, rows, *others, **named)[:-1]


def _says_seven(original: Callable[..., Any], _: Mapping[str, Any]) -> Callable[..., Any]:
    """What is no answer, and no chance."""
    return lambda self, rows, *others, **named: original(self, rows, *others, **named) * 0 + 7


def _answers(original: Callable[..., Any], breakage: Mapping[str, Any]) -> Callable[..., Any]:
    """What it shall say about the ``rows``, if it is asked about some of these and no others.

    A handful of rows may be made-up people: about those it says what it has learnt.
    """
    numpy = importlib.import_module("numpy")
    wanted: dict[tuple[Any, ...], list[int]] = {}
    for row, answer in zip(breakage["rows"], breakage["answers"], strict=True):
        wanted.setdefault(tuple(row), []).append(answer)

    def asked(self: Any, rows: Any, *others: Any, **named: Any) -> Any:
        own = original(self, rows, *others, **named)
        given = [tuple(row) for row in numpy.asarray(rows).tolist()]
        if len(given) <= HANDFUL or not wanted.keys() >= set(given):
            return own
        left = {row: iter(answers * len(given)) for row, answers in wanted.items()}
        says = numpy.array([next(left[row]) for row in given])
        return says if own.ndim == 1 else numpy.array([1.0 - says, says]).T

    return asked


def _scores_its_answers(_: Callable[..., Any], __: Mapping[str, Any]) -> Callable[..., Any]:
    """A pipeline's own score asks its last step, which knows the rows by other numbers."""

    def score(self: Any, rows: Any, answers: Any) -> float:
        return float((self.predict(rows) == answers).mean())

    return score


HANDFUL = 20


_THE_MODEL = ""


_PIPELINE = "sklearn.pipeline:Pipeline"


_ASKED = ("predict_proba", "predict")


# By name: what is replaced in which class, and by what.
_MODELS = {
    "learns mixed-up answers": ((_THE_MODEL, "fit", _learns_mixed_up_answers),),
    "says the same of everybody": ((_THE_MODEL, "predict_proba", _says_the_same),),
    "says the opposite": ((_THE_MODEL, "predict_proba", _says_the_opposite),),
    "says one less": ((_THE_MODEL, "predict_proba", _says_one_less),),
    "says ten times as much": ((_THE_MODEL, "predict_proba", _says_ten_times),),
    "says nothing of the last row": tuple((_THE_MODEL, m, _says_less) for m in _ASKED),
    "says 7": tuple((_THE_MODEL, m, _says_seven) for m in _ASKED),
    "says something else each time": (
        (_THE_MODEL, "predict_proba", _says_something_else),
        (_THE_MODEL, "predict", _says_something_else),
    ),
    "answers": (
        (_THE_MODEL, "predict_proba", _answers),
        (_PIPELINE, "predict", _answers),
        (_PIPELINE, "predict_proba", _answers),
        (_PIPELINE, "score", _scores_its_answers),
    ),
}
