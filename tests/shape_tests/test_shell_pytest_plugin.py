"""What our pytest plugin spares everybody's runs, and what it leaves as it is."""

import subprocess
import sys
from pathlib import Path

import pytest

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
