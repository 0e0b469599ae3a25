"""Making and mending `.venv`: looks, lets the core decide, applies. Standard library only."""

import errno
import hashlib
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbkata.core.environment import (
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
    retry_with_pip,
    stamp_from,
)
from nbkata.core.refusal import Refusal
from nbkata.shell.files import write_atomically
from nbkata.shell.locks import hold
from nbkata.shell.processes import run_logged, timed_line

CONFIG = "pyvenv.cfg"
"""The file that makes a folder a virtual environment."""
STAMP = "nbkata-setup.json"
LOG = "nbkata-setup.log"
WAITING = "Another go is setting up in this folder; waiting for it. (Ctrl-C: stop)"


@dataclass(frozen=True, slots=True)
class Environment:
    """The virtual environment of a kit."""

    kit: Path
    go: str
    """How `go` is called on this system, for messages."""

    @property
    def path(self) -> Path:
        """The environment's folder."""
        return self.kit / ".venv"

    @property
    def scripts(self) -> Path:
        """Its folder of commands."""
        return self.path / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def is_active(self) -> bool:
        """Whether this terminal calls its commands by name already."""
        return os.environ.get("VIRTUAL_ENV") == str(self.path)

    def variables(self) -> dict[str, str]:
        """The environment variables for what runs in it."""
        return clean_environment(os.environ)


def make_ready(environment: Environment, say: Callable[[str], None]) -> bool | Refusal:
    """Build or mend the environment where that is needed; True where something was done."""
    try:
        wanted = wanted_stamp(environment.kit)
        plan = _plan(environment, wanted)
        if isinstance(plan, Refusal) or not plan.steps:
            return plan if isinstance(plan, Refusal) else False
        with hold(environment.kit / "requirements.lock", lambda: say(WAITING)):
            plan = _plan(environment, wanted)  # another `go` may have done it meanwhile
            if isinstance(plan, Refusal) or not plan.steps:
                return plan if isinstance(plan, Refusal) else False
            return _apply(plan, environment, wanted, say) or True
    except OSError as error:
        return _refusal_of(error, environment)


def wanted_stamp(kit: Path) -> Stamp:
    """What an environment made now would be made from. Raises ``OSError``."""
    lock, project = (
        hashlib.sha256((kit / name).read_bytes()).hexdigest()
        for name in ("requirements.lock", "pyproject.toml")
    )
    return Stamp(f"{sys.implementation.cache_tag} {sys.platform}", str(kit), lock, project)


def look_at(environment: Environment) -> Found:
    """What stands at the place of the environment."""
    path = environment.path
    if not os.path.lexists(path):
        return Found(Place.FREE)
    if not (path / CONFIG).is_file():
        empty = path.is_dir() and not path.is_symlink() and not any(path.iterdir())
        return Found(Place.FREE if empty else Place.FOREIGN)
    place = Place.LINK if path.is_symlink() else Place.VENV
    try:
        stamp = stamp_from((path / STAMP).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        stamp = None
    return Found(place, environment.python.is_file(), stamp, (path / LOG).exists())


def _plan(environment: Environment, wanted: Stamp) -> Plan | Refusal:
    return environment_plan(look_at(environment), wanted, environment.go)


def _apply(
    plan: Plan, environment: Environment, wanted: Stamp, say: Callable[[str], None]
) -> Refusal | None:
    if plan.reason:
        say(plan.reason)
    (environment.path / STAMP).unlink(missing_ok=True)
    for step in plan.steps:
        refusal = _STEPS[step](environment)
        if refusal:
            return refusal
    write_atomically(environment.path / STAMP, wanted.as_text().encode())
    return None


def _remove(environment: Environment) -> None:
    """What makes it a virtual environment goes last: half removed, it is still one of ours."""
    with timed_line("removing the old .venv"):
        for entry in environment.path.iterdir():
            if entry.name == CONFIG:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        (environment.path / CONFIG).unlink()


def _create(environment: Environment) -> Refusal | None:
    """An ordinary environment with pip in it: people expect `pip install` to work in a notebook.

    That costs two seconds once. Only where Python came without pip (Debian splits it off) does uv
    do without.
    """
    environment.path.mkdir(exist_ok=True)
    (environment.path / CONFIG).touch()  # half made, it is still known as one of ours
    python = getattr(sys, "_base_executable", None) or sys.executable  # not that of an active venv
    command = (python, "-I", "-m", "venv", str(environment.path))
    label = f"making .venv with Python {sys.version.split()[0]}"
    code, output = _run(command, environment, label)
    if code and _uv() and failure_in(output) is Failure.NO_PIP:
        without_pip = (*command[:4], "--without-pip", command[4])
        code, output = _run(without_pip, environment, label + ", without pip")
    return _refusal_for(output, environment) if code else None


def _install_lock(environment: Environment) -> Refusal | None:
    lock = (environment.kit / "requirements.lock").read_text(encoding="utf-8")
    count = sum("==" in line for line in lock.splitlines())
    return _install(environment, f"installing requirements.lock ({count} packages)", lock_command)


def _install_kit(environment: Environment) -> Refusal | None:
    refusal = _install(environment, "installing the kit", kit_command)
    if refusal:
        return refusal
    _name_source_in_ascii(environment)
    # Installers leave an editable package's own bytecode alone. Where this fails, imports do it.
    command = (str(environment.python), "-I", "-m", "compileall", "-q", "src/nbkata")
    run_logged(command, environment.kit, environment.variables(), environment.path / LOG)
    return None


def _name_source_in_ascii(environment: Environment) -> None:
    """Lead from the environment to the kit's source by ``../..``, not by the whole path.

    Until 3.13, Python reads path files in the encoding of the console: a folder named é would
    stop every Python of this environment where that is ASCII, and hide the kit on Windows.
    """
    places = {"base": str(environment.path), "platbase": str(environment.path)}
    library = Path(sysconfig.get_path("purelib", "venv", places))
    source = environment.kit / "src"
    for path in library.glob("*.pth"):
        if path.read_text(encoding="utf-8", errors="replace").strip() == str(source):
            write_atomically(path, f"{os.path.relpath(source, library)}\n".encode("ascii"))


def _install(
    environment: Environment,
    label: str,
    command_for: Callable[[Installer, str, str], tuple[str, ...]],
) -> Refusal | None:
    python, uv = str(environment.python), _uv()
    if uv:
        command = command_for(Installer.UV, uv, python)
        code, output = _run(command, environment, f"{label}, with uv")
        if not code:
            return None
        if not retry_with_pip(failure_in(output)):
            return _refusal_for(output, environment)
        label = f"uv could not; {label}"
    command = command_for(Installer.PIP, "", python)
    code, output = _run(command, environment, f"{label}, with pip")
    return _refusal_for(output, environment) if code else None


_STEPS: Mapping[Step, Callable[[Environment], Refusal | None]] = {
    Step.REMOVE: _remove,
    Step.CREATE: _create,
    Step.INSTALL_LOCK: _install_lock,
    Step.INSTALL_KIT: _install_kit,
}


def _uv() -> str | None:
    return shutil.which("uv")


def _run(command: tuple[str, ...], environment: Environment, label: str) -> tuple[int, str]:
    """Exit code and output; the output is also kept in the environment's log."""
    variables = {**environment.variables(), "NO_COLOR": "1"}
    with timed_line(label) as tick:
        return run_logged(command, environment.kit, variables, environment.path / LOG, tick)


def _refusal_for(output: str, environment: Environment) -> Refusal:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return failure_refusal(failure_in(output), environment.go, version, output)


def _refusal_of(error: OSError, environment: Environment) -> Refusal:
    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None))
    barred = isinstance(error, PermissionError) or error.errno == errno.EROFS
    if full or barred:
        failure = Failure.SPACE if full else Failure.PERMISSION
        return failure_refusal(failure, environment.go)
    what = f"{error.strerror or error}."
    return Refusal(
        what, str(error.filename or environment.path), f"Mend that, then run: {environment.go}"
    )
