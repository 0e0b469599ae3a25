"""The kit's commands as a person calls them."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code: no property fails because its examples took long to make or to try.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# A job in a shell's background starts with Ctrl-C ignored, one of nohup's with a closed terminal ignored,
# and so would all that the tests start: the ones that send these would wait for ever. A handler of
# our own is not inherited: what is started begins with the default.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

# What takes twenty seconds and more, the longest first: begun late, it would keep one worker busy while the
# other has nothing left to do.
LONG = (
    "test_checkpoints.py",
    "test_quality.py",
    "test_command_go.py",
    "test_command_adopt.py",
    "test_titanic_notebook.py",
    "test_shell_strength.py",
    "test_drills_proof.py",
    "test_command_watch.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONG)))


Nbkata = Callable[..., "subprocess.CompletedProcess[str]"]
# How they are called: 80 columns wide, without colour.
PLAIN = {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1"}


@pytest.fixture
def nbkata(tmp_path: Path, run_nbkata: Nbkata) -> Nbkata:
    """Run `nbkata ARGS` in an empty folder, 80 columns wide, without colour."""

    def run(*arguments: str, cwd: Path = tmp_path, **environment: str) -> Any:
        return run_nbkata(*arguments, cwd=cwd, **environment)

    return run


@pytest.fixture(name="nbkata_inside")
def fixture_nbkata_inside(tmp_path: Path, nbkata_cache: str) -> Nbkata:
    """The same in this process, where it does not matter how one begins and ends: nothing is imported
    anew. A module takes it by a fixture of its own that is called ``nbkata``.
    """
    from support.builders import completed_inside

    def run(*arguments: str, cwd: Path = tmp_path, **environment: str) -> Any:
        environment = {"NBKATA_CACHE": nbkata_cache, **PLAIN, **environment}
        return completed_inside(*arguments, cwd=cwd, **environment)

    return run


@pytest.fixture(name="nbkata_cache", scope="session")
def fixture_nbkata_cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the commands of these tests keep answers."""
    return str(tmp_path_factory.mktemp("nbkata-cache"))


@pytest.fixture(name="run_nbkata", scope="session")
def fixture_run_nbkata(nbkata_cache: str) -> Nbkata:
    """The same in a folder that is named, for what several tests share."""

    def run(*arguments: str, cwd: Path, **environment: str) -> Any:
        environment = {"NBKATA_CACHE": nbkata_cache, **PLAIN, **environment}
        return subprocess.run(
            [sys.executable, "-m", "nbkata", *arguments],
            cwd=cwd,
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture(name="no_plugins", scope="module")
def fixture_no_plugins() -> Iterator[None]:
    """Let pytest load no plug-ins in the processes that these tests start, for modules that ask nothing of
    them: importing those that are installed takes as long as most tests that they run.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        yield


@pytest.fixture(name="remembering", scope="module")
def fixture_remembering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let runs share what models have done before with the same rows, as the proof of the steps does."""
    from nbkata.child.shell.remembered_models import FOLDER

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, str(tmp_path_factory.mktemp("models")))
        yield


@pytest.fixture(name="warm_address", scope="session")
def fixture_warm_address() -> Iterator[str]:
    """Where the one fork server of these tests listens; empty if there is none on this system."""
    from nbkata.child.shell.launch import WARM
    from nbkata.child.shell.warm import kept_warm
    from nbkata.kata.shell.warmed import WARMED

    with kept_warm(WARMED):
        yield os.environ.pop(WARM, "")


@pytest.fixture(name="warm_to_call_again", scope="module")
def fixture_warm_to_call_again() -> Iterator[None]:
    """The same for what purity calls a second time, with another hash seed."""
    from nbkata.child.shell.warm import kept_warm
    from nbkata.purity.shell.check import HASH_SEED

    with kept_warm(("pandas", "sklearn.ensemble", "nbkata.purity.shell.replay"), seed=HASH_SEED):
        yield


@pytest.fixture(name="warm", scope="module")
def fixture_warm(warm_address: str) -> Iterator[None]:
    """Let learner code run in forks, as `nbkata watch` does, for modules that ask what it says and
    not how its process begins: importing pandas for each costs more than all that they test.
    """
    from nbkata.child.shell.launch import WARM

    with pytest.MonkeyPatch.context() as patch:
        if warm_address:
            patch.setenv(WARM, warm_address)
        yield
