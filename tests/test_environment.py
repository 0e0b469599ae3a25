"""`.venv` is made, mended or left alone: the decisions, and what is done about them."""

import errno
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nbkata.core.environment import (
    BUILD,
    REBUILD,
    Failure,
    Found,
    Installer,
    Place,
    Plan,
    Stamp,
    Step,
    clean_environment,
    environment_plan,
    failure_in,
    failure_refusal,
    kit_command,
    lock_command,
    stamp_from,
)
from nbkata.core.refusal import Refusal
from nbkata.shell import environment as shell
from nbkata.shell.environment import Environment, look_at, make_ready, wanted_stamp
from nbkata.shell.locks import hold

GO = "./go"
STAMP = Stamp("cpython-311 linux", "/home/ada/a b é", "lock-1", "project-1")
READY = Found(Place.VENV, has_python=True, stamp=STAMP)


def _changed(**fields: str) -> Stamp:
    return replace(STAMP, **fields)


def _plan(found: Found, wanted: Stamp = STAMP) -> Plan:
    plan = environment_plan(found, wanted, GO)
    assert isinstance(plan, Plan), plan
    return plan


def test_a_ready_environment_is_left_alone() -> None:
    assert _plan(READY) == Plan()


def test_where_there_is_none_it_is_built() -> None:
    assert _plan(Found(Place.FREE)).steps == BUILD


@pytest.mark.parametrize(
    ("found", "wanted", "reason"),
    [
        (Found(Place.VENV, True, None), STAMP, "an earlier set-up did not finish"),
        (Found(Place.VENV, True, None, is_ours=False), STAMP, "it was made by another program"),
        (Found(Place.VENV, False, STAMP), STAMP, "the Python it was made with is gone"),
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
    assert _plan(found, wanted) == Plan(REBUILD, f".venv is made anew: {reason}.")


def test_a_new_lock_is_installed_in_place_so_that_what_the_learner_added_stays() -> None:
    plan = _plan(READY, _changed(lock="lock-2"))
    assert plan == Plan((Step.INSTALL_LOCK, Step.INSTALL_KIT), "requirements.lock has changed.")


def test_a_new_command_in_pyproject_installs_only_the_kit() -> None:
    plan = _plan(READY, _changed(project="project-2"))
    assert plan == Plan((Step.INSTALL_KIT,), "pyproject.toml has changed.")


def test_what_is_no_virtual_environment_is_never_deleted() -> None:
    refusal = environment_plan(Found(Place.FOREIGN), STAMP, GO)
    assert str(refusal) == (
        ".venv: this is not a virtual environment, so it is left as it is. "
        "Move it away, then run: ./go"
    )


def test_a_link_to_an_environment_elsewhere_is_used_but_never_deleted() -> None:
    assert _plan(Found(Place.LINK, True, STAMP)) == Plan()
    refusal = environment_plan(Found(Place.LINK, True, None), STAMP, GO)
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


def test_mirrors_and_proxies_reach_the_installer_and_settings_that_lead_elsewhere_do_not() -> None:
    outside = {"PIP_INDEX_URL": "mirror", "HTTPS_PROXY": "proxy", "PATH": "/bin"}
    cleaned = clean_environment(
        {**outside, "PYTHONPATH": "/opt/ros", "PIP_TARGET": "/tmp", "PIP_USER": "1"}
    )
    assert cleaned == {**outside, "PIP_USER": "0"}


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


def test_an_unknown_failure_shows_the_last_words_of_the_installer() -> None:
    output = "\n".join(f"line {number}" for number in range(20))
    said = str(failure_refusal(Failure.UNKNOWN, GO, "3.11", output))
    assert "    line 19\n" in said and "line 11\n" not in said


# From here on with a disk, and with installers that only pretend.


@pytest.fixture(name="kit")
def _kit(tmp_path: Path) -> Path:
    kit = tmp_path / "a b é"
    kit.mkdir()
    (kit / "requirements.lock").write_text("tiny-dep==1.0\n", encoding="utf-8")
    (kit / "pyproject.toml").write_text("", encoding="utf-8")
    return kit


class Installers:
    """Stands in for every program that set-up starts; remembers the commands."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.commands: list[str] = []
        self.answers: dict[str, tuple[int, str]] = {}

    def __call__(
        self, command: Sequence[str], _folder: Path, _variables: object, log: Path, *_: object
    ) -> tuple[int, str]:
        line = " ".join(command)
        log.touch()
        self.commands.append(line)
        if " venv " in line:
            self.environment.scripts.mkdir(parents=True, exist_ok=True)
            self.environment.python.touch()
        return next((said for sign, said in self.answers.items() if sign in line), (0, ""))

    def ran(self, *signs: str) -> bool:
        return any(all(sign in line for sign in signs) for line in self.commands)


@pytest.fixture(name="environment")
def _environment(kit: Path) -> Environment:
    return Environment(kit, GO)


@pytest.fixture(name="installers")
def _installers(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Installers:
    installers = Installers(environment)
    monkeypatch.setattr(shell, "run_logged", installers)
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


def test_after_a_failure_the_next_set_up_begins_anew_and_says_why(
    environment: Environment, installers: Installers
) -> None:
    installers.answers["requirements.lock"] = (1, "No space left on device")
    assert "the disk is full" in str(make_ready(environment, _silent))
    left = environment.path / "left-over.txt"
    left.touch()
    installers.answers.clear()
    said: list[str] = []
    assert make_ready(environment, said.append) is True
    assert said == [".venv is made anew: an earlier set-up did not finish."]
    assert not left.exists()


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


def test_an_environment_half_removed_is_still_known_as_one(
    environment: Environment, installers: Installers, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ready(environment, _silent)
    (environment.path / shell.STAMP).unlink()

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(shell.shutil, "rmtree", stop)
        make_ready(environment, _silent)
    assert look_at(environment).place is Place.VENV
    assert make_ready(environment, _silent) is True
    assert installers.commands


def test_the_stamp_knows_the_folder_so_that_a_moved_kit_is_seen(
    environment: Environment, installers: Installers
) -> None:
    make_ready(environment, _silent)
    moved = environment.kit.rename(environment.kit.with_name("moved"))
    said: list[str] = []
    assert make_ready(Environment(moved, GO), said.append) is True
    assert said == [".venv is made anew: this folder was moved or copied."]
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
    said: list[str] = []
    waits = threading.Event()
    results: list[bool | Refusal] = []

    def say(line: str) -> None:
        said.append(line)
        waits.set()

    second = threading.Thread(target=lambda: results.append(make_ready(environment, say)))
    with hold(environment.kit / "requirements.lock", lambda: None):
        second.start()
        assert waits.wait(timeout=30)
        environment.scripts.mkdir(parents=True)  # what the first has done meanwhile
        environment.python.touch()
        (environment.path / shell.CONFIG).touch()
        (environment.path / shell.STAMP).write_text(
            wanted_stamp(environment.kit).as_text(), encoding="utf-8"
        )
    second.join(timeout=30)
    assert said == [shell.WAITING]
    assert results == [False] and not installers.commands
