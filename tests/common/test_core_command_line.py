"""Commands that the kit proposes can be pasted."""

import shlex
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbkata.common.core.command_line import quoted
from nbkata.kata.commands._opened import called


@given(st.text(alphabet="ab é/.&()'-_0", min_size=1))
def test_a_shell_reads_a_quoted_word_as_one(word: str):
    assert shlex.split(quoted(word)) == [word]


def test_a_word_that_needs_no_quotation_marks_has_none():
    assert quoted("../.venv/bin/nbkata") == "../.venv/bin/nbkata"


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX path is looked at")
def test_the_kits_own_path_is_quoted_if_it_has_a_space(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", "/a b/.venv/bin/python")
    assert called() == '"/a b/.venv/bin/nbkata"'
