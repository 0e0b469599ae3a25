"""The room's benchmark, small: nothing gets lost, though the server is killed while many send."""

import statistics

import pytest
from bench_room import TARGET_LAG_S, run


@pytest.mark.parametrize("folder", [False, True], ids=["network", "folder"])
def test_no_line_gets_lost_and_the_page_is_current(folder: bool):
    found = run(people=12, seconds=4, every_s=0.5, folder=folder)
    assert found.sent >= 12 * 4
    assert found.lost == 0
    assert statistics.median(found.lags) < TARGET_LAG_S
    if not folder:
        assert found.away  # it was killed while they sent
