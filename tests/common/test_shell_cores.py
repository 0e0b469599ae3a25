"""How many processors there are for a process, and what keeps it to one."""

import os

import pytest

from nbkata.child.shell.environ import needed
from nbkata.common.shell.cores import COUNT, ONE_CORE, cores


@pytest.mark.parametrize(("said", "count"), [("1", 1), ("7", 7), ("0", 3), ("default", 3), ("", 3)])
def test_the_variable_counts_if_it_is_a_number_else_what_the_process_may_use(
    said: str, count: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 4, 5}, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv(COUNT, said)
    assert cores() == count


def test_what_keeps_to_one_processor_is_handed_on_to_other_peoples_code():
    assert needed(ONE_CORE) == ONE_CORE
