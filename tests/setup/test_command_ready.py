"""`./go ready` as a learner runs it: on machines that lack something, before anything is installed."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from email.utils import formatdate
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time

import pytest
from support.minikit import MiniKit, add_program, make_minikit
from support.old_pythons import real_python

posix = pytest.mark.skipif(os.name == "nt", reason="stands a shell script in for a program")
NOWHERE = "http://127.0.0.1:9"  # a port that nobody listens on


@pytest.fixture(name="bare", scope="module")
def _bare(tmp_path_factory: pytest.TempPathFactory) -> MiniKit:
    """A fresh clone; `ready` leaves it as it is, so that one is enough."""
    kit = make_minikit(tmp_path_factory.mktemp("kit"))
    git = shutil.which("git")
    if git and os.name != "nt":
        add_program(kit, "git", f'exec "{git}" "$@"')
    return kit


class _Late(SimpleHTTPRequestHandler):
    late_s = 0

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate((timestamp or time()) + self.late_s, usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(name="index")
def _index(bare: MiniKit, tmp_path: Path) -> Iterator[str]:
    """A package index on this machine, which has the first package of the miniature's lock."""
    folder = tmp_path / "simple" / "tiny-dep"
    folder.mkdir(parents=True)
    (wheel,) = bare.wheels.glob("tiny_dep*.whl")
    shutil.copy(wheel, folder)
    (folder / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>', encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Late, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    thread.join()
    server.server_close()


def look(kit: MiniKit, **variables: str) -> tuple[int, dict[str, str]]:
    """Exit code, and each line of the block by its first word; a variable that is empty is not set."""
    before = kit.snapshot()
    wanted = {name: text for name, text in {**kit.variables, **variables}.items() if text}
    done = subprocess.run(
        kit.command("ready"),
        cwd=kit.root.parent,
        env=wanted,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.stderr == "" and kit.snapshot() == before
    lines = done.stdout.splitlines()
    assert len(lines) == 8 and lines[0].startswith("nbkata ready #"), done.stdout
    return done.returncode, {line.split()[0]: line for line in lines}


def by_index(address: str) -> dict[str, str]:
    """The settings of a person whose packages come from there."""
    return {"PIP_INDEX_URL": address, "PIP_NO_INDEX": "", "PIP_FIND_LINKS": ""}


@posix
def test_a_machine_that_has_all_is_ready_and_the_block_names_nobody(
    bare: MiniKit, index: str
) -> None:
    code, lines = look(bare, **by_index(index), USER="ada", LOGNAME="ada")
    assert code == 0, lines
    assert lines["nbkata"].endswith(": ready")
    assert lines["python"] == f"python   ok   {sys.version.split()[0]}"
    assert lines["network"] == "network  ok   the package index answers"
    assert lines["kit"] == "kit      ok   not set up yet: ./go"
    text = "\n".join(lines.values())
    for name in ("ada", bare.root.name, str(bare.programs), "127.0.0.1"):
        assert name not in text


@posix
def test_without_git_the_block_says_how_to_install_it(bare: MiniKit) -> None:
    git = bare.programs / "git"
    git.rename(bare.programs / "elsewhere")
    try:
        code, lines = look(bare)
    finally:
        (bare.programs / "elsewhere").rename(git)
    assert code == 1 and lines["nbkata"].endswith(": 1 to fix")
    assert lines["git"].startswith("git      FIX  git is not here. ")
    assert "install" in lines["git"]


@posix
@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.10"])
def test_an_old_python_reads_it_and_says_which_ones_suit(bare: MiniKit, version: str) -> None:
    real = real_python(version)
    if real is None:
        pytest.skip(f"Python {version} is not on this machine")
    suits = (bare.programs / "python3").read_text(encoding="utf-8")
    add_program(bare, "python3", f'exec "{real}" "$@"')
    try:
        code, lines = look(bare)
    finally:
        (bare.programs / "python3").write_text(suits, encoding="utf-8")
    assert code == 1
    assert f"FIX  no Python that suits is here (found {version}). " in lines["python"]
    assert lines["network"] == "network  ok   not looked at: that takes a Python that suits"


@posix
def test_behind_a_dead_proxy_the_organizer_is_asked_for_the_right_one(bare: MiniKit) -> None:
    settings = by_index("https://index.invalid/simple")
    code, lines = look(bare, **settings, HTTPS_PROXY=NOWHERE)
    assert code == 2 and lines["nbkata"].endswith(": 1 to ask")
    assert "ASK  the proxy that is set here does not answer. Ask which proxy" in lines["network"]
    assert "./go --from DIR" in lines["network"]


@posix
def test_a_dead_proxy_that_is_not_needed_is_taken_away_by_the_learner(
    bare: MiniKit, index: str
) -> None:
    code, lines = look(bare, **by_index(index), HTTP_PROXY=NOWHERE)
    assert code == 1
    assert "and the package index does without it. " in lines["network"]


@posix
def test_without_a_network_the_offline_pack_is_named(bare: MiniKit) -> None:
    code, lines = look(bare, **by_index("https://index.invalid/simple"))
    assert code == 2
    assert "ASK  the package index does not answer. Join another network" in lines["network"]


@posix
def test_an_index_without_the_kits_packages_is_named(
    bare: MiniKit, index: str, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "simple" / "tiny-dep")
    code, lines = look(bare, **by_index(index))
    assert code == 2
    assert "lacks a package of the kit. Ask which index" in lines["network"]


@posix
@pytest.mark.parametrize(("late_s", "words"), [(-7200, "ahead"), (7200, "behind")])
def test_a_wrong_clock_is_seen_by_the_answer_of_the_index(
    bare: MiniKit, index: str, monkeypatch: pytest.MonkeyPatch, late_s: int, words: str
) -> None:
    monkeypatch.setattr(_Late, "late_s", late_s)
    code, lines = look(bare, **by_index(index))
    assert code == 1
    wrong = rf"FIX  the clock of this machine is wrong \(1(19|20) minutes {words}\)"
    assert re.search(wrong, lines["network"]), lines


@posix
def test_an_editor_is_found_and_its_python_extension_is_missed(
    bare: MiniKit, tmp_path: Path
) -> None:
    keymaps = bare.root / "src" / "nbkata" / "keys" / "keymaps.json"
    shutil.copytree(Path(__file__).parents[2] / "src" / "nbkata" / "keys", keymaps.parent)
    add_program(bare, "code", "exit 0")
    try:
        code, lines = look(bare, HOME=str(tmp_path))
        assert code == 1
        assert "FIX  VS Code is here without its Python extension. code --inst" in lines["editor"]
        (tmp_path / ".vscode" / "extensions" / "ms-python.python-2026.1").mkdir(parents=True)
        code, lines = look(bare, HOME=str(tmp_path))
        assert code == 0
        assert lines["editor"] == "editor   ok   VS Code (takes .venv by itself)"
    finally:
        (bare.programs / "code").unlink()
        shutil.rmtree(keymaps.parent)


@posix
def test_a_set_up_that_did_not_finish_is_named(bare: MiniKit) -> None:
    bare.venv.mkdir()
    try:
        code, lines = look(bare)
    finally:
        bare.venv.rmdir()
    assert code == 1
    assert lines["kit"] == "kit      FIX  the set-up is not finished. ./go"


@posix
def test_once_it_is_set_up_the_environment_is_asked_and_the_network_is_not(bare: MiniKit) -> None:
    python = bare.venv / "bin" / "python"
    python.parent.mkdir(parents=True)
    (bare.venv / "nbkata-setup.json").write_text(json.dumps({}), encoding="utf-8")
    try:
        for answer, expected in {
            "exit 0": "ok   set up; a kernel, the first cell and pytest run",
            "echo /home/ada; echo no-cell NameError; exit 1": (
                "ASK  the first cell of the notebook does not run (NameError). Send this block"
            ),
            "echo /home/ada; exit 1": "FIX  the set-up is not finished. ./go",
        }.items():
            python.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
            python.chmod(0o755)
            code, lines = look(bare, **by_index("https://index.invalid/simple"))
            assert lines["kit"] == f"kit      {expected}"
            assert lines["network"].startswith("network  ok   not needed any more")
            assert code == ("ok", "FIX", "ASK").index(expected.split()[0])
    finally:
        shutil.rmtree(bare.venv)


@posix
def test_on_a_full_disk_it_says_so_and_ends_well(bare: MiniKit, tmp_path: Path) -> None:
    small = "mount -t tmpfs -o size=1m tmpfs"
    if subprocess.run(
        ["unshare", "-rm", "sh", "-c", f'{small} "{tmp_path}"'], capture_output=True, check=False
    ).returncode:
        pytest.skip("this system lets nobody mount a small disk in a namespace of their own")
    script = (
        f'{small} "{tmp_path}" && cp -R "{bare.root}" "{tmp_path}/kit" && '
        f'{{ cat /dev/zero >"{tmp_path}/rest" 2>/dev/null; PATH="{bare.programs}"; '
        f'"{tmp_path}/kit/go" ready; }}'
    )
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        env={**bare.variables, "PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, len(lines)) == (1, "", 8), done
    assert lines[3].startswith("disk     FIX  too little space on this disk (0.0 GB free). Free 2")
    assert lines[5].startswith("folder   ok ")
