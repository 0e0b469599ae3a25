"""Where checks run: on a cluster, too, if its workers have the same kit."""

import sys
from pathlib import Path

import pytest

from nbkata.cohort.core.result import Ended, Result
from nbkata.cohort.shell import engine
from nbkata.cohort.shell.checks import Job
from nbkata.cohort.shell.run import check_all
from nbkata.common.core.refusal import Refusal


def test_without_dask_the_refusal_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with engine.dask("", "local", 1) as begun:
        assert isinstance(begun, Refusal)
        assert str(begun) == (
            "dask.distributed is not installed here. Install it: pip install 'nbkata[cohort]'"
        )


def test_dask_gives_the_results_that_threads_give(tmp_path: Path):
    pytest.importorskip("distributed", reason="dask.distributed is not installed (nbkata[cohort])")
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "letter.txt").write_text("dear", encoding="utf-8")
    job = Job("ann", b"", "refactoring", "00-run", is_trusted=True)
    found: list[Result] = []
    with engine.local(1) as here, engine.dask("", "local", 1) as there:
        assert isinstance(there, engine.Engine), there
        for number, one in enumerate((here, there)):
            found += check_all([(job, tmp_path / "ann")], one, tmp_path / str(number), "1", print)
    assert [one.ended for one in found] == [Ended.REFUSED] * 2
    assert found[0].messages == found[1].messages


def test_workers_by_ssh_without_keys_are_refused():
    pytest.importorskip("distributed", reason="dask.distributed is not installed (nbkata[cohort])")
    with engine.dask("", "ssh:ada,bob", 2) as begun:
        assert isinstance(begun, Refusal)
        assert str(begun).startswith("ssh:ada,bob: workers by ssh need keys for TLS")
