"""Fixtures for the shape tests, the drills and anybody's tests (``assert_pure``), and failure
reports that a learner can read.
"""

import re
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nbkata.common.shell.cores import cores

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
        # pylint: disable-next=import-outside-toplevel # this module loads with every pytest run
        from nbkata.shape_tests.shell.reporter import Reporter

        config.pluginmanager.register(Reporter(Path(path)), "nbkata-reporter")


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
