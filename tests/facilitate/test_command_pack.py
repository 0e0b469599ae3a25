"""`nbkata facilitate pack` and `./go --from`, with a kit in miniature and without a network."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.builders import completed_inside
from support.minikit import MiniKit, make_minikit
from support.offline import offline

from nbkata.setup.core.system import system_name

posix = pytest.mark.skipif(os.name == "nt", reason="stands a shell script in for a program")
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
SYSTEM = system_name(sys.platform, platform.machine())
ONE = ("--system", SYSTEM, "--python", HERE)
GONE = f"gone==1.0 \\\n    --hash=sha256:{'0' * 64}\n"


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *who, "-C", str(folder), *words], capture_output=True, text=True, check=True
    )
    return done.stdout


def pack(kit: Path, wheels: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """The command, on a kit, with a folder of wheels for an index: exit code, and all that it says."""
    settings = {"NBKATA_KIT": str(kit), "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    settings |= {"PIP_FIND_LINKS": str(wheels), "COLUMNS": "100", **variables}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PIP_")]:
            patch.delenv(name)
        asked = ("facilitate", "pack", *arguments)
        done = completed_inside(*asked, cwd=kit.parent, **settings)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, " ".join((done.stdout + done.stderr).split())


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> tuple[MiniKit, Path, str]:
    """A kit, its pack, and what making it said; tests change copies."""
    kit = make_minikit(tmp_path_factory.mktemp("kit"))
    git(kit.root.parent, "init", "-q", "-b", "main", str(kit.root))
    git(kit.root, "add", "-A")
    git(kit.root, "commit", "-q", "-m", "All")
    folder = kit.root.parent / "the pack é"
    code, said = pack(kit.root, kit.wheels, str(folder), *ONE, "--system", "windows-x86_64")
    assert code == 0, said
    return kit, folder, said


def from_pack(
    made: tuple[MiniKit, Path, str], tmp_path: Path, before: tuple[str, ...] = (), **variables: str
) -> tuple[int, str, Path]:
    """As a learner: a copy of the pack at ``tmp_path / "pack"``, its clone, and `go --from`."""
    kit, folder, _ = made
    copy = tmp_path / "pack"
    if not copy.exists():
        shutil.copytree(folder, copy)
    clone = tmp_path / "my clone"
    if not clone.exists():
        git(tmp_path, "clone", "-q", str(copy / "nbkata.bundle"), str(clone))
    unset = ("PIP_NO_INDEX", "PIP_FIND_LINKS", "UV_CONFIG_FILE")
    settings = {name: text for name, text in kit.variables.items() if name not in unset}
    done = subprocess.run(
        [*(shutil.which(word) or word for word in before[:1]), *before[1:]]
        + [str(clone / "go"), "--from", os.path.join("..", "pack")],
        cwd=clone,
        env={**settings, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stdout
    return done.returncode, done.stdout, clone


def test_a_pack_says_what_it_packed_and_how_to_use_it(made: tuple[MiniKit, Path, str]):
    _, folder, said = made
    assert f"Python {HERE} on {SYSTEM}: 1 packages ..." in said
    assert f"Python {HERE} on windows-x86_64: 1 packages ..." in said
    assert "Packed for 2 of 2 systems and Pythons: " in said
    assert "then ./go --from " in said
    assert sorted(path.name for path in folder.iterdir()) == [
        *("README.txt", "SHA256SUMS", "hand-outs", "nbkata.bundle", "pack.json", "wheels")
    ]
    assert [path.name for path in (folder / "wheels").iterdir()] == [
        "tiny_dep-1.0-py3-none-any.whl"
    ]
    assert "keys-pycharm-windows.html" in {path.name for path in (folder / "hand-outs").iterdir()}


def test_the_checksums_are_those_of_all_files_as_sha256sum_writes_them(
    made: tuple[MiniKit, Path, str],
):
    _, folder, _ = made
    expected = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{digest}  {path}" for path, digest in sorted(expected.items())]


@posix
def test_a_clone_of_the_pack_installs_from_it_where_there_is_no_network_at_all(
    made: tuple[MiniKit, Path, str], tmp_path: Path
):
    alone = offline()
    names = "import socket; print([name for _, name in socket.if_nameindex()])"
    seen = subprocess.run(
        [*alone, sys.executable, "-c", names], capture_output=True, text=True, check=True
    )
    assert seen.stdout.strip() in ("['lo']", "[]")
    elsewhere = "https://index.invalid/simple"
    settings = {"PIP_INDEX_URL": elsewhere, "PIP_FIND_LINKS": elsewhere, "PIP_RETRIES": "0"}
    code, said, clone = from_pack(made, tmp_path, alone, **settings)
    assert code == 0, said
    lines = said.splitlines()
    assert lines[0].startswith("  checking the pack (")
    assert "installing requirements.lock (1 packages), with pip ..." in said
    assert "nbkata in my clone with ['start']" in said
    assert list(clone.glob(".venv/**/tiny_dep.py"))
    assert "index.invalid" not in (clone / ".venv" / "nbkata-setup.log").read_text("utf-8")
    assert git(clone, "status", "--porcelain", "--branch").startswith("## main...origin/main\n")


@posix
def test_a_damaged_or_lost_file_is_named_and_nothing_is_installed(
    made: tuple[MiniKit, Path, str], tmp_path: Path
):
    shutil.copytree(made[1], tmp_path / "pack")
    wheel = tmp_path / "pack" / "wheels" / "tiny_dep-1.0-py3-none-any.whl"
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"!")
    (tmp_path / "pack" / "README.txt").unlink()
    code, said, clone = from_pack(made, tmp_path)
    assert code == 2 and not (clone / ".venv").exists()
    named = (
        f"2 files are damaged or missing: README.txt, wheels/{wheel.name}. Nothing was installed."
    )
    assert named in said and "Copy the pack again, whole." in said


@posix
@pytest.mark.parametrize("name", ["SHA256SUMS", "pack.json"])
def test_a_pack_that_was_not_finished_is_refused(
    made: tuple[MiniKit, Path, str], tmp_path: Path, name: str
):
    shutil.copytree(made[1], tmp_path / "pack")
    (tmp_path / "pack" / name).unlink()
    code, said, clone = from_pack(made, tmp_path)
    assert code == 2 and not (clone / ".venv").exists()
    assert "this is no offline pack: it has no pack.json and SHA256SUMS that can be read." in said


@posix
def test_a_pack_of_another_version_names_its_own_clone(
    made: tuple[MiniKit, Path, str], tmp_path: Path
):
    shutil.copytree(made[1], tmp_path / "pack")
    git(tmp_path, "clone", "-q", str(tmp_path / "pack" / "nbkata.bundle"), "my clone")
    with (tmp_path / "my clone" / "requirements.lock").open("a", encoding="utf-8") as file:
        file.write(GONE)
    code, said, _ = from_pack(made, tmp_path)
    assert code == 2
    assert "another version of the kit than this clone. Clone its own: git clone nbkata" in said


@posix
def test_a_machine_that_was_not_packed_for_is_told_what_was(
    made: tuple[MiniKit, Path, str], tmp_path: Path
):
    kit, _, _ = made
    other = "3.14" if HERE != "3.14" else "3.13"
    code, said = pack(
        *(kit.root, kit.wheels, str(tmp_path / "pack")),
        *("--python", other, "--system", "windows-x86_64"),
    )
    assert code == 0, said
    code, said, _ = from_pack(made, tmp_path)
    assert code == 2
    assert f"no wheels for Python {HERE} on " in said
    assert f"it has Python {other} on windows-x86_64." in said


@pytest.fixture(name="short")
def _short(made: tuple[MiniKit, Path, str], tmp_path: Path) -> Path:
    """A clone of the kit whose lock names a package that no index has."""
    git(tmp_path, "clone", "-q", str(made[0].root), "short")
    with (tmp_path / "short" / "requirements.lock").open("a", encoding="utf-8") as file:
        file.write(GONE)
    git(tmp_path / "short", "commit", "-q", "-a", "-m", "A package more")
    return tmp_path / "short"


@posix
def test_a_wheel_that_is_not_in_the_index_is_named_and_the_rest_is_packed(
    made: tuple[MiniKit, Path, str], short: Path, tmp_path: Path
):
    code, said = pack(short, made[0].wheels, str(tmp_path / "pack"), *ONE)
    assert code == 1
    assert f"The index has no wheel of gone for Python {HERE} on {SYSTEM}." in said
    assert "Packed for 0 of 1 systems and Pythons: " in said
    assert [path.suffix for path in (tmp_path / "pack" / "wheels").iterdir()] == [".whl"]
    git(tmp_path, "clone", "-q", str(tmp_path / "pack" / "nbkata.bundle"), "my clone")
    code, said, _ = from_pack(made, tmp_path)
    assert code == 2 and f"this pack has no wheel of gone for Python {HERE} on " in said


def test_what_is_not_committed_is_not_in_it_and_that_is_said(short: Path, tmp_path: Path):
    (short / "requirements.lock").write_text("", encoding="utf-8")
    code, said = pack(short, tmp_path, str(tmp_path / "pack"), *ONE)
    assert code == 1, said  # the lock of the commit names two packages, and this index is empty
    assert f"no wheel of tiny-dep, gone for Python {HERE} on {SYSTEM}" in said
    assert "Changes that you have not committed are not in it." in said


def test_an_index_that_does_not_answer_leaves_a_pack_that_nobody_takes_for_one(
    made: tuple[MiniKit, Path, str], tmp_path: Path
):
    away = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    folder = tmp_path / "pack"
    shutil.copytree(made[1], folder)
    code, said = pack(made[0].root, tmp_path, str(folder), *ONE, **away, PIP_RETRIES="0")
    assert code == 2
    assert f"Python {HERE} on {SYSTEM}: the package index cannot be reached." in said
    assert not (folder / "SHA256SUMS").exists()
    assert json.loads((folder / "pack.json").read_text(encoding="utf-8"))["targets"] == []


def test_an_older_pack_is_made_anew_without_what_it_needs_no_more(
    made: tuple[MiniKit, Path, str], tmp_path: Path
):
    folder = tmp_path / "pack"
    shutil.copytree(made[1], folder)
    (folder / "wheels" / "old-1-py3-none-any.whl").write_bytes(b"old")
    code, said = pack(made[0].root, made[0].wheels, str(folder), *ONE)
    assert code == 0, said
    assert [path.name for path in (folder / "wheels").iterdir()] == [
        "tiny_dep-1.0-py3-none-any.whl"
    ]
    assert "Packed for 1 of 1 " in said and "old" not in (folder / "SHA256SUMS").read_text("utf-8")


def test_a_folder_with_other_things_is_left_alone(made: tuple[MiniKit, Path, str], tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    code, said = pack(made[0].root, made[0].wheels, str(tmp_path))
    assert code == 2 and "this exists and is no offline pack; it is left alone." in said
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_without_a_whole_clone_there_is_no_pack(made: tuple[MiniKit, Path, str], tmp_path: Path):
    kit, _, _ = made
    bare = tmp_path / "unzipped"
    shutil.copytree(kit.root, bare, ignore=shutil.ignore_patterns(".git"))
    code, said = pack(
        bare, kit.wheels, str(tmp_path / "pack"), GIT_CEILING_DIRECTORIES=str(tmp_path)
    )
    assert code == 2 and "this is no git clone of the kit. Clone the repository" in said
    git(tmp_path, "clone", "-q", str(kit.root), "two commits")
    git(tmp_path / "two commits", "commit", "-q", "--allow-empty", "-m", "Another")
    git(tmp_path, "clone", "-q", "--depth", "1", (tmp_path / "two commits").as_uri(), "shallow")
    code, said = pack(tmp_path / "shallow", kit.wheels, str(tmp_path / "pack"))
    assert code == 2 and "Run: git fetch --unshallow" in said
    assert not (tmp_path / "pack").exists()
