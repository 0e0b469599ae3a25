"""Submissions of every form are read within bounds, and what leads out of them is refused."""

import io
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nbkata.cohort.shell import submission
from nbkata.cohort.shell.run import packed, submissions
from nbkata.cohort.shell.submission import Submission, read_submission
from nbkata.common.core.refusal import Refusal

FILES = {
    "src/train.py": "print(1)\n",
    "tests/conftest.py": "import pytest\n",
    ".nbkata/journal.jsonl": "{}\n",
    "data/titanic.csv": "no\n",
}


def _folder(place: Path) -> Path:
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def _zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(f"ann lee/{name}", text)
    return path


def _tar(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        tar.add(_folder(path.parent / "source"), ".")
    return path


def _git(place: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *settings, *arguments], cwd=place, check=True, capture_output=True)


def _repository(place: Path) -> Path:
    _folder(place)
    _git(place, "init", "--quiet")
    _git(place, "add", "--all")
    _git(place, "commit", "--quiet", "-m", "all")
    return place


def _bare(path: Path) -> Path:
    _git(_repository(path.parent / "clone"), "clone", "--quiet", "--bare", ".", str(path))
    return path


def _bundle(path: Path) -> Path:
    _git(_repository(path.parent / "clone"), "bundle", "create", str(path), "HEAD")
    return path


def _read(path: Path, tmp_path: Path) -> Submission | Refusal:
    content = packed(path)
    if isinstance(content, Refusal):
        return content
    (tmp_path / "sent").write_bytes(content)
    return read_submission(tmp_path / "sent")


@pytest.mark.parametrize(
    ("make", "name"),
    [(_folder, "a"), (_zip, "a.zip"), (_tar, "a.tgz"), (_bare, "a.git"), (_bundle, "a.bundle")],
)
def test_code_and_journal_are_read_of_every_form_and_data_and_plugins_are_not(
    make: Callable[[Path], Path], name: str, tmp_path: Path
):
    found = _read(make(tmp_path / name), tmp_path)
    assert isinstance(found, Submission), found
    assert found.files == {"src/train.py": b"print(1)\n"}
    assert (found.journal, found.left_out) == ("{}\n", ("tests/conftest.py",))


def _with_link(place: Path) -> Path:
    _folder(place)
    (place / "src" / "secret.py").symlink_to("/etc/shadow")
    return place


def _with_linked_folder(place: Path) -> Path:
    (place / "src").mkdir(parents=True)
    (place / "src" / "train.py").touch()
    (place / "tests").symlink_to("/etc")
    return place


def _with_pipe(place: Path) -> Path:
    os.mkfifo(_folder(place) / "src" / "pipe.py")
    return place


def _out_of_it(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("src/train.py", "")
        archive.writestr("src/../../evil.py", "")
    return path


def _with_device(path: Path) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, kind in (("src/train.py", tarfile.REGTYPE), ("src/disk.py", tarfile.BLKTYPE)):
            member = tarfile.TarInfo(name)
            member.type = kind
            tar.addfile(member, io.BytesIO())
    return path


def _bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("src/train.py", b"0" * 2_000_000)
    return path


def _no_workspace(path: Path) -> Path:
    path.mkdir()
    (path / "letter.txt").write_text("dear", encoding="utf-8")
    return path


def _torn(path: Path) -> Path:
    path.write_bytes(_zip(path).read_bytes()[:-30])
    return path


@pytest.mark.skipif(os.name == "nt", reason="links, pipes and devices as POSIX has them")
@pytest.mark.parametrize(
    ("make", "name", "why"),
    [
        (_with_link, "a", "src/secret.py is a link or no regular file"),
        (_with_linked_folder, "a", "tests is a link or no regular file"),
        (_with_pipe, "a", "src/pipe.py is a link or no regular file"),
        (_with_device, "a.tar", "src/disk.py is a link or no regular file"),
        (_out_of_it, "a.zip", "it holds a file that leads out of it: src/../../evil.py"),
        (_bomb, "a.zip", "unpacked it would hold more than"),
        (_no_workspace, "a", "it is no workspace"),
        (_torn, "a.zip", "it cannot be read"),
    ],
)
def test_what_leads_out_or_is_no_workspace_is_refused_by_name(
    make: Callable[[Path], Path],
    name: str,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(submission, "MOST_UNPACKED", 1_000_000)
    found = _read(make(tmp_path / name), tmp_path)
    assert isinstance(found, Refusal) and why in found.what, found


def test_a_size_that_an_archive_does_not_tell_is_bounded_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(submission, "MOST_BYTES", 1_000_000)
    found = _read(_bomb(tmp_path / "a.zip"), tmp_path)
    assert isinstance(found, Refusal) and "its files hold more than" in found.what, found


def test_a_folder_of_submissions_is_all_of_them_each_by_a_name_of_its_own(tmp_path: Path):
    for name in ("one/ann", "one/bob", "two/ann"):
        _folder(tmp_path / name)
    _zip(tmp_path / "one" / "cid.zip")
    (tmp_path / "one" / "list.txt").write_text("", encoding="utf-8")
    found = submissions([tmp_path / "one", tmp_path / "two" / "ann"])
    assert isinstance(found, dict)
    assert list(found) == ["ann", "bob", "cid.zip", "two-ann"]
    gone = submissions([tmp_path / "gone"])
    assert isinstance(gone, Refusal) and gone.what == "there is no such file or folder."


def test_equal_workspaces_are_sent_as_equal_bytes(tmp_path: Path):
    assert packed(_folder(tmp_path / "a")) == packed(_folder(tmp_path / "b"))


def test_a_notebook_that_was_moved_in_a_folder_is_sent_too(tmp_path: Path):
    for name in ("src/train.py", "old/titanic.ipynb", "percent.py", ".git/a.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}", encoding="utf-8")
    tarball = packed(tmp_path)
    assert isinstance(tarball, bytes)
    with tarfile.open(fileobj=io.BytesIO(tarball)) as tar:
        assert tar.getnames() == ["src/train.py", "old/titanic.ipynb"]
