"""common/shell/processes: a line for work that takes time."""

import pytest

from nbkata.common.shell import processes
from nbkata.common.shell.processes import timed_line


def test_where_no_one_watches_it_still_shows_now_and_then_that_it_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter([0.0, 1.0, 30.0, 31.0, 59.0, 60.5, 62.0])
    monkeypatch.setattr(processes.time, "monotonic", lambda: next(now))
    with timed_line("installing") as tick:
        for _ in range(5):
            tick()
    assert capsys.readouterr().out == "  installing ... 30 s ... 60 s ... 62.0 s\n"
