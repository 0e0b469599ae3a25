"""Breaking one thing of the learner's on purpose, in the process of their tests: do these notice?

A breakage is ``{"module", "function", "how"}`` (a function, by a name of `_HOW`), the same with
``{"how": "misreads", "places", "reads": [name of _READINGS, ...]}`` or
``{"how": "misfills", "given", "places", "instead": name of _INSTEAD}``, ``{"module", "seam", "result"}``
(one result of the seam), ``{"file", "text"}`` (another text in a file; none: it is not there) or ``{"model", ...}`` (what a model learns or answers, by a name of `_MODELS`).
With ``"all": True`` the tests go on after one that fails; those named in ``"without"`` are not run.
"""

import functools
import gc
import importlib
import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from numbers import Real
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from nbkata.shape_tests.shell.outside_tables import is_frame
from nbkata.shape_tests.shell.watched_calls import COMPOSERS, TRANSFORMING


@contextmanager
def breaking(breakage: dict[str, Any] | None, model: str) -> Iterator[None]:
    """Break one function of the learner's, or what a model learns or answers."""
    if breakage is None:
        yield
    elif "text" in breakage:
        with _with_text(Path(breakage["file"]), breakage["text"]):
            yield
    elif "result" in breakage:
        shell = importlib.import_module(breakage["module"])
        seam = getattr(shell, breakage["seam"])
        setattr(shell, breakage["seam"], _with_another(seam, breakage["result"]))
        yield
    elif (breakage.get("module"), breakage.get("function", "").partition(".")[0]) in COMPOSERS:
        kind = getattr(
            importlib.import_module(breakage["module"]), breakage["function"].split(".")[0]
        )
        composing = {name: vars(kind)[name] for name in TRANSFORMING}
        for name, original in composing.items():
            setattr(kind, name, _BrokenMethod(original, _how(breakage)))
        try:
            yield
        finally:
            for name, original in composing.items():
                setattr(kind, name, original)
    elif _INSIDE in breakage.get("function", ""):
        with _breaking_given_back(breakage):
            yield
    elif "function" in breakage:
        home = importlib.import_module(breakage["module"])
        *classes, name = breakage["function"].split(".")
        for known in classes:
            home = getattr(home, known, home)
        original = vars(home).get(name)
        if isinstance(original, FunctionType):
            code = original.__code__
            _break_in_place(original, _how(breakage), bool(classes))
            try:
                yield
            finally:
                original.__code__ = code
        elif original is not None:
            setattr(home, name, _broken_like(original, _how(breakage), bool(classes)))
            try:
                yield
            finally:
                setattr(home, name, original)
        else:
            yield
    else:
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


@contextmanager
def _with_text(file: Path, text: str | None) -> Iterator[None]:
    """Another text in a file, from before it is imported, or no such file."""
    was = file.read_bytes()
    if text is None:
        file.unlink()
    else:
        file.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        file.write_bytes(was)


def _with_another(seam: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The seam, with one of its results changed: rows mixed up, or another number."""

    def broken(*given: Any, **named: Any) -> Any:
        results = seam(*given, **named)
        has = results if isinstance(results, dict) else vars(results)
        has |= {name: _all_turned(has[name])}
        return results

    return broken


# Makes a broken function of a right one; it is given whether that is called with an object first.
How = Callable[[Callable[..., Any], bool], Callable[..., Any]]


def _break_in_place(original: FunctionType, how: How, in_class: bool) -> None:
    """Whoever took hold of it before (a FunctionTransformer, a table) has the broken one, too."""
    code, closure = original.__code__, original.__closure__
    twin = FunctionType(code, original.__globals__, code.co_name, original.__defaults__, closure)
    twin.__kwdefaults__ = original.__kwdefaults__
    vars(twin).update(vars(original), **{_TWIN: True})  # what it wraps, whose signature it has
    name = f"{_nbkata_broken.__name__}_{id(original)}"
    original.__globals__[name] = how(twin, in_class)
    original.__code__ = _call_broken.__code__.replace(
        co_freevars=code.co_freevars, co_names=(name,)
    )


_TWIN = "_nbkata_twin"


def _nbkata_broken(*_: Any, **__: Any) -> Any:
    """Stands for the broken function, which has a name like this in the learner's module."""


def _call_broken(*given: Any, **named: Any) -> Any:
    return _nbkata_broken(*given, **named)


_INSIDE = ".<locals>."


@contextmanager
def _breaking_given_back(breakage: Mapping[str, Any]) -> Iterator[None]:
    """Break a function that is made inside another one, which gives it back: each that was made
    before, and each that is made now. If it is not given back, nobody can test it.
    """
    maker: Any = importlib.import_module(breakage["module"])
    for name in breakage["function"].partition(_INSIDE)[0].split("."):
        maker = getattr(maker, name)
    maker = inspect.unwrap(getattr(maker, "__func__", maker))
    code, made = _code_inside(maker.__code__, breakage["function"]), list[FunctionType]()

    def break_each() -> None:
        for one in gc.get_referrers(code):
            if isinstance(one, FunctionType) and one.__code__ is code and _TWIN not in vars(one):
                made.append(one)
                _break_in_place(one, _how(breakage), False)

    def making(twin: Callable[..., Any], _: bool) -> Callable[..., Any]:
        def make(*given: Any, **named: Any) -> Any:
            result = twin(*given, **named)
            break_each()
            return result

        return make

    before = maker.__code__
    break_each()
    _break_in_place(maker, making, False)
    try:
        yield
    finally:
        maker.__code__ = before
        for one in made:
            one.__code__ = code


def _code_inside(code: CodeType, qualified: str) -> CodeType:
    """The code of the function that has this name, with those around it."""
    inside = [one for one in code.co_consts if isinstance(one, CodeType)]
    return next(
        one if one.co_qualname == qualified else _code_inside(one, qualified)
        for one in inside
        if f"{qualified}.".startswith(f"{one.co_qualname}.")
    )


class _BrokenMethod:
    """In the place of a method of one of scikit-learn's classes, which may be there or not."""

    def __init__(self, original: Any, how: How) -> None:
        self.original, self.how = original, how

    def __get__(self, composer: Any, kind: type) -> Any:
        bound = self.original.__get__(composer, kind)
        return bound if composer is None else self.how(bound, False)


def _broken_like(original: Any, how: How, in_class: bool) -> Any:
    """The broken function in the place of the original, a static or class method as such."""
    if isinstance(original, staticmethod | classmethod):
        is_class_method = isinstance(original, classmethod)
        return type(original)(how(original.__func__, is_class_method))
    return functools.wraps(original)(how(original, in_class))


def _how(breakage: Mapping[str, Any]) -> How:
    if breakage["how"] == "misreads":
        return lambda original, _: misreading(original, breakage)
    if breakage["how"] == "misfills":
        return lambda original, _: _misfilling(original, breakage)
    return _HOW[breakage["how"]]


def _misfilling(original: Callable[..., Any], breakage: Mapping[str, Any]) -> Callable[..., Any]:
    """The function, but the gaps of a column that it is ``given`` are filled with another value.

    At ``places`` in what it gives back is the column, filled, or what is learnt to fill it with.
    """
    signature = inspect.signature(original)

    def broken(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        pandas = importlib.import_module("pandas")
        columns = [_held_at(bound.arguments.get(one), path) for one, *path in breakage["given"]]
        column = next((pandas.Series(list(one)) for one in columns if one is not None), None)
        result = original(*given, **named)
        if column is None:
            return result
        value, gaps = _INSTEAD[breakage["instead"]](column.dropna()), column.isna().tolist()
        for path in breakage["places"]:
            result = _changed(result, path, lambda old: _refilled(old, gaps, value), {})
        return result

    return broken


def _refilled(old: Any, gaps: Sequence[bool], value: Any) -> Any:
    """A column with another value where gaps were; of what was learnt, every value another."""
    if isinstance(old, dict):
        return {name: value(held) for name, held in old.items()}
    if not hasattr(old, "__len__") or isinstance(old, str):
        return value(old)
    new = [value(one) if gap else one for one, gap in zip(old, gaps, strict=False)]
    if len(old) != len(gaps):
        new = list(map(value, old))
    pandas = importlib.import_module("pandas")
    made = pandas.Series(new, index=getattr(old, "index", None), name=getattr(old, "name", None))
    return made if hasattr(old, "iloc") else made.to_numpy() if hasattr(old, "dtype") else new


def _held_at(value: Any, path: Sequence[Any]) -> Any:
    for name in path:
        try:
            value = (
                getattr(value, name)
                if hasattr(value, "__dict__") and not hasattr(value, "iloc")
                else value[name]
            )
        except (AttributeError, KeyError, IndexError, TypeError):
            return None
    return value


# By name: of the known values of a column, what a gap gets instead of what is right for it.
_INSTEAD: Mapping[str, Callable[[Any], Callable[[Any], Any]]] = {
    "another": lambda known: _another,
    "mean": lambda known: lambda old: known.mean(),
    "commonest": lambda known: lambda old: known.mode()[0] if len(known) else old,
    "rarest": lambda known: lambda old: known.value_counts().index[-1] if len(known) else old,
}


def misreading(original: Callable[..., Any], breakage: Mapping[str, Any]) -> Callable[..., Any]:
    """The function, taking some of what it is given for something else; else it does its work.

    ``places`` are paths into its arguments: ``["passengers", "Parch"]``, ``["self", "rows", "Age"]``,
    ``["names"]``. A column that it only passes on is passed on as it was.
    """
    signature = inspect.signature(original)
    name, *how = breakage["reads"]

    def broken(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        seen: dict[str, tuple[Any, Any]] = {}
        for argument, *path in _places(breakage["places"], bound.arguments):
            if argument in bound.arguments:
                value = bound.arguments[argument]
                reads = functools.partial(_each, reads=_READINGS[name](*how))
                bound.arguments[argument] = _changed(value, path, reads, seen)
        result = original(*bound.args, **bound.kwargs)
        for value in bound.arguments.values():
            _passed_on(value, seen)
        return _passed_on(result, seen)

    return broken


def _places(places: Sequence[Sequence[Any]], given: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    """The places; all columns of a frame that has none of them: what works on any is tested on any."""
    found = [*places]
    for name, value in given.items():
        own = [path for path in places if path[0] == name and len(path) == 2]
        if own and is_frame(value) and not any(column in value for _, column in own):
            found += [(name, column) for column in value.columns]
    return found


def _changed(
    value: Any, path: Sequence[Any], change: Callable[[Any], Any], seen: dict[str, tuple[Any, Any]]
) -> Any:
    """What stands in for a value: something at a path in it is another."""
    if not path:
        return change(value)
    name, *rest = path
    if is_frame(value):
        if name not in value:
            return value
        seen[name] = (change(value[name]), value[name])
        return value.assign(**{name: seen[name][0]})
    if type(value).__name__ == "ndarray":
        value = value.copy()
        value[:, name] = change(value[:, name])
    elif isinstance(value, dict | list):
        value = value.copy()
        value[name] = _changed(value[name], rest, change, seen)
    elif isinstance(value, tuple):
        return tuple(_changed([*value], path, change, seen))
    elif hasattr(value, name):
        changed = _changed(getattr(value, name), rest, change, seen)
        object.__setattr__(value, name, changed)  # a frozen dataclass takes it as well
    return value


def _each(column: Any, reads: Callable[[Any], Any]) -> Any:
    """A column, or one value, with each value read otherwise."""
    if hasattr(column, "map"):
        return column.map(reads)
    if type(column).__name__ == "ndarray":
        return importlib.import_module("pandas").Series(column).map(reads).to_numpy()
    return list(map(reads, column)) if isinstance(column, list | tuple) else reads(column)


def _passed_on(value: Any, seen: Mapping[str, tuple[Any, Any]]) -> Any:
    if is_frame(value):
        right = {
            name: was
            for name, (read, was) in seen.items()
            if name in value and value[name].equals(read)
        }
        return value.assign(**right) if right else value
    if isinstance(value, tuple):
        return tuple(_passed_on(item, seen) for item in value)
    if type(value).__module__ != "builtins" and hasattr(value, "__dict__"):
        for name, held in list(vars(value).items()):
            if is_frame(held):
                vars(value)[name] = _passed_on(held, seen)
    return value


def _is_gap(value: Any) -> bool:
    return value is None or value != value  # pylint: disable=comparison-with-itself # not a number


# By name: how one value is read. Numbers and texts that a reading is not about stay as they are.
_READINGS: Mapping[str, Callable[..., Callable[[Any], Any]]] = {
    "always": lambda value: lambda _: value,
    "gaps as": lambda value: lambda old: value if _is_gap(old) else old,
    "words as": lambda words, new: lambda old: (
        re.sub(rf"\b(?:{words})\b", new, old) if isinstance(old, str) else old
    ),
    "more": lambda more: lambda old: old + more if isinstance(old, Real) else old,
    "at most": lambda most, below: lambda old: (
        most if isinstance(old, Real) and most < old < below else old
    ),
}


def _first(given: Sequence[Any], named: Mapping[str, Any], is_method: bool) -> Any:
    """What it is given to work on: of a method called with nothing else, its object."""
    arguments = [*given[1 if is_method else 0 :], *named.values()]
    return arguments[0] if arguments else given[0] if given else None


def _gives_its_argument(_: Callable[..., Any], is_method: bool) -> Callable[..., Any]:
    return lambda *given, **named: _first(given, named, is_method)


def _mixes_up_rows(original: Callable[..., Any], is_method: bool) -> Callable[..., Any]:
    """What it adds or changes is right, but one row too low."""

    def broken(*given: Any, **named: Any) -> Any:
        first = _first(given, named, is_method)
        before = first.copy() if is_frame(first) else {}
        right = original(*given, **named)
        if not is_frame(right):
            return _all_turned(right)
        new = [c for c in right.columns if c not in before or not right[c].equals(before[c])]
        return right.assign(**{column: _turned(right[column]) for column in new})

    return broken


def _changes_its_argument(original: Callable[..., Any], is_method: bool) -> Callable[..., Any]:
    """What it gives back is right, but what it was given is other than before, each time."""

    def broken(*given: Any, **named: Any) -> Any:
        right = original(*given, **named)
        for value in [*given[1 if is_method else 0 :], *named.values()]:
            for column in value.values() if isinstance(value, dict) else [value]:
                _change_in_place(column)
                if is_frame(column) and is_frame(right):
                    for name in right.columns.difference(column.columns):
                        column[name] = right[name]
        return right

    return broken


def _change_in_place(value: Any) -> None:
    """Gaps are filled, numbers are one more."""
    if is_frame(value):
        for name in value.columns:
            value[name] = value[name].bfill().ffill().map(_one_more)
    elif hasattr(value, "iloc"):
        value[:] = value.bfill().ffill().map(_one_more)
    elif type(value).__name__ == "ndarray" and value.dtype.kind in "if":
        value[value != value] = 0  # pylint: disable=comparison-with-itself # not a number
        value += 1


def _one_more(value: Any) -> Any:
    return value + 1 if isinstance(value, Real) else value


def _all_turned(value: Any) -> Any:
    """A series, an array or a list with its rows mixed up, or what holds some of these.

    One text or number has no rows: another one.
    """
    if isinstance(value, str | int | float):
        return _another(value)
    if is_frame(value):
        return value.assign(**{column: _turned(value[column]) for column in value.columns})
    if hasattr(value, "iloc"):
        return _turned(value)
    if type(value).__name__ == "ndarray" and value.ndim:
        pandas = importlib.import_module("pandas")
        columns = [_turned(pandas.Series(one)) for one in value.reshape(len(value), -1).T]
        return pandas.concat(columns, axis=1).to_numpy().reshape(value.shape)
    if isinstance(value, dict):
        return {name: _all_turned(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        turned = [*value[-1:], *value[:-1]]
        if any(map(_has_rows, value)) or turned == [*value]:
            turned = [*map(_all_turned, value)]
        return value._make(turned) if hasattr(value, "_make") else type(value)(turned)
    if type(value).__module__ != "builtins" and hasattr(value, "__dict__"):
        for name, held in list(vars(value).items()):
            if _has_rows(held):
                vars(value)[name] = _all_turned(held)  # a frozen dataclass takes it as well
    return value


def _has_rows(value: Any) -> bool:
    return hasattr(value, "iloc") or type(value).__name__ == "ndarray" and value.ndim > 0


def _turned(column: Any) -> Any:
    """Each value in the next row; where that changes nothing, another value."""
    turned = column.shift(1).fillna(column.iloc[-1]).astype(column.dtype)
    if turned.equals(column):
        turned = column.map(_another)
    return turned


def _another(value: Any) -> Any:
    return value + 1 if isinstance(value, int | float) else "x"


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

_HOW = {
    "gives its argument": _gives_its_argument,
    "mixes up rows": _mixes_up_rows,
    "changes its argument": _changes_its_argument,
}
_THE_MODEL = ""
_PIPELINE = "sklearn.pipeline:Pipeline"
_ASKED = ("predict_proba", "predict")
# By name: what is replaced in which class, and by what.
_MODELS = {
    "learns mixed-up answers": ((_THE_MODEL, "fit", _learns_mixed_up_answers),),
    "says the same of everybody": ((_THE_MODEL, "predict_proba", _says_the_same),),
    "says the opposite": ((_THE_MODEL, "predict_proba", _says_the_opposite),),
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
