"""common/shell/cache.py: answers are kept, within one bound."""

import os
from pathlib import Path

import pytest

from nbkata.common.shell import cache
from nbkata.common.shell.cache import Kind, cache_folder, cache_root, keep_cached, read_cached


@pytest.fixture(name="home", autouse=True)
def fixture_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, of which this process has seen nothing yet."""
    monkeypatch.setenv("NBKATA_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "_looked_at", set())
    return tmp_path


def test_what_is_kept_is_read_again_whatever_its_characters():
    document = {"text": "é \ud800 \x1b", "number": 1.5, "none": None}
    keep_cached(Kind.SMELLS, "a", document)
    assert read_cached(Kind.SMELLS, "a") == document
    assert read_cached(Kind.REPORT, "a") is None


def test_what_cannot_be_kept_is_not_there_and_leaves_nothing(home: Path):
    keep_cached(Kind.PROOF, "a", {"a": {1, 2}})
    assert read_cached(Kind.PROOF, "a") is None
    assert not [path for path in home.rglob("*") if path.is_file()]
    cache_root().mkdir(exist_ok=True)
    cache_folder(Kind.ADOPT).write_text("a file where the folder should be", encoding="utf-8")
    keep_cached(Kind.ADOPT, "a", 1)
    assert read_cached(Kind.ADOPT, "a") is None


def test_the_oldest_of_all_kinds_go_when_there_is_no_room(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cache, "MOST_BYTES", 2500)
    unpacked = cache_folder(Kind.HISTORY) / "digest" / "src"
    unpacked.mkdir(parents=True)
    (unpacked / "train.py").write_bytes(b"x" * 1000)
    os.utime(unpacked.parent, (1, 1))
    monkeypatch.setattr(cache, "_looked_at", {cache_root()})  # nothing is dropped yet
    for age, (kind, key) in enumerate([(Kind.PROOF, "b"), (Kind.ADOPT, "c"), (Kind.SMELLS, "d")]):
        keep_cached(kind, key, "x" * 1000)
        os.utime(cache_folder(kind) / f"{key}.json", (age + 2, age + 2))
    stranger = cache_root() / "of-somebody-else"
    stranger.mkdir()
    (stranger / "large").write_bytes(b"x" * 5000)
    monkeypatch.setattr(cache, "_looked_at", set())
    keep_cached(Kind.KATA, "e", 1)
    kept = {path.name for path in home.rglob("*") if path.is_file()}
    assert kept == {"c.json", "d.json", "e.json", "large"}
    assert not unpacked.parent.exists()
