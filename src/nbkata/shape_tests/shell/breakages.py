"""Breaking one thing of the learner's on purpose, in the process of their tests: do these notice?

A breakage is ``{"module", "function", "how"}`` (a function, by a name of `_HOW`), the same with
``{"how": "misreads", "places", "reads"}`` or ``{"how": "misfills", "given", "places", "instead"}``
(see `misreadings`), ``{"module", "seam", "result"}`` (one result of the seam; ``"instead"``: what it is),
``{"file", "text"}`` (another text in a file; none: it is not there) or ``{"model", ...}`` (what a model
learns or answers: `broken_models`). With ``"all": True`` the tests go on after one that fails;
those named in ``"without"`` are not run.
"""

import functools
import gc
import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from nbkata.shape_tests.shell.another_argument import refuses_another
from nbkata.shape_tests.shell.broken_models import breaking_model
from nbkata.shape_tests.shell.changed_arguments import (
    changes_its_argument,
    remembering,
    works_in_place,
)
from nbkata.shape_tests.shell.misreadings import (
    function_behind,
    giving_the_same,
    misfilling,
    misreading,
)
from nbkata.shape_tests.shell.outside_tables import is_frame
from nbkata.shape_tests.shell.turned_rows import all_turned, turned
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
        setattr(shell, breakage["seam"], _withanother(seam, breakage))
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
        with _breaking_named(breakage):
            yield
    else:
        with breaking_model(breakage, model):
            yield


@contextmanager
def _breaking_named(breakage: Mapping[str, Any]) -> Iterator[None]:
    """Break a function that has its name in a module, or in a class."""
    home: Any = importlib.import_module(breakage["module"])
    *classes, name = breakage["function"].split(".")
    for known in classes:
        home = getattr(home, known, home)
    original = function_behind(vars(home).get(name))
    is_of_class = isinstance(home, type) and breakage["how"].startswith("changes its argument")
    with remembering(home) if is_of_class else nullcontext():
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


def _withanother(seam: Callable[..., Any], breakage: Mapping[str, Any]) -> Callable[..., Any]:
    """The seam, with one of its results changed: rows mixed up, or another number."""
    name = breakage["result"]

    def broken(*given: Any, **named: Any) -> Any:
        results = seam(*given, **named)
        has = results if isinstance(results, dict) else vars(results)
        has |= {name: breakage.get("instead") or all_turned(has[name])}
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
    if breakage["how"] == "gives the same":
        return lambda original, _: giving_the_same(original, breakage)
    if breakage["how"] == "misfills":
        return lambda original, _: misfilling(original, breakage)
    return _HOW[breakage["how"]]


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
            return all_turned(right)
        new = [c for c in right.columns if c not in before or not right[c].equals(before[c])]
        return right.assign(**{column: turned(right[column]) for column in new})

    return broken


_HOW: Mapping[str, How] = {
    "gives its argument": _gives_its_argument,
    "mixes up rows": _mixes_up_rows,
    "changes its argument": changes_its_argument,
    "changes its argument in place": works_in_place,
    "refuses another": refuses_another,
}
