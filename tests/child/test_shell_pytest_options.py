"""What pytest is given when it runs other people's tests for us."""

import difflib
import unittest
from unittest import case

import pytest

from nbkata.child.shell.pytest_options import without_tracebacks


def test_unittest_does_not_write_out_how_two_lists_differ(monkeypatch: pytest.MonkeyPatch):
    def compared(*_: list[str]) -> list[str]:
        pytest.fail("this takes minutes for a thousand rows")

    monkeypatch.setattr(difflib, "ndiff", compared)
    monkeypatch.setattr(case, "difflib", difflib)  # put back at the end of this test

    without_tracebacks([])

    with pytest.raises(AssertionError, match="First differing element 0"):
        unittest.TestCase().assertEqual([1, 2], [0, 2])
