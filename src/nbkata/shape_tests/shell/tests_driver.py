"""Runs a learner's tests in a copy of the workspace: as they are, or with something broken on purpose.

Started as ``python -m nbkata.shape_tests.shell.tests_driver MODEL`` in the copy; MODEL is the class that learns, as
``module:Class``, or empty. It reads one request a line (JSON:
``{"breakage": {...} or null, "coverage": bool}``) and answers each with one line: the tests'
outcomes, and what each asked of models. A request with ``"breakages"``, several, is answered with
those that some test notices. One process for all of them: pandas and scikit-learn are imported once.
"""

import argparse
import contextlib
import importlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from nbkata.child.shell.bounds import bound, explained
from nbkata.child.shell.pytest_options import without_tracebacks
from nbkata.child.shell.remembered_models import remember_models
from nbkata.common.shell.walk import files_in, visible
from nbkata.purity.shell import fixture as purity
from nbkata.shape_tests.shell.breakages import breaking

SAME_NAME = (
    "another test file has the same name in another folder, and pytest cannot tell them apart. "
    "Rename one of them"
)
# Captured in a file, which is bounded, and not in memory, whatever the settings say.
OPTIONS = ["-q", "-p", "no:cacheprovider", "--capture=fd"]
# With something broken, the tests of the seam fail for sure: only the others are asked.
UNITS = ["-x", "--ignore=tests/test_characterization.py"]


def main() -> None:
    """Answer until there are no more requests."""
    folder, model = Path.cwd().resolve(), sys.argv[1]
    sys.path.insert(0, str(folder / "src"))
    if model:
        importlib.import_module(model.partition(":")[0])  # to be remembered, it must be there
    remember_models()
    bound()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what tests print is no answer
        for line in sys.stdin:
            request = json.loads(line)
            if "breakages" in request:
                answer = _noticed(folder, request["breakages"], model)
            elif request["coverage"]:
                answer = _coverage(folder)
            else:
                answer = _run(folder, request["breakage"], model)
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _run(folder: Path, breakage: dict[str, Any] | None, model: str) -> dict[str, Any]:
    """Import everything of the learner's afresh, break, run the tests, restore."""
    _forget(folder)
    seen = _Seen(breakage.get("without", ()) if breakage else ())
    with contextlib.redirect_stdout(io.StringIO()) as output:
        try:
            with _watched(seen, model), breaking(breakage, model):
                code = pytest.main(OPTIONS + _which(breakage), plugins=[seen, _asking(breakage)])
        except BaseException as error:  # pylint: disable=broad-exception-caught # SystemExit too
            return {"tests": seen.tests, "code": 3, "said": f"{type(error).__name__}: {error}"}
    return {"tests": seen.tests, "code": int(code), "said": output.getvalue()[-2000:]}


def _noticed(folder: Path, breakages: list[dict[str, Any]], model: str) -> dict[str, Any]:
    """Which of the breakages a unit test notices, all in one session: collecting takes longest."""
    _forget(folder)
    each = _EachBroken(breakages, model)
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            pytest.main([*OPTIONS, *UNITS[1:]], plugins=[each, _asking(each)])
        except BaseException:  # pylint: disable=broad-exception-caught # SystemExit too
            return {"noticed": []}
    return {"noticed": [] if each.fails_anyway else each.noticed}


def _asking(broken: object) -> object:
    """Where ``assert_pure`` comes from: no plugin is loaded by itself. It runs all tests once more,
    which says nothing new while something is ``broken``.
    """
    return _AllIsPure() if broken else purity


class _AllIsPure:
    """In the place of the plugin."""

    @pytest.fixture(name="assert_pure")
    def fixture_assert_pure(self) -> Callable[..., None]:
        """Asks nothing."""
        return lambda *modules, **options: None


class _EachBroken:
    """A pytest plugin that runs the tests again and again, up to the first that fails: with each
    breakage, and at last, with none, those that failed.
    """

    def __init__(self, breakages: list[dict[str, Any]], model: str) -> None:
        self.breakages, self.model = breakages, model
        self.noticed: list[bool] = []
        self.fails_anyway = True
        self._failed = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In the place of pytest's own loop."""
        without_tracebacks(session.items)
        noticing: list[pytest.Item] = []
        module = self.breakages[0]["module"]
        near = sorted(session.items, key=lambda item: not _imports(item, module))
        for breakage in self.breakages if not session.testsfailed else ():
            with breaking(breakage, self.model):
                failed = self._failing([*noticing, *(one for one in near if one not in noticing)])
            self.noticed.append(bool(failed))
            noticing += [item for item in failed if item not in noticing]
        self.fails_anyway = bool(self._failing(noticing))
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Each phase of each test."""
        self._failed |= report.failed

    def _failing(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """The first that fails; none if all pass."""
        self._failed = False
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                # What it left for the next one ends, too; the hook for that runs but once an item.
                item.session._setupstate.teardown_exact(None)  # pylint: disable=protected-access
                return [item]
        return []


def _imports(item: pytest.Item, module: str) -> bool:
    """Whether a test's file has something of a module: then it may notice sooner than others."""
    names = vars(getattr(item, "module", None) or object).values()
    return any(
        module in (getattr(it, "__module__", ""), getattr(it, "__name__", "")) for it in names
    )


def _which(breakage: dict[str, Any] | None) -> list[str]:
    """Options for the tests that are asked: those of the seam too, if that or a file is broken."""
    if breakage is None:
        return []
    if "all" in breakage:
        return UNITS[1:]
    of_seam = "result" in breakage or breakage.get("text", "") is None
    return ["-x"] if of_seam else UNITS


def _forget(folder: Path) -> None:
    below = str(folder) + os.sep  # the current folder, which is given without symbolic links
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(below):
            del sys.modules[name]


class _Seen:
    """A pytest plugin that notes each test's outcome, and what the test asks of models."""

    def __init__(self, without: Sequence[Sequence[str]]) -> None:
        self.without = without  # file and name of the tests that are not run
        self.tests: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []  # of models, and of the command line
        self.due: dict[str, pytest.Item] = {}

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Each test is due an outcome, whoever deselects it later."""
        self.due[item.nodeid] = item

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Whoever else has a say in which tests are run has had it, or will."""
        items[:] = [one for one in items if [one.path.name, one.name] not in self.without]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """A failed test is reported by its message."""
        without_tracebacks(session.items)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """One entry a test: its call, or the set-up that failed before it."""
        report = yield
        for one in self.asked:
            one.setdefault("during", report.when)
        if report.when == "call" or (report.when == "setup" and not report.passed):
            message = ""
            if call.excinfo is not None:
                error = call.excinfo.value
                if isinstance(
                    error.__context__, MemoryError
                ):  # pytest raises of it, closing capsys
                    error = error.__context__
                kind = type(error).__name__
                said = f"{kind}: {error}" if isinstance(error, KeyError) else str(error)
                message = explained(kind, said)  # a KeyError says only which key
            outcome = report.outcome
            if hasattr(report, "wasxfail"):
                outcome, message = "skipped", "whatever comes of it, it is marked xfail"
            self._note(item, outcome, message)
        if report.when == "teardown":
            self.asked = []
        return report

    def pytest_sessionfinish(self) -> None:
        """What was collected and has no outcome was not run; behind a failure nobody asks for it."""
        if all(test["outcome"] == "passed" for test in self.tests):
            for item in list(self.due.values()):
                self._note(item, "skipped", "it was not run")

    def _note(self, item: pytest.Item, outcome: str, message: str) -> None:
        self.due.pop(item.nodeid, None)
        self.tests.append(
            {
                "file": item.path.name,
                "test": item.name,
                "outcome": outcome,
                "message": message[:500],
                "asked": self.asked,
            }
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be imported is a test that failed."""
        if report.failed:
            lines = [line[2:] for line in str(report.longrepr).splitlines() if line[:2] == "E "]
            message = lines[-1].strip() if lines else str(report.longrepr)[-300:]
            if "import file mismatch" in str(report.longrepr):
                message = SAME_NAME
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


def _coverage(folder: Path) -> dict[str, Any]:
    """Of src/: the share of lines that the tests run, and the lines that they do not."""
    import coverage  # pylint: disable=import-outside-toplevel # one step needs it

    _forget(folder)
    measured = coverage.Coverage(
        source=[str(folder / "src")], data_file=None, config_file=False, messages=False
    )
    with contextlib.redirect_stdout(io.StringIO()):
        with measured.collect():
            pytest.main(OPTIONS, plugins=[_asking(measured)])
    missing, lines = {}, 0
    for path in files_in(folder / "src", visible, ".py"):
        _, statements, _, missed, _ = measured.analysis2(str(path))
        lines += len(statements)
        missing[path.name] = missed
    ran = lines - sum(map(len, missing.values()))
    return {"percent": 100 * ran / lines if lines else 0.0, "missing": missing}


if __name__ == "__main__":
    main()
