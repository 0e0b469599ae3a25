"""Fixtures for the shape tests, the drills and anybody's tests (``assert_pure``), and failure
reports that a learner can read.
"""

import inspect
import json
import re
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nbkata.common.shell.cores import cores
from nbkata.kata.core.lights import CRASHED

# pylint: disable-next=unused-import # pytest finds a fixture by its name in a plugin
from nbkata.purity.shell.fixture import fixture_assert_pure

if TYPE_CHECKING:
    from nbkata.drills.shell.drill_folder import DrillFolder
    from nbkata.kata.core.kata import Kata
    from nbkata.notebook.core.notebook import Notebook
    from nbkata.shape_tests.shell.learner import Learner
    from nbkata.shape_tests.shell.learner_tests import LearnerTests


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options by which `nbkata check` tells the shape tests where to look."""
    group = parser.getgroup("nbkata")
    group.addoption("--nbkata-workspace", help="the workspace whose shape is tested")
    group.addoption("--nbkata-fresh", help="its notebook as a fresh run just left it")
    group.addoption("--nbkata-drills", help="the folder that holds the drills to check")
    group.addoption("--nbkata-until", default="", help="run first what says this most likely")
    group.addoption("--nbkata-report", help="write each test's verdict to this JSON file")


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Under --nbval, before xdist decides how it spreads the tests."""
    if getattr(config.option, "nbval", False) or getattr(config.option, "nbval_lax", False):
        from nbkata.shape_tests.shell import nbval_guard  # pylint: disable=import-outside-toplevel

        nbval_guard.loadscope_for_nbval(config)
        config.pluginmanager.register(nbval_guard.StrippedNotebookGuard(), "nbkata-nbval")
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Register the reporter where a report is asked for."""
    path = config.getoption("--nbkata-report")
    if path:
        config.addinivalue_line("markers", "slow(what, needs): takes long; what it does")
        config.pluginmanager.register(_Reporter(Path(path)), "nbkata-reporter")


@pytest.fixture(name="workspace")
def fixture_workspace(request: pytest.FixtureRequest) -> Path:
    """The folder of the learner's workspace."""
    return Path(_option(request, "--nbkata-workspace"))


@pytest.fixture(name="kata")
def fixture_kata(workspace: Path) -> "Kata":
    """The kata's order, notebook and results."""
    from nbkata.kata.shell.kit import kit_around  # pylint: disable=import-outside-toplevel

    return _or_fail(kit_around(workspace)).kata  # type: ignore[no-any-return]


@pytest.fixture(name="notebook")
def fixture_notebook(workspace: Path, kata: "Kata") -> "Notebook":
    """The workspace's notebook as it was saved."""
    return _notebook(workspace / kata.notebook)


@pytest.fixture(name="files_before")
def fixture_files_before(
    workspace: Path, kata: "Kata", request: pytest.FixtureRequest
) -> "dict[str, Path]":
    """The workspace's files as they were when the learner reached the test's step."""
    from nbkata.kata.shell.kit import kit_around  # pylint: disable=import-outside-toplevel

    # pylint: disable-next=import-outside-toplevel
    from nbkata.kata.shell.step_start import files_at_start
    from nbkata.kata.shell.workspace import Workspace  # pylint: disable=import-outside-toplevel

    kit, step = _or_fail(kit_around(workspace)), _or_fail(kata.step(request.path.parent.name))
    return files_at_start(kit, Workspace(workspace), step)


@pytest.fixture(name="notebook_before")
def fixture_notebook_before(files_before: "dict[str, Path]", kata: "Kata") -> "Notebook":
    """The workspace's notebook as it was when the learner reached the test's step."""
    return _notebook(files_before[kata.notebook])


@pytest.fixture(name="fresh_run")
def fixture_fresh_run(request: pytest.FixtureRequest) -> "Notebook":
    """The same notebook as a fresh run of all its cells leaves it."""
    return _notebook(Path(_option(request, "--nbkata-fresh")))


@pytest.fixture(name="drill")
def fixture_drill(request: pytest.FixtureRequest) -> "DrillFolder":
    """The learner's folder of the drill that the test belongs to."""
    # pylint: disable-next=import-outside-toplevel
    from nbkata.drills.shell.drill_folder import DrillFolder

    given = request.path.parent
    return DrillFolder(Path(_option(request, "--nbkata-drills")) / given.name, given)


@pytest.fixture(name="learner", scope="session")
def fixture_learner(request: pytest.FixtureRequest) -> "Learner":
    """The workspace's code, to be run once and watched."""
    return _learner(request.config)


@pytest.fixture(name="their_tests", scope="session")
def fixture_their_tests(request: pytest.FixtureRequest) -> "LearnerTests":
    """The workspace's own tests, ready to be run as they are or with something broken."""
    return _their_tests(request.config)


@pytest.fixture(name="progress", scope="session")
def fixture_progress(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Report how far a slow test has come: ``progress(10, 40, "5 of 5 caught")``."""
    reporter = request.config.pluginmanager.get_plugin("nbkata-reporter")
    return reporter.tell_progress if reporter else lambda done, total, so_far="": None


_LEARNER = pytest.StashKey["Learner"]()
_THEIR_TESTS = pytest.StashKey["LearnerTests"]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin what takes a while, if a shape test asks for it: to run the learner's code, and their
    tests. A session that ends with the first red test mostly needs neither.
    """
    config = session.config
    ends_early = config.getoption("maxfail")
    if not config.getoption("--nbkata-workspace") or cores() == 1 or ends_early:
        return
    files = [path for path in map(Path, config.args) if path.is_file()]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    fixtures = " ".join(re.findall(r"^def \w+(\(.*\)):", text, re.MULTILINE))
    if re.search(r"\blearner\b", fixtures):
        runs = re.search(r"\blearner\.(run|functions_that)\b", text)
        _learner(config).begin("import", *(["run"] if runs else []))
    if re.search(r"\btheir_tests\b", fixtures):
        _their_tests(config)


def _learner(config: pytest.Config) -> "Learner":
    if _LEARNER not in config.stash:
        # pylint: disable=import-outside-toplevel # only the shape tests need them
        from nbkata.kata.shell.kit import kit_around
        from nbkata.shape_tests.shell.learner import Learner

        workspace = Path(config.getoption("--nbkata-workspace"))
        kata = _or_fail(kit_around(workspace)).kata
        seam = next(known for known in kata.behaviours if known.seam)
        config.stash[_LEARNER] = Learner(workspace, seam, kata.model)
    return config.stash[_LEARNER]


def _their_tests(config: pytest.Config) -> "LearnerTests":
    if _THEIR_TESTS not in config.stash:
        # pylint: disable=import-outside-toplevel # only the shape tests need them
        from nbkata.kata.shell.kit import kit_around
        from nbkata.shape_tests.shell.learner_tests import LearnerTests

        workspace = Path(config.getoption("--nbkata-workspace"))
        model = _or_fail(kit_around(workspace)).kata.model
        config.stash[_THEIR_TESTS] = LearnerTests(workspace, model)
    return config.stash[_THEIR_TESTS]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where no test used Hypothesis, its plugin would import it now: that takes longer than most.

    What workers of xdist found out is reported by the process that started them.
    """
    plugins = session.config.pluginmanager
    plugin = plugins.get_plugin("hypothesispytest")
    spread = getattr(session.config.option, "tx", None)
    if plugin is not None and not spread and "hypothesis" not in sys.modules:
        plugins.unregister(plugin)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whatever ended the session, the learner's processes end with it."""
    for begun in (config.stash.get(_LEARNER, None), config.stash.get(_THEIR_TESTS, None)):
        if begun is not None:
            begun.close()


class _Reporter:
    """Tells each test's verdict and message at once, without pytest's frames around them.

    The report is a file with one JSON object a line: ``{"collected": [[folder, test], ...]}``; for
    each of them ``{"test", "folder", "ok", "message"}``, with ``"skipped"`` if it was, and a
    ``"note"`` if the test records such a property, to be read when it is green;
    ``{"slow": [...]}`` before the first slow test, with what those do; ``{"work": "..."}`` before
    each of them, and ``{"progress": [done, total, so_far]}`` meanwhile; ``{"end": true}``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.red: set[tuple[str, str]] = set()

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """The slow tests last, or those that say most likely what is wanted first, behind what they need.

        A failed one is reported by its message.
        """
        from nbkata.child.shell.pytest_options import (  # pylint: disable=import-outside-toplevel
            without_tracebacks,
        )

        without_tracebacks(items)
        items.sort(key=lambda item: bool(_slow(item)))
        if wanted := set(re.findall(r"\w{4,}", config.getoption("--nbkata-until"))):
            needed = set(map(_needs, items))
            items.sort(key=lambda item: (item.name not in needed, -_likeness(item, wanted)))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say which tests there are: each owes a verdict."""
        self._tell({"collected": [[item.path.parent.name, item.name] for item in session.items]})

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Say what the slow tests do before the first of them begins."""
        slow = {
            other: _slow(other)
            for other in item.session.items
            if _slow(other) and (other.path.parent.name, _needs(other)) not in self.red
        }
        if item is next(iter(slow), None):
            self._tell({"slow": list(dict.fromkeys(slow.values()))})
        if item in slow:
            self._tell({"work": slow[item]})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note the test's end, or the fixture that failed or skipped before it."""
        report = yield
        if report.when == "call" or not report.passed:
            message = "" if call.excinfo is None else _message(call.excinfo.value)
            verdict = {"ok": report.passed, "message": message, "skipped": report.skipped}
            note = " ".join(str(text) for name, text in item.user_properties if name == "note")
            place = {"test": item.name, "folder": item.path.parent.name}
            if not report.passed:
                self.red.add((place["folder"], item.name))
            self._tell(place | verdict | ({"note": note} if note else {}))
        return report

    def tell_progress(self, done: int, total: int, so_far: str = "") -> None:
        """How far the slow test that is at work has come, and what it has found so far."""
        self._tell({"progress": [done, total, so_far]})

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """A session that could not collect its tests has no end in its report."""
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self._tell({"end": True})

    def _tell(self, answer: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(answer) + "\n")


def _slow(item: pytest.Item) -> str:
    """What a test does that takes more than a second; empty for others."""
    marker = item.get_closest_marker("slow")
    return str(marker.args[0]) if marker else ""


def _likeness(item: pytest.Item, wanted: set[str]) -> int:
    """How many of the words its source has: an assertion's message is in there."""
    source = inspect.getsource(item.function) if isinstance(item, pytest.Function) else ""
    return len(wanted.intersection(re.findall(r"\w{4,}", source)))


def _needs(item: pytest.Item) -> str:
    """Of its folder, the test without which it has nothing to do."""
    marker = item.get_closest_marker("slow")
    return str(marker.kwargs.get("needs", "")) if marker else ""


def _message(error: BaseException) -> str:
    message = AssertionError | pytest.fail.Exception | pytest.skip.Exception
    if isinstance(error, message) or type(error).__name__ == "CannotRun":
        return str(error).strip()
    return f"{CRASHED} {type(error).__name__}: {error}"


def _option(request: pytest.FixtureRequest, name: str) -> str:
    value = request.config.getoption(name)
    if not value:
        pytest.fail(f"Shape tests are run by nbkata check (or give {name}=...).", pytrace=False)
    return str(value)


def _notebook(path: Path) -> "Notebook":
    # pylint: disable-next=import-outside-toplevel # this module loads with every pytest run
    from nbkata.notebook.shell.notebook_files import read_python_notebook

    return _or_fail(read_python_notebook(path))  # type: ignore[no-any-return]


def _or_fail(found: Any) -> Any:
    from nbkata.common.core.refusal import Refusal  # pylint: disable=import-outside-toplevel

    if isinstance(found, Refusal):
        pytest.fail(str(found), pytrace=False)
    return found
