"""What our pytest plugin spares everybody's runs, and what it leaves as it is."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nbkata.common.shell.cores import COUNT
from nbkata.shape_tests.shell import pytest_plugin

TELLS = """
import sys


def pytest_unconfigure():
    print("Hypothesis was imported:", "hypothesis" in sys.modules)
"""
PLAIN = "def test_plain():\n    assert True\n"
PROPERTY = """
from hypothesis import given, strategies


@given(strategies.integers())
def test_property(number):
    assert number == number
"""


def pytest_says(folder: Path, test: str, *options: str) -> str:
    (folder / "conftest.py").write_text(TELLS, encoding="utf-8")
    (folder / "test_it.py").write_text(test, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:nbval", *options],
        cwd=folder,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout


def test_hypothesis_is_not_imported_at_the_end_where_no_test_uses_it(tmp_path: Path) -> None:
    assert "Hypothesis was imported: False" in pytest_says(tmp_path, PLAIN)


@pytest.mark.parametrize("options", [(), ("-n", "1")])
def test_its_statistics_are_told_where_one_does(tmp_path: Path, options: tuple[str, ...]) -> None:
    message = pytest_says(tmp_path, PROPERTY, "--hypothesis-show-statistics", *options)
    assert "Hypothesis Statistics" in message and "100 passing" in message, message


@pytest.mark.parametrize(
    ("processors", "maxfail", "begun"), [("1", 0, []), ("2", 0, ["tests"]), ("2", 1, [])]
)
def test_with_one_processor_or_an_early_end_the_learners_tests_are_not_run_ahead(
    processors: str, maxfail: int, begun: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "test_shape.py").write_text("def test_it(their_tests):\n    pass\n", "utf-8")
    monkeypatch.setenv(COUNT, processors)
    seen: list[str] = []
    monkeypatch.setattr(pytest_plugin, "_their_tests", lambda _: seen.append("tests"))
    options = {"--nbkata-workspace": ".", "maxfail": maxfail}
    config = SimpleNamespace(getoption=options.get, args=[str(tmp_path / "test_shape.py")])
    session: Any = SimpleNamespace(config=config)
    pytest_plugin.pytest_sessionstart(session)
    assert seen == begun
