"""Runs a learner's tests in a copy of the workspace: as they are, or with something broken on purpose.

Started as ``python -m nbkata.shape_tests.shell.tests_driver MODEL`` in the copy; MODEL is the class that learns, as
``module:Class``, or empty. It reads one request a line (JSON:
``{"breakage": {...} or null, "coverage": bool}``) and answers each with one line: the tests'
outcomes, and what each asked of models. One process for all of them: pandas and scikit-learn are
imported once.
"""

import argparse
import contextlib
import functools
import importlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from nbkata.child.shell.bounds import bound, explained
from nbkata.child.shell.pytest_options import without_tracebacks
from nbkata.child.shell.remembered_models import remember_models
from nbkata.common.shell.walk import files_in, visible

OPTIONS = ["-q", "-p", "no:cacheprovider"]
UNITS = ["-x", "--ignore=tests/test_characterization.py"]
"""With something broken, the tests of the seam fail for sure: only the others are asked."""


def main() -> None:
    """Answer until there are no more requests."""
    folder, model = Path.cwd().resolve(), sys.argv[1]
    sys.path.insert(0, str(folder / "src"))
    remember_models()
    bound()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what tests print is no answer
        for line in sys.stdin:
            request = json.loads(line)
            answer = (
                _coverage(folder)
                if request["coverage"]
                else _run(folder, request["breakage"], model)
            )
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _run(folder: Path, breakage: dict[str, Any] | None, model: str) -> dict[str, Any]:
    """Import everything of the learner's afresh, break, run the tests, mend."""
    _forget(folder)
    seen = _Seen()
    with contextlib.redirect_stdout(io.StringIO()) as output:
        try:
            with _watched(seen, model), _broken(breakage, model):
                code = pytest.main(OPTIONS + _which(breakage), plugins=[seen])
        except BaseException as error:  # pylint: disable=broad-exception-caught # SystemExit too
            return {"tests": seen.tests, "code": 3, "said": f"{type(error).__name__}: {error}"}
    return {"tests": seen.tests, "code": int(code), "said": output.getvalue()[-2000:]}


def _which(breakage: dict[str, Any] | None) -> list[str]:
    """Options for the tests that are asked: those of the seam too, if that is what is broken."""
    if breakage is None:
        return []
    return ["-x"] if "result" in breakage else UNITS


def _forget(folder: Path) -> None:
    below = str(folder) + os.sep  # the current folder, which is told without symbolic links
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(below):
            del sys.modules[name]


class _Seen:
    """A pytest plugin that notes each test's outcome, and what the test asks of models."""

    def __init__(self) -> None:
        self.tests: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []  # of models, and of the command line

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """A failed test is told by its message."""
        without_tracebacks(session.items)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """One entry a test: its call, or the set-up that failed before it."""
        report = yield
        for one in self.asked:
            one.setdefault("during", report.when)
        if report.when == "call" or (report.when == "setup" and not report.passed):
            message = "" if call.excinfo is None else explained(str(call.excinfo.value))
            self.tests.append(
                {
                    "file": Path(str(item.path)).name,
                    "test": item.name,
                    "outcome": report.outcome,
                    "message": message[:500],
                    "asked": self.asked,
                }
            )
        if report.when == "teardown":
            self.asked = []
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be imported is a test that failed."""
        if report.failed:
            lines = [line[2:] for line in str(report.longrepr).splitlines() if line[:2] == "E "]
            message = lines[-1].strip() if lines else str(report.longrepr)[-300:]
            entry = {"file": Path(report.nodeid).name, "test": "(the file)", "asked": []}
            self.tests.append({**entry, "outcome": "failed", "message": message})


@contextlib.contextmanager
def _watched(seen: _Seen, model: str) -> Iterator[None]:
    """Note how many rows models are fitted on and asked about, and where arguments are read."""
    module, _, kind = model.partition(":")
    watched = getattr(importlib.import_module(module), kind) if kind else None
    names = [name for name in ("fit", "predict_proba") if hasattr(watched, name)]
    originals = {name: getattr(watched, name) for name in names}
    parse = argparse.ArgumentParser.parse_known_args

    def wrapped(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def method(self: Any, rows: Any, *others: Any, **named: Any) -> Any:
            digest = (
                hash(rows.to_numpy().tobytes()) if hasattr(rows, "to_numpy") else hash(str(rows))
            )
            seen.asked.append({"what": name, "rows": len(rows), "digest": digest})
            return original(self, rows, *others, **named)

        return method

    def parsed(self: Any, *given: Any, **named: Any) -> Any:
        seen.asked.append({"what": "arguments", "rows": 0, "digest": 0})
        return parse(self, *given, **named)

    for name, original in originals.items():
        setattr(watched, name, wrapped(name, original))
    setattr(argparse.ArgumentParser, parse.__name__, parsed)
    try:
        yield
    finally:
        setattr(argparse.ArgumentParser, parse.__name__, parse)
        for name, original in originals.items():
            setattr(watched, name, original)


@contextlib.contextmanager
def _broken(breakage: dict[str, Any] | None, model: str) -> Iterator[None]:
    """Break one function of the learner's, or what a model learns or answers."""
    if breakage is None:
        yield
    elif "result" in breakage:
        shell = importlib.import_module(breakage["module"])
        seam = getattr(shell, breakage["seam"])
        setattr(shell, breakage["seam"], _with_another(seam, breakage["result"]))
        yield
    elif "function" in breakage:
        home = importlib.import_module(breakage["module"])
        *classes, name = breakage["function"].split(".")
        for known in classes:  # of a function inside another one there is none: nobody can test it
            home = getattr(home, known, home)
        original = vars(home).get(name)
        if original is not None:
            setattr(home, name, _broken_like(original, _HOW[breakage["how"]], bool(classes)))
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


def _with_another(seam: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The seam, with one of its results changed: rows mixed up, or another number."""

    def broken(*given: Any, **named: Any) -> Any:
        results = seam(*given, **named)
        has = results if isinstance(results, dict) else vars(results)
        right = has[name]
        changed = right + 1 if isinstance(right, int | float) else _all_turned(right)
        has |= {name: changed}
        return results

    return broken


How = Callable[[Callable[..., Any], bool], Callable[..., Any]]
"""Makes a broken function of a right one; is told whether that is called with an object first."""


def _broken_like(original: Any, how: How, in_class: bool) -> Any:
    """The broken function in the place of the original, a static or class method as such."""
    if isinstance(original, staticmethod | classmethod):
        is_class_method = isinstance(original, classmethod)
        return type(original)(how(original.__func__, is_class_method))
    return functools.wraps(original)(how(original, in_class))


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
        before = first.copy() if hasattr(first, "columns") else {}
        right = original(*given, **named)
        if not hasattr(right, "columns"):
            return _all_turned(right)
        new = [c for c in right.columns if c not in before or not right[c].equals(before[c])]
        return right.assign(**{column: _turned(right[column]) for column in new})

    return broken


def _all_turned(value: Any) -> Any:
    """A series, an array or a list with its rows mixed up, or an object that holds frames."""
    if hasattr(value, "columns"):
        return value.assign(**{column: _turned(value[column]) for column in value.columns})
    if hasattr(value, "iloc"):
        return _turned(value)
    if type(value).__name__ == "ndarray" and value.ndim:
        pandas = importlib.import_module("pandas")
        columns = [_turned(pandas.Series(one)) for one in value.reshape(len(value), -1).T]
        return pandas.concat(columns, axis=1).to_numpy().reshape(value.shape)
    if isinstance(value, tuple) and any(hasattr(item, "iloc") for item in value):
        return tuple(map(_all_turned, value))
    if isinstance(value, list) and value:
        return list(_turned(importlib.import_module("pandas").Series(value)))
    if type(value).__module__ != "builtins" and hasattr(value, "__dict__"):
        for name, held in list(vars(value).items()):
            if hasattr(held, "iloc"):
                setattr(value, name, _all_turned(held))
    return value


def _turned(column: Any) -> Any:
    """Each value in the next row; where that changes nothing, another value."""
    turned = column.shift(1).fillna(column.iloc[-1]).astype(column.dtype)
    if turned.equals(column):
        turned = column.map(lambda value: value + 1 if isinstance(value, int | float) else "x")
    return turned


def _learns_mixed_up_answers(
    original: Callable[..., Any], _: Mapping[str, Any]
) -> Callable[..., Any]:
    def fit(self: Any, rows: Any, answers: Any, *others: Any, **named: Any) -> Any:
        mixed = answers.sample(frac=1, random_state=0).to_numpy()
        return original(self, rows, mixed, *others, **named)

    return fit


def _answers(original: Callable[..., Any], breakage: Mapping[str, Any]) -> Callable[..., Any]:
    """What it is told to say about the ``rows``, if it is asked about some of these and no others.

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

_HOW = {"gives its argument": _gives_its_argument, "mixes up rows": _mixes_up_rows}
_THE_MODEL = ""
_PIPELINE = "sklearn.pipeline:Pipeline"
# By name: what is replaced in which class, and by what.
_MODELS = {
    "learns mixed-up answers": ((_THE_MODEL, "fit", _learns_mixed_up_answers),),
    "answers": (
        (_THE_MODEL, "predict_proba", _answers),
        (_PIPELINE, "predict", _answers),
        (_PIPELINE, "predict_proba", _answers),
        (_PIPELINE, "score", _scores_its_answers),
    ),
}


def _coverage(folder: Path) -> dict[str, Any]:
    """Of src/: the share of lines that the tests run, and the lines that they do not."""
    import coverage  # pylint: disable=import-outside-toplevel # one step needs it

    _forget(folder)
    measured = coverage.Coverage(
        source=[str(folder / "src")], data_file=None, config_file=False, messages=False
    )
    with contextlib.redirect_stdout(io.StringIO()):
        with measured.collect():
            pytest.main(OPTIONS)
    missing, lines = {}, 0
    for path in files_in(folder / "src", visible, ".py"):
        _, statements, _, missed, _ = measured.analysis2(str(path))
        lines += len(statements)
        missing[path.name] = missed
    ran = lines - sum(map(len, missing.values()))
    return {"percent": 100 * ran / lines if lines else 0.0, "missing": missing}


if __name__ == "__main__":
    main()
