"""`nbkata facilitate preflight` on the files of a course, good and bad ones."""

import os
import quopri
from pathlib import Path

import pytest
from conftest import Nbkata
from facilitate.test_core_preflight import block


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(name="mails")
def _mails(tmp_path: Path) -> Path:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.txt").write_text(block("00000a"), encoding="utf-8")
    (folder / "b.txt").write_text(block("00000b", "windows-x86_64", git="no-git"), "utf-16")
    quoted = quopri.encodestring(block("00000c", network="dead-proxy", git="no-git").encode())
    mail = b"Content-Transfer-Encoding: quoted-printable\n\n" + quoted
    (folder / "c.eml").write_bytes(mail)
    return folder


def test_a_folder_of_mails_becomes_the_common_fix_and_a_line_a_machine(nbkata: Nbkata, mails: Path):
    done = nbkata("facilitate", "preflight", str(mails))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "On 2 of 3: git is not here.",
        "  Linux: sudo apt install git (or with your own package manager)",
        "  Windows: winget install --id Git.Git -e",
        "",
        "3 machines: 1 yours to help, 1 theirs to fix, 1 ready.",
        "",
        "ASK    #00000c  c.eml, line 3  linux-x86_64    git is not here; "
        "the proxy that is set here does not answer",
        "FIX    #00000b  b.txt, line 1  windows-x86_64  git is not here",
        "ready  #00000a  a.txt, line 1  linux-x86_64",
    ]


def test_if_all_are_ready_the_exit_code_says_so(nbkata: Nbkata, mails: Path):
    done = nbkata("facilitate", "preflight", str(mails / "a.txt"))
    assert done.returncode == 0
    assert done.stdout.startswith("1 machine: 0 yours to help, 0 theirs to fix, 1 ready.\n")


def test_what_cannot_be_read_is_passed_over_by_name_and_the_rest_is_read(
    nbkata: Nbkata, mails: Path
):
    (mails / "d.txt").write_bytes(b"\0" * 100)
    (mails / "e.txt").write_bytes(b"nbkata ready #000000 linux-x86_64: \x1b[2J" * 200_000)
    if os.name != "nt":
        os.mkfifo(mails / "f.txt")
    done = nbkata("facilitate", "preflight", str(mails), str(mails / "gone.txt"))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "3 machines: " in done.stdout
    lines = done.stderr.splitlines()
    assert all(line.startswith("Passed over: ") for line in lines)
    assert "d.txt: it holds no block of ./go ready. The block begins with: " in lines[0]
    assert "e.txt: it has more than 5 MB. Cut the blocks of ./go ready out of it." in lines[1]
    assert lines[-1].endswith("gone.txt: it cannot be read (No such file or directory).")
    assert os.name == "nt" or "f.txt: it cannot be read (it is a pipe" in lines[2]


def test_a_hostile_text_steers_no_terminal(nbkata: Nbkata, tmp_path: Path):
    text = block("00000a", git="no-git").replace("git is not here", "\x1b]0;owned\x07 [red]")
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    done = nbkata("facilitate", "preflight", str(tmp_path / "a.txt"))
    assert done.returncode == 1
    assert "\x1b" not in done.stdout and "\\x1b]0;owned\\x07 [red]" in done.stdout


def test_without_any_block_the_next_step_is_to_ask_for_them(nbkata: Nbkata, tmp_path: Path):
    (tmp_path / "a.txt").write_text("Hello!", encoding="utf-8")
    done = nbkata("facilitate", "preflight", str(tmp_path / "a.txt"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Ask the learners to run ./go ready and to mail what it prints." in " ".join(
        done.stderr.split()
    )
