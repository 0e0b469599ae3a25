"""`.venv` is made, fixed or left alone: the decisions, and what is done about them."""

import errno
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell import processes
from nbkata.common.shell.locks import hold
from nbkata.setup.core.environment import (
    Failure,
    Found,
    Installer,
    Occupant,
    Plan,
    Stamp,
    environment_plan,
    failure_in,
    failure_refusal,
    kit_command,
    lock_command,
    stamp_from,
)
from nbkata.setup.shell import environment as shell
from nbkata.setup.shell import set_up
from nbkata.setup.shell.environment import Environment
from nbkata.setup.shell.set_up import look_at, make_ready, wanted_stamp

GO = "./go"
STAMP = Stamp("cpython-311 linux", "/home/ada/a b é", "lock-1", "project-1")
READY = Found(Occupant.VENV, has_python=True, stamp=STAMP)


def _changed(**fields: str) -> Stamp:
    return replace(STAMP, **fields)


def _plan(found: Found, wanted: Stamp = STAMP) -> Plan | Refusal | None:
    return environment_plan(found, wanted, GO)


def test_a_ready_environment_is_left_alone() -> None:
    assert _plan(READY) is None


def test_if_there_is_none_it_is_built() -> None:
    assert _plan(Found(Occupant.FREE)) == Plan(
        "Setting up, once. This takes one or two minutes, on a slow machine ten."
    )


@pytest.mark.parametrize(
    ("found", "wanted", "reason"),
    [
        (Found(Occupant.VENV, True, None), STAMP, "an earlier set-up did not finish"),
        (Found(Occupant.VENV, True, None, is_ours=False), STAMP, "it was made by another program"),
        (Found(Occupant.VENV, False, STAMP), STAMP, "the Python it was made with is gone"),
        (READY, _changed(kit="/home/ada/moved"), "this folder was moved or copied"),
        (
            READY,
            _changed(python="cpython-313 linux"),
            "it was made by cpython-311 linux, and this is cpython-313 linux",
        ),
    ],
)
def test_an_environment_that_cannot_be_trusted_is_made_anew_and_the_reason_is_told(
    found: Found, wanted: Stamp, reason: str
) -> None:
    assert _plan(found, wanted) == Plan(f".venv is made anew: {reason}.")


@pytest.mark.parametrize(
    ("changed", "file"),
    [({"lock": "lock-2"}, "requirements.lock"), ({"project": "project-2"}, "pyproject.toml")],
)
def test_an_update_keeps_what_the_learner_installed_and_says_so(
    changed: dict[str, str], file: str
) -> None:
    reason = f".venv is updated: {file} has changed. Packages of your own stay."
    assert _plan(READY, _changed(**changed)) == Plan(reason, keeps_packages=True)


def test_what_is_no_virtual_environment_is_never_deleted() -> None:
    refusal = environment_plan(Found(Occupant.FOREIGN), STAMP, GO)
    assert str(refusal) == (
        ".venv: this is not a virtual environment, so it is left as it is. "
        "Move it away, then run: ./go"
    )


@pytest.mark.parametrize("stamp", [None, _changed(lock="lock-2")])
def test_a_link_to_an_environment_elsewhere_is_used_but_never_changed(stamp: Stamp | None) -> None:
    assert _plan(Found(Occupant.LINK, True, STAMP)) is None
    refusal = _plan(Found(Occupant.LINK, True, stamp))
    assert isinstance(refusal, Refusal) and "Remove the link, then run: ./go" in str(refusal)


def test_a_stamp_comes_back_from_its_text() -> None:
    assert stamp_from(STAMP.as_text()) == STAMP


@pytest.mark.parametrize("text", ["", "{", "[]", '{"python": "cpython-311"}', '{"other": 1}'])
def test_a_torn_stamp_counts_as_none(text: str) -> None:
    assert stamp_from(text) is None


@pytest.mark.parametrize("installer", list(Installer))
def test_every_package_of_the_lock_is_checked_against_its_hash(installer: Installer) -> None:
    command = lock_command(installer, "uv", "python")
    assert "--require-hashes" in command
    assert "--no-build-isolation" in kit_command(installer, "uv", "python")


def test_uv_is_told_to_compile_bytecode_as_it_does_not_by_itself() -> None:
    assert "--compile-bytecode" in lock_command(Installer.UV, "uv", "python")


@pytest.mark.parametrize(
    ("output", "failure"),
    [
        ("ERROR: [Errno 28] No space left on device", Failure.SPACE),
        ("error: failed to write: There is not enough space on the disk. (os error 112)", "SPACE"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "HASH"),
        ("  x Hash mismatch for `rich==15.0.0`", Failure.HASH),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for annotated-doc==0.0.7",
            Failure.NETWORK,
        ),
        ("error: Failed to fetch: `https://index.example/simple/rich/`", Failure.NETWORK),
        ("ERROR: No matching distribution found for numpy==2.4.6", Failure.NO_WHEEL),
        ("error: failed to create directory: Permission denied (os error 13)", "PERMISSION"),
        ("The virtual environment was not created: ensurepip is not available", "NO_PIP"),
        ("Segmentation fault", Failure.UNKNOWN),
    ],
)
def test_what_installers_say_is_understood(output: str, failure: Failure | str) -> None:
    expected = failure if isinstance(failure, Failure) else Failure[failure]
    assert failure_in(output) is expected


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_ends_with_the_next_command(failure: Failure) -> None:
    assert str(failure_refusal(failure, GO)).endswith("then run: ./go")


@pytest.mark.parametrize(
    ("output", "package"),
    [
        ("ERROR: No matching distribution found for numpy==2.4.6\n", "numpy==2.4.6"),
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because rich was not found in the package registry and you require\n"
            "         rich==15.0.0, we can conclude that your requirements are unsatisfiable.",
            "rich==15.0.0",
        ),
        ("error: Failed building wheel for scipy", "a package of requirements.lock"),
    ],
)
@pytest.mark.parametrize("bits", [32, 64])
def test_a_file_that_the_index_lacks_is_named_and_no_other_python_is_blamed(
    output: str, package: str, bits: int
) -> None:
    assert failure_in(output) is Failure.NO_WHEEL
    message = str(failure_refusal(Failure.NO_WHEEL, GO, "3.13", output, bits))
    assert message == (
        f".venv: the package index has no file of {package} for Python 3.13 ({bits} bits) on this "
        "system. Use another index (PIP_INDEX_URL; a mirror may lack the file) or another Python"
        f"{' (64 bits)' if bits == 32 else ''}, then run: ./go"
    )


def test_an_unknown_failure_shows_the_last_words_of_the_installer() -> None:
    output = "\n".join(f"line {number}" for number in range(20))
    printed = str(failure_refusal(Failure.UNKNOWN, GO, "3.11", output))
    assert "    line 19\n" in printed and "line 11\n" not in printed


# From here on with a disk, and with installers that only pretend.


@pytest.fixture(name="kit")
def _kit(tmp_path: Path) -> Path:
    kit = tmp_path / "a b é"
    kit.mkdir()
    (kit / "requirements.lock").write_text("tiny-dep==1.0\n", encoding="utf-8")
    (kit / "pyproject.toml").write_text("", encoding="utf-8")
    (kit / "go").touch()
    return kit


class Installers:
    """Stands in for every program that set-up starts; remembers the commands."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.commands: list[str] = []
        self.answers: dict[str, tuple[int, str]] = {}
        self.dies_at: str | None = None

    def __call__(
        self, command: Sequence[str], _folder: Path, _variables: object, log: Path, *_: object
    ) -> tuple[int, str]:
        line = " ".join(command)
        log.touch()
        self.commands.append(line)
        if self.dies_at and self.dies_at in line:
            raise Killed
        if " venv " in line:
            self.environment.scripts.mkdir(parents=True, exist_ok=True)
            self.environment.python.touch()
        return next((output for sign, output in self.answers.items() if sign in line), (0, ""))

    def ran(self, *signs: str) -> bool:
        return any(all(sign in line for sign in signs) for line in self.commands)


@pytest.fixture(name="environment")
def _environment(kit: Path) -> Environment:
    return Environment(kit, GO)


@pytest.fixture(name="installers")
def _installers(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Installers:
    installers = Installers(environment)
    monkeypatch.setattr(shell, "run_logged", installers)
    monkeypatch.setattr(shell, "output_of", lambda *_: "")
    monkeypatch.setattr(shell.shutil, "which", lambda _: None)
    return installers


@pytest.fixture(name="uv")
def _uv(installers: Installers, monkeypatch: pytest.MonkeyPatch) -> Installers:
    monkeypatch.setattr(shell.shutil, "which", lambda name: f"/opt/{name}")
    return installers


def _silent(_: str) -> None:
    pass


def test_a_second_set_up_starts_nothing(environment: Environment, installers: Installers) -> None:
    assert make_ready(environment, _silent) is True
    installers.commands.clear()
    assert make_ready(environment, _silent) is False
    assert not installers.commands


def test_uv_installs_where_it_is_present(environment: Environment, uv: Installers) -> None:
    assert make_ready(environment, _silent) is True
    assert uv.ran("/opt/uv pip install", "-r requirements.lock")
    assert not uv.ran("-m pip install")


def test_pip_tries_where_uv_finds_no_index(environment: Environment, uv: Installers) -> None:
    uv.answers["/opt/uv"] = (2, "error: Failed to fetch")
    assert make_ready(environment, _silent) is True
    assert uv.ran("-m pip install", "-r requirements.lock")


def test_a_wrong_hash_is_refused_at_once_and_leaves_no_stamp(
    environment: Environment, uv: Installers
) -> None:
    uv.answers["requirements.lock"] = (1, "Hash mismatch for `tiny-dep==1.0`")
    refusal = make_ready(environment, _silent)
    assert isinstance(refusal, Refusal) and "not the one that requirements.lock names" in str(
        refusal
    )
    assert not uv.ran("-m pip install")
    assert look_at(environment).stamp is None


def test_after_a_failed_first_set_up_only_its_log_is_left_and_the_next_says_why(
    environment: Environment, installers: Installers
) -> None:
    installers.answers["requirements.lock"] = (1, "No space left on device")
    assert "the disk is full" in str(make_ready(environment, _silent))
    left = {path.name for path in environment.path.iterdir()}
    assert left == {shell.CONFIG, shell.LOG}
    installers.answers.clear()
    messages: list[str] = []
    assert make_ready(environment, messages.append) is True
    assert messages == [".venv is made anew: an earlier set-up did not finish."]


BACK = "  .venv is again what it was before, with all its packages."


@pytest.fixture(name="learners")
def _learners(environment: Environment, installers: Installers) -> Path:
    """A package of the learner's own in a complete environment, whose lock then changes."""
    assert make_ready(environment, _silent) is True
    metadata = environment.path / "lib" / "python3.11" / "site-packages" / "own-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Name: own\nVersion: 1.0\n", encoding="utf-8")
    (environment.kit / "requirements.lock").write_text("tiny-dep==2.0\n", encoding="utf-8")
    installers.commands.clear()
    return metadata / "METADATA"


@pytest.mark.parametrize("times", [1, 2])
def test_an_update_that_fails_leaves_the_environment_of_before(
    environment: Environment, installers: Installers, learners: Path, times: int
) -> None:
    before = look_at(environment)
    installers.answers["requirements.lock"] = (1, "Connection refused")
    for _ in range(times):
        messages: list[str] = []
        refusal = make_ready(environment, messages.append)
        assert "the package index cannot be reached" in str(refusal)
        assert messages[0].startswith(".venv is updated: requirements.lock has changed.")
        assert messages[1:] == [BACK]
        assert look_at(environment) == before and learners.is_file()
        assert not environment.aside.exists()
    assert not installers.ran("-m venv")


def test_an_update_keeps_the_learners_packages(
    environment: Environment, installers: Installers, learners: Path
) -> None:
    assert make_ready(environment, _silent) is True
    assert learners.is_file() and not environment.aside.exists()
    assert installers.ran("-r requirements.lock") and not installers.ran("-m venv")
    assert look_at(environment).stamp == wanted_stamp(environment.kit)


@pytest.mark.usefixtures("installers")
def test_what_a_rebuild_loses_is_said_and_what_pip_was_told_for_it_stays(
    environment: Environment, learners: Path
) -> None:
    for name in ("Tiny_Dep", "setuptools"):  # the first is named in the lock, for some Pythons
        theirs = learners.parents[1] / f"{name}-1.0.dist-info" / "METADATA"
        theirs.parent.mkdir()
        theirs.write_text(f"Name: {name}\nVersion: 1.0\n", encoding="utf-8")
    (environment.path / "pip.conf").write_text("[global]\n", encoding="utf-8")
    environment.python.unlink()
    messages: list[str] = []
    assert make_ready(environment, messages.append) is True
    python = environment.python.relative_to(environment.kit)
    assert messages == [
        ".venv is made anew: the Python it was made with is gone.",
        "Not in requirements.lock, so not in the new .venv either: own==1.0.",
        f"  To have your own packages back: {python} -m pip install own==1.0",
    ]
    assert not learners.exists() and (environment.path / "pip.conf").is_file()


class Killed(BaseException):
    """Stands in for a kill: nothing is tidied up after it."""


@pytest.mark.parametrize(
    "moment", ["rename", "copytree", "requirements.lock", "-e .", "write_atomically", "go back"]
)
def test_an_update_that_was_killed_is_recovered_by_the_next(
    environment: Environment,
    installers: Installers,
    learners: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    before = look_at(environment)

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(set_up, "_go_back", die)
        if moment == "copytree":
            patch.setattr(shell.shutil, "copytree", die)
        elif moment == "write_atomically":
            patch.setattr(set_up, "write_atomically", die)
        elif moment == "rename":
            patch.setattr(set_up, "fill", die)
        elif moment == "go back":
            installers.answers["requirements.lock"] = (1, "")
        else:
            installers.dies_at = moment
        make_ready(environment, _silent)
    installers.answers = {"requirements.lock": (1, "Connection refused")}
    installers.dies_at = None
    assert environment.aside.is_dir()
    messages: list[str] = []
    assert isinstance(make_ready(environment, messages.append), Refusal)
    assert messages[0] == BACK
    assert look_at(environment) == before and learners.is_file()


@pytest.mark.usefixtures("installers")
def test_an_update_killed_while_it_removes_the_old_environment_is_complete(
    environment: Environment, learners: Path
) -> None:
    assert make_ready(environment, _silent) is True
    environment.aside.mkdir()
    (environment.aside / "left").touch()
    messages: list[str] = []
    assert make_ready(environment, messages.append) is False
    assert not messages and learners.is_file() and not environment.aside.exists()


@pytest.mark.usefixtures("learners")
def test_going_back_leaves_no_stamp_in_what_it_removes(
    environment: Environment, installers: Installers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill right then must not make the unfinished environment look complete."""

    def die(path: Path) -> None:
        assert path == environment.path and not (path / shell.STAMP).exists()
        raise Killed

    def stop(path: Path, content: bytes) -> None:
        path.write_bytes(content)
        raise KeyboardInterrupt

    installers.commands.clear()
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(set_up.shutil, "rmtree", die)
        patch.setattr(set_up, "write_atomically", stop)
        make_ready(environment, _silent)


def test_a_python_without_pip_does_with_uv_alone(environment: Environment, uv: Installers) -> None:
    uv.answers[f"-m venv {environment.path}"] = (1, "ensurepip is not available")
    assert make_ready(environment, _silent) is True
    assert uv.ran("-m venv --without-pip")


def test_a_python_without_pip_nor_uv_names_the_package_to_install(
    environment: Environment, installers: Installers
) -> None:
    installers.answers["-m venv"] = (1, "ensurepip is not available")
    refusal = str(make_ready(environment, _silent))
    assert refusal.startswith(".venv: this Python has no pip. Install it (Debian and Ubuntu: sudo")


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "does not let nbkata write here"),
        (OSError(errno.EROFS, "Read-only file system"), "does not let nbkata write here"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.EIO, "Input/output error", "disk"), "disk: Input/output error."),
    ],
)
def test_a_system_that_refuses_to_write_is_told_in_one_sentence(
    environment: Environment,
    installers: Installers,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    what: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "mkdir", fail)
    refusal = str(make_ready(environment, _silent))
    assert what in refusal and refusal.endswith("then run: ./go")
    assert not installers.commands


def test_a_kit_without_its_lock_is_told(environment: Environment) -> None:
    (environment.kit / "requirements.lock").unlink()
    refusal = str(make_ready(environment, _silent))
    assert "requirements.lock: No such file or directory." in refusal


@pytest.mark.parametrize("foreign", ["file", "folder"])
def test_a_file_or_folder_named_venv_keeps_its_content(
    environment: Environment, installers: Installers, foreign: str
) -> None:
    thesis = environment.path
    if foreign == "folder":
        environment.path.mkdir()
        thesis = environment.path / "thesis.txt"
    thesis.write_text("chapter 1", encoding="utf-8")
    assert isinstance(make_ready(environment, _silent), Refusal)
    assert thesis.read_text(encoding="utf-8") == "chapter 1" and not installers.commands


def test_the_stamp_knows_the_folder_so_that_a_moved_kit_is_seen(
    environment: Environment, installers: Installers
) -> None:
    make_ready(environment, _silent)
    moved = environment.kit.rename(environment.kit.with_name("moved"))
    messages: list[str] = []
    assert make_ready(Environment(moved, GO), messages.append) is True
    assert messages == [".venv is made anew: this folder was moved or copied."]
    assert installers.ran(str(moved / ".venv"))


@pytest.mark.skipif(os.name == "nt", reason="links there need a right that not everybody has")
def test_an_environment_whose_python_was_uninstalled_is_seen(
    environment: Environment, installers: Installers
) -> None:
    make_ready(environment, _silent)
    environment.python.unlink()
    environment.python.symlink_to("/opt/python3.10/that/was/uninstalled")
    assert look_at(environment).has_python is False
    assert make_ready(environment, _silent) is True and installers.commands


def test_of_two_at_once_the_second_waits_and_then_has_nothing_to_do(
    environment: Environment, installers: Installers
) -> None:
    messages: list[str] = []
    waits = threading.Event()
    results: list[bool | Refusal] = []

    def say(line: str) -> None:
        messages.append(line)
        waits.set()

    second = threading.Thread(target=lambda: results.append(make_ready(environment, say)))
    with hold(environment.kit / "go", lambda: None):
        second.start()
        assert waits.wait(timeout=30)
        environment.scripts.mkdir(parents=True)  # what the first has done meanwhile
        environment.python.touch()
        (environment.path / shell.CONFIG).touch()
        (environment.path / shell.STAMP).write_text(
            wanted_stamp(environment.kit).as_text(), encoding="utf-8"
        )
    second.join(timeout=30)
    assert messages == [set_up.WAITING]
    assert results == [False] and not installers.commands


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_a_program_that_is_being_started_when_ctrl_c_comes_is_ended_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Interrupted(subprocess.Popen[bytes]):
        """Gets the signal when it runs already, and is not known to its starter yet."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(processes.subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        processes.run_logged(["/bin/sleep", "60"], tmp_path, os.environ, tmp_path / "log")
    assert started[0].returncode == -signal.SIGTERM
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
