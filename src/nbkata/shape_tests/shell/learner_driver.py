"""Imports and runs a learner's code, watched for one run, and reports what its functions did.

Called as ``python -m nbkata.shape_tests.shell.learner_driver FILE SEAM TAKES`` in the workspace. It
reads one request a line, JSON: ``{"do", "with"}``, and answers each with a line that `sent_values`
packs: what was asked for and an empty text, or nothing and why. No test is judged in this process,
and it is used for nothing else: what the learner's code breaks in it is gone with it.
"""

import ast
import builtins
import importlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from nbkata.child.shell.bounds import bound
from nbkata.child.shell.remembered_models import remember_models
from nbkata.shape_tests.shell.learner import CannotRun, SeamRun, tables_in
from nbkata.shape_tests.shell.misreadings import function_behind, misreading
from nbkata.shape_tests.shell.sent_values import packed
from nbkata.shape_tests.shell.watched_calls import Call, Watcher


class Watched:
    """The learner's code in this process, whose folder is the workspace."""

    def __init__(self, path: Path, seam: str, takes: str) -> None:
        self.path, self.seam, self.takes = path, seam, takes
        self.folder = path.parent.resolve()
        self.opened: list[str] = []
        """What is opened from the import of the seam's module on, the program's own files apart."""

    @cached_property
    def watcher(self) -> Watcher:
        """From now on the learner's modules are imported through it."""
        sys.path.insert(0, str(self.folder))
        return Watcher(self.folder)

    @cached_property
    def module(self) -> ModuleType:
        """The seam's module, its functions ready to be watched. Raises `CannotRun`."""
        if not self.path.is_file():
            raise CannotRun(f"{self.path.as_posix()} is not there yet.")
        assert self.watcher
        sys.addaudithook(self._note_opened)
        module = importlib.import_module(self.path.stem)
        if not callable(getattr(module, self.seam, None)):
            raise CannotRun(
                f"{self.path.as_posix()} has no function {self.seam} yet: wrap the script in one, "
                f"def {self.seam}(path), so that tests can take hold of it."
            )
        return module

    def _note_opened(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | Path):
            self.opened.append(str(arguments[0]))

    def opened_at_import(self) -> list[str]:
        """The data and notebooks that importing the seam's module opens."""
        assert self.module
        return [name for name in self.opened if Path(name).suffix in (".csv", ".ipynb")]

    @cached_property
    def run(self) -> SeamRun:
        """The seam, called once and watched."""
        seam = getattr(self.module, self.seam)
        self.watcher.watch_composers()
        self.watcher.watches = True
        try:
            given = seam(self.takes)
        finally:
            self.watcher.watches = False
        own = (self.path.stem, self.seam)  # a model may have a train() as well
        functions = [f for f in self.watcher.functions.values() if (f.module, f.qualified) != own]
        return SeamRun(_results(given), functions, list(self.watcher.composed.values()))

    def edited(self, path: str, text: str, unlearnt: str) -> Mapping[str, Any] | None:
        """What the seam gives, unwatched, with another text in one file; nothing if it raises.

        A model of the class ``unlearnt`` learns next to nothing, which takes no time.
        """
        assert self.run
        kept = self._forget()
        self.watcher.edited = {path: ast.parse(text)} if path.endswith(".py") else {}
        try:
            with _read_as(path, text), _learning_little(unlearnt):
                module = importlib.import_module(self.path.stem)
                return _results(getattr(module, self.seam)(self.takes))
        except Exception:  # pylint: disable=broad-exception-caught # the learner's own
            return None
        finally:
            self.watcher.edited = {}
            self._forget()
            sys.modules.update(kept)

    def matter(self, breakages: Sequence[Mapping[str, Any]]) -> list[bool]:
        """Whether a broken function gives something else for what the run gave it.

        One that misfills does, at the places that were found for it.
        """
        return [
            (
                any(map(_moves(one), self._calls(one)))
                if one["how"] == "misreads"
                else bool(one["places"])
            )
            for one in breakages
        ]

    def _calls(self, breakage: Mapping[str, Any]) -> list[Call]:
        wanted = (breakage["module"], breakage["function"])
        found = [f for f in self.watcher.functions.values() if (f.module, f.qualified) == wanted]
        return [
            Call({name: self.watcher.copied(v) for name, v in call.arguments.items()}, call.result)
            for function in found
            for call in function.calls
        ]

    def _forget(self) -> dict[str, ModuleType]:
        """Let the learner's modules be imported anew; gives back those that were."""
        below = str(self.folder) + os.sep
        names = [
            name
            for name, module in list(sys.modules.items())
            if str(getattr(module, "__file__", None)).startswith(below)
        ]
        return {name: sys.modules.pop(name) for name in names}

    def predicted(self, saved: str, rows: str) -> list[Any]:
        """What a model in a file predicts for one of the seam's results.

        Or for their rows of the data as they come, if it makes the features itself.
        """
        given = self.run.results[rows]
        load = importlib.import_module("joblib").load
        try:
            return list(load(saved).predict(given))
        except Exception as error:
            with suppress(Exception):
                pandas = importlib.import_module("pandas")
                data = pandas.read_csv(self.takes)
                return list(pandas.Series(load(saved).predict(data), data.index)[given.index])
            why = f"{type(error).__name__}: {error}"
            advice = "Save the trained model, and it alone, with joblib.dump."
            raise CannotRun(f"What is saved cannot predict {rows} ({why}). {advice}") from None

    def answer(self, request: Mapping[str, Any]) -> tuple[Any, str]:
        """What is asked for, or why there is nothing, whatever the learner's code raises."""
        try:
            if request["do"] == "import":
                return self.opened_at_import(), ""
            if request["do"] == "run":
                return self.run, ""
            return getattr(self, request["do"])(**request["with"]), ""
        except CannotRun as refused:
            return None, str(refused)
        except BaseException as error:  # pylint: disable=broad-exception-caught # SystemExit too
            message = f": {error}" if str(error) else ""
            return None, f"{self.seam}() stopped: {type(error).__name__}{message}"

    def packed_answer(self, request: Mapping[str, Any]) -> str:
        """The same as one line."""
        is_learners = self.watcher.tables.is_learners
        try:
            return packed(self.answer(request), is_learners)
        except Exception as error:  # pylint: disable=broad-exception-caught # any value's own
            why = f"What {self.seam}() did cannot be looked at: {type(error).__name__}: {error}"
            return packed((None, why), is_learners)


@contextmanager
def _learning_little(model: str) -> Iterator[None]:
    """Of a class that is a forest, each has but one tree; ``model`` may be empty."""
    module, _, name = model.partition(":")
    kind = getattr(sys.modules.get(module), name, None)
    fit = getattr(kind, "fit", None)

    def quickly(self: Any, *given: Any, **named: Any) -> Any:
        wanted = getattr(self, "n_estimators", None)
        if wanted is None:
            return fit(self, *given, **named)  # type: ignore[misc]
        self.n_estimators = 1
        try:
            return fit(self, *given, **named)  # type: ignore[misc]
        finally:
            self.n_estimators = wanted  # a loop may ask for it: `while model.n_estimators < 100`

    if fit:
        setattr(kind, "fit", quickly)
    try:
        yield
    finally:
        if fit:
            setattr(kind, "fit", fit)


@contextmanager
def _read_as(path: str, text: str) -> Iterator[None]:
    """Whoever opens the file finds this text; the file itself stays as it is."""
    opened = builtins.open

    def other(file: Any, *given: Any, **named: Any) -> Any:
        is_it = isinstance(file, str | os.PathLike) and os.path.realpath(file) == path
        return opened(copy if is_it else file, *given, **named)

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, Path(path).name)
        copy.write_text(text, encoding="utf-8")
        builtins.open = io.open = other
        try:
            yield
        finally:
            builtins.open = io.open = opened


def _moves(breakage: Mapping[str, Any]) -> Callable[[Call], bool]:
    """Whether a call comes to another end with a breakage."""
    function: Any = importlib.import_module(breakage["module"])
    for name in breakage["function"].split("."):
        function = function_behind(getattr(function, name, None))

    def moves(call: Call) -> bool:
        try:
            return _values(misreading(function, breakage)(**call.arguments)) != _values(call.result)
        except Exception:  # pylint: disable=broad-exception-caught # another end it is
            return function is not None

    return moves


def _values(result: Any) -> list[str]:
    """To compare, gaps and all."""
    return [repr(list(column)) for _, column in tables_in(result)] or [repr(result)]


def _results(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else vars(given)


def main(file: str, seam: str, takes: str) -> None:
    """Answer until there are no more requests."""
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):  # what the learner's code reads or prints is no request and no answer
        os.dup2(nothing, number)
    sys.argv = [str(Path(file).resolve())]
    remember_models()
    bound()
    watched = Watched(Path(file), seam, takes)
    for line in requests:
        answers.write(watched.packed_answer(json.loads(line)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
