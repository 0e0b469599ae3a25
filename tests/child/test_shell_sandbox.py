"""What other people's code can reach in the sandbox: tried by code that tries to."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from support.builders import notebook_of
from support.waiting import wait_until

from nbkata.child.core.ended import Failed, Failure
from nbkata.child.shell import sandbox
from nbkata.child.shell.cgroups import cgroups
from nbkata.child.shell.run import run
from nbkata.child.shell.sandbox import (
    BUBBLEWRAP,
    ENGINES,
    INSIDE,
    apart,
    found_engine,
    inner,
    outer,
    sandbox_problem,
)
from nbkata.common.core.refusal import Refusal
from nbkata.notebook.core.run import Executed
from nbkata.notebook.shell.run_notebook import run_notebook

PROBLEM = None if found_engine() == BUBBLEWRAP else sandbox_problem() or "no bubblewrap"
in_bubblewrap = pytest.mark.skipif(PROBLEM is not None, reason=f"no sandbox here: {PROBLEM}")
ROOT = Path(__file__).parents[2]
# Each attempt is an expression; what it came to is printed: its value, or the name of what it raised.
TRY = """
import json, os, pathlib, signal, socket, subprocess, sys
found = {}
for attempt in json.loads(sys.argv[1]):
    try:
        found[attempt] = str(eval(attempt))
    except BaseException as error:
        found[attempt] = type(error).__name__
print(json.dumps(found))
"""


@pytest.fixture(name="listening")
def fixture_listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def _tried(command: list[str]) -> dict[str, str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@in_bubblewrap
def test_the_outer_sandbox_shows_no_secret_no_home_and_no_network_and_lets_nothing_be_written(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    port = listening.getsockname()[1]
    attempts = {
        f"socket.create_connection(('127.0.0.1', {port}), 5)": "ConnectionRefusedError",
        "open('/etc/shadow').read()": "FileNotFoundError",
        f"os.listdir({str(Path.home())!r}) == ['.pyenv'] or 'hidden'": None,
        f"open({str(ROOT / 'src' / 'nbkata' / 'evil.py')!r}, 'w')": "OSError",
        "open('/usr/evil', 'w')": "OSError",
        "os.environ.get('AWS_SECRET_ACCESS_KEY')": "None",
        "os.kill(os.getppid() + 100_000, 0)": "ProcessLookupError",
        "open('/tmp/own', 'w').write('fine')": "4",
    }
    found = _tried(outer([sys.executable, "-c", TRY, json.dumps(list(attempts))]))
    for attempt, ended in attempts.items():
        assert ended is None or found[attempt] == ended, (attempt, found[attempt])
    assert not (ROOT / "src" / "nbkata" / "evil.py").exists()


def _secret_and_own(folder: Path) -> tuple[Path, Path]:
    """A file that the learner's code must not see, and a folder beside it that is theirs."""
    secret, own = folder / "verdict.json", folder / "own"
    secret.write_text("{}", encoding="utf-8")
    own.mkdir()
    return secret, own


@in_bubblewrap
def test_the_inner_one_sees_neither_the_files_nor_the_processes_of_the_outer_one(tmp_path: Path):
    secret, own = _secret_and_own(tmp_path)
    attempts = [
        f"open({str(secret)!r})",
        "[open(f'/proc/{n}/environ').read() for n in os.listdir('/proc') if n == '2']",
        "os.kill(os.getpid() + 5, signal.SIGKILL)",
        "subprocess.call(['unshare', '--user', 'true'], stderr=-3)",
        f"open({str(own / 'answer.json')!r}, 'w').write('fine')",
    ]
    program = (
        "import json, subprocess, sys\n"
        "from pathlib import Path\n"
        "from nbkata.child.shell.sandbox import inner\n"
        f"command = inner([sys.executable, '-c', {TRY!r}, {json.dumps(attempts)!r}], Path({str(own)!r}))\n"
        "sys.exit(subprocess.call(command))"
    )
    found = list(_tried(outer([sys.executable, "-c", program], writable=(tmp_path,))).values())
    assert found[:2] == ["FileNotFoundError", "PermissionError"]
    assert found[2] == "ProcessLookupError"
    assert found[3] != "0" and found[4] == "4"
    assert secret.read_text(encoding="utf-8") == "{}"


FORKED = """
import json, os, subprocess, sys
from pathlib import Path
from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.run import run
from nbkata.child.shell.warm import kept_warm
own = {"OUTER": " ".join(os.readlink(f"/proc/self/ns/{name}") for name in os.listdir("/proc/self/ns"))}
variables = {**child_environment(), **own}
with kept_warm(()):
    ended = run("tries", (sys.argv[2],), folder=Path(sys.argv[1]), environment=variables, timeout_s=60)
print(ended.output.strip())
"""


@in_bubblewrap
def test_a_fork_of_a_warm_process_goes_into_an_inner_one_and_has_no_rights_there(tmp_path: Path):
    secret, own = _secret_and_own(tmp_path)
    (own / "tries.py").write_text(TRY, encoding="utf-8")
    numbers = "open(f'/proc/{n}/status').read().partition('NSpid:')[2].split('\\n')[0].split()"
    outside = f"[n for n in os.listdir('/proc') if n.isdigit() and len({numbers}) == 1]"
    of_outside = f"[f'/proc/{{n}}/{{one}}' for n in {outside} for one in ('maps', 'environ')]"
    attempts = {
        "'pytest' in sys.modules": "True",  # of the process that it is a fork of
        f"open({str(secret)!r})": "FileNotFoundError",
        f"len({outside}) > 3": "True",
        f"subprocess.run(['cat', *{of_outside}], capture_output=True).stdout": "b''",
        "sorted(os.listdir('/proc/self/fd'))": "['0', '1', '2', '3']",
        "[n for n in os.listdir('/proc/self/ns') if os.readlink(f'/proc/self/ns/{n}') in os.environ['OUTER']]": (
            "['time', 'time_for_children']"
        ),
        "[*pathlib.Path('/tmp').rglob('socket')]": "[]",  # by which the warm process is asked
        "os.environ.get('NBKATA_SANDBOX')": "None",
        "{line.split()[1] for line in open('/proc/self/status') if line[:3] == 'Cap'} == {'0' * 16}": "True",
        "[line.split()[1] for line in open('/proc/self/status') if line[:5] == 'NoNew']": "['1']",
        "socket.create_connection(('127.0.0.1', 1), 5)": "ConnectionRefusedError",
        "subprocess.call(['unshare', '--user', 'true'], stderr=-3)": "1",
        "os.getppid()": "0",
        f"open({str(own / 'answer.json')!r}, 'w').write('fine')": "4",
    }
    command = [sys.executable, "-c", FORKED, str(own), json.dumps(list(attempts))]
    assert _tried(outer(command, writable=(tmp_path,))) == attempts
    assert secret.read_text(encoding="utf-8") == "{}"


@in_bubblewrap
def test_processes_are_bounded_and_all_gone_at_the_end():
    attempt = "len([os.posix_spawn('/bin/sleep', ['sleep', '77.25'], {}) for _ in range(2000)])"
    with cgroups() as groups:
        command = [sys.executable, "-c", TRY, json.dumps([attempt])]
        assert _tried(outer(command, groups=groups)) == {attempt: "BlockingIOError"}
        left = [place.with_name("nbkata-99999999-0a") for place in groups]
        for place in left:
            place.mkdir()
        with cgroups():
            assert not [place for place in left if place.exists()]
        living = [place / "cgroup.procs" for place in groups]
        wait_until(lambda: not "".join(file.read_text(encoding="ascii") for file in living))
    assert not [place for place in groups if place.exists()]


def test_outside_of_a_sandbox_a_command_stays_as_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(INSIDE, raising=False)
    assert inner(["python", "a.py"], Path("/tmp")) == ["python", "a.py"]
    assert "NBKATA_SANDBOX" not in os.environ


@in_bubblewrap
def test_a_strangers_notebook_runs_apart_and_reaches_neither_files_nor_ports(
    tmp_path: Path, listening: socket.socket
):
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2", encoding="utf-8")
    (tmp_path / "own").mkdir()
    port = listening.getsockname()[1]
    document = notebook_of(
        f"import os\nprint(os.path.exists({str(secret)!r}), os.path.exists('/etc/shadow'))",
        f"import socket\nprint(socket.socket().connect_ex(('127.0.0.1', {port})) == 0)",
        "print(open('own.txt', 'w').write('fine'))",
    )
    with apart():
        ran = run_notebook(document, tmp_path / "own")
    assert isinstance(ran, Executed), ran
    shown = [cell["outputs"][0]["text"] for cell in ran.document["cells"]]
    assert ["".join(text) for text in shown] == ["False False\n", "False\n", "4\n"]
    assert (tmp_path / "own" / "own.txt").read_text(encoding="utf-8") == "fine"
    assert INSIDE not in os.environ


@pytest.mark.parametrize(
    ("whys", "found"),
    [
        ({"bwrap": "no namespaces"}, ("podman",)),
        ({"bwrap": "no namespaces", "podman": "cgroups"}, ("docker",)),
        ({"bwrap": "no namespaces", "podman": "cgroups", "docker": "no daemon"}, None),
    ],
)
def test_the_first_engine_that_works_is_taken(
    whys: dict[str, str], found: tuple[str, ...] | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sandbox.sys, "platform", "linux")
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(sandbox, "_why_not", lambda engine: whys.get(engine[0], ""))
    chosen = found_engine.__wrapped__()
    if found is not None:
        assert chosen == found
    else:
        assert isinstance(chosen, Refusal)
        assert "(bwrap: no namespaces; podman: cgroups; " in chosen.what
        assert chosen.what.endswith("docker: no daemon).")


@pytest.fixture(name="engine", params=["podman", "docker"])
def fixture_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    """One that makes containers here."""
    engines = tuple(one for one in ENGINES if one[0] == request.param)
    monkeypatch.setattr(sandbox, "ENGINES", engines)
    found = found_engine.__wrapped__()
    if isinstance(found, Refusal):
        pytest.skip(f"no {request.param} here: {found.what}")
    monkeypatch.setattr(sandbox, "found_engine", lambda: found)
    return found


@pytest.mark.usefixtures("engine")
def test_a_container_shows_no_secret_and_lets_nothing_be_written(
    tmp_path: Path, listening: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    port, solutions = listening.getsockname()[1], str(ROOT / "solutions")
    attempts = {
        f"socket.create_connection(('127.0.0.1', {port}), 5)": "ConnectionRefusedError",
        "open('/etc/shadow').read()": "FileNotFoundError",
        f"os.listdir({solutions!r})": "[]",
        f"open({str(ROOT / 'src' / 'nbkata' / 'evil.py')!r}, 'w')": "OSError",
        "open('/usr/evil', 'w')": "OSError",
        "os.environ.get('AWS_SECRET_ACCESS_KEY', os.environ.get('NBKATA_SANDBOX'))": "None",
        "os.readlink('/proc/1/fd/0')": "PermissionError",
        "len([os.posix_spawn('/bin/sleep', ['sleep', '9'], {}) for _ in range(999)])": "BlockingIOError",
        f"open({str(tmp_path / 'own')!r}, 'w').write('fine')": "4",
    }
    with apart():
        found = _tried(inner([sys.executable, "-c", TRY, json.dumps(list(attempts))], tmp_path))
    assert found == attempts
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


SLEEP = "sleep\x0077.35\x00"


@pytest.mark.usefixtures("engine")
def test_a_container_ends_with_the_program_that_asked_for_it(tmp_path: Path):
    begun = tmp_path / "begun"
    with apart():
        command = inner(["/bin/sh", "-c", f"touch {begun}; exec sleep 77.35"], tmp_path)
    with subprocess.Popen(command, start_new_session=True) as process:
        deadline = time.monotonic() + 60
        while not begun.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert begun.exists()
        os.killpg(process.pid, signal.SIGKILL)
    while _runs(SLEEP) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _runs(SLEEP)


def _runs(command: str) -> bool:
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if place.read_text(encoding="utf-8") == command:
                return True
    return False


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_code_whose_container_cannot_be_made_is_not_to_blame(tmp_path: Path):
    no_engine = ["/bin/sh", "-c", "echo Cannot connect >&2; exit 125", "docker"]
    with apart(engine=no_engine):
        ended = run("till", (), folder=tmp_path, environment={}, timeout_s=20)
    assert ended == Failed(Failure.NOT_STARTED, "no sandbox could be made for it (Cannot connect)")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_code_apart_that_fills_the_disk_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("nbkata.child.shell.run.FOLDER_GB", 1 / 1024)
    fills = f'[ "$1" = ps ] || {{ head -c 2000000 /dev/zero >{tmp_path}/big; exec sleep 20; }}'
    with apart(engine=["/bin/sh", "-c", fills, "docker"]):
        ended = run("till", (), folder=tmp_path, environment={}, timeout_s=20)
    assert isinstance(ended, Failed) and ended.failure is Failure.TOO_MUCH_OUTPUT


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_a_container_that_was_made_and_never_begun_is_removed(tmp_path: Path):
    engine, asked = tmp_path / "engine", tmp_path / "asked"
    engine.write_text(f'#!/bin/sh\necho "$@" >> "{asked}"\n[ "$1" = ps ] && echo 1f0c 2a7b\n')
    engine.chmod(0o755)
    with apart(engine=(str(engine),)):
        (label,) = [word for word in inner(["true"], tmp_path) if word.startswith("nbkata=")]
        assert not asked.exists()
    listed, removed = asked.read_text().splitlines()
    assert f"label={label}" in listed and removed == "rm --force 1f0c 2a7b"
