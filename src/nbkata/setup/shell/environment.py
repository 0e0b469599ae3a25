"""A virtual environment, and what fills it. Standard library only."""

import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.processes import output_of, run_logged, timed_line
from nbkata.setup.core.environment import (
    Failure,
    Installer,
    Plan,
    failure_in,
    failure_refusal,
    kit_command,
    lock_command,
    retry_with_pip,
)
from nbkata.setup.core.installer_settings import (
    clean_environment,
    installer_environment,
    offline_environment,
    pip_list_environment,
    pip_settings,
    uv_files,
    uv_settings,
)
from nbkata.setup.core.pack import WHEELS

# The file that makes a folder a virtual environment.
CONFIG = "pyvenv.cfg"
STAMP = "nbkata-setup.json"
LOG = "nbkata-setup.log"
UV_SETTINGS = "nbkata-uv.toml"


@dataclass(frozen=True, slots=True)
class Environment:
    """The virtual environment of a kit."""

    kit: Path
    go: str  # how `go` is called on this system, for messages
    pack: Path | None = None  # the offline pack to install from, and from nothing else

    @property
    def path(self) -> Path:
        """The environment's folder."""
        return self.kit / ".venv"

    @property
    def aside(self) -> Path:
        """Where the one before stays until a new one is complete: a name that nobody else uses."""
        return self.kit / ".venv-before-set-up"

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


def fill(plan: Plan, environment: Environment) -> Refusal | None:
    """Carry out a plan at the environment's place, which is free."""
    if plan.keeps_packages:
        with timed_line("copying the .venv of before"):
            unfinished = shutil.ignore_patterns(STAMP, LOG)
            shutil.copytree(environment.aside, environment.path, symlinks=True, ignore=unfinished)
    else:
        refusal = _create(environment)
        if refusal:
            return refusal
        for settings in ("pip.conf", "pip.ini"):  # what `pip config --site` wrote
            if (environment.aside / settings).is_file():
                shutil.copy2(environment.aside / settings, environment.path)
    variables = _installer_variables(environment)
    refusal = _install_lock(environment, variables) or _install_kit(environment, variables)
    (environment.path / UV_SETTINGS).unlink(missing_ok=True)
    return refusal


def _installer_variables(environment: Environment) -> dict[str, str]:
    if environment.pack:
        uv_file = environment.path / UV_SETTINGS
        uv_file.touch()
        return offline_environment(os.environ, os.devnull, str(uv_file))
    return person_variables(str(environment.python), environment.path)


def person_variables(python: str, folder: Path) -> dict[str, str]:
    """For pip and uv with a person's own mirrors, proxies and certificates; uv's are put into a file.

    Without pip in that Python, or if it cannot read its files, nothing of them is kept.
    """
    uv_file = folder / UV_SETTINGS
    uv_file.touch(mode=0o600)  # for a login in it
    uv_file.write_text(uv_settings(_read_uv_files()), encoding="utf-8")
    command = (python, "-I", "-m", "pip", "config", "list")
    asked = pip_list_environment(os.environ)
    listed = output_of(command, folder, asked)  # not into the log: it may hold a login
    return installer_environment(os.environ, pip_settings(listed), os.devnull, str(uv_file))


def _read_uv_files() -> Iterator[Mapping[str, object]]:
    """The system's, then the person's, as uv finds them."""
    import tomllib  # pylint: disable=import-outside-toplevel # set-up alone

    for path in uv_files(os.environ, os.name == "nt", str(Path.home())):
        try:
            yield tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            pass


def _create(environment: Environment) -> Refusal | None:
    """An ordinary environment with pip in it: people expect `pip install` to work in a notebook.

    That costs two seconds once. Only where Python came without pip (Debian splits it off) does uv
    do without.
    """
    begin(environment)
    python = getattr(sys, "_base_executable", None) or sys.executable  # not that of an active venv
    command = (python, "-I", "-m", "venv", str(environment.path))
    variables = {**environment.variables(), "NO_COLOR": "1"}
    label = f"making .venv with Python {sys.version.split()[0]}"
    code, output = _run(command, environment, label, variables)
    if code and _uv() and failure_in(output) is Failure.NO_PIP:
        without_pip = (*command[:4], "--without-pip", command[4])
        code, output = _run(without_pip, environment, label + ", without pip", variables)
    return _refusal_for(output, environment) if code else None


def begin(environment: Environment) -> None:
    """Half made, it is known as one of ours."""
    environment.path.mkdir(exist_ok=True)
    (environment.path / CONFIG).touch()
    (environment.path / LOG).touch()


def _install_lock(environment: Environment, variables: Mapping[str, str]) -> Refusal | None:
    lock = (environment.kit / "requirements.lock").read_text(encoding="utf-8")
    count = sum("==" in line for line in lock.splitlines())
    label = f"installing requirements.lock ({count} packages)"
    return _install(environment, label, lock_command, variables)


def _install_kit(environment: Environment, variables: Mapping[str, str]) -> Refusal | None:
    refusal = _install(environment, "installing the kit", kit_command, variables)
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
    command_for: Callable[[Installer, str, str, str], tuple[str, ...]],
    variables: Mapping[str, str],
) -> Refusal | None:
    python, uv = str(environment.python), _uv()
    wheels = str(environment.pack / WHEELS) if environment.pack else ""
    if uv:
        command = command_for(Installer.UV, uv, python, wheels)
        code, output = _run(command, environment, f"{label}, with uv", variables)
        if not code:
            return None
        if not retry_with_pip(failure_in(output)):
            return _refusal_for(output, environment)
        label = f"uv could not; {label}"
    command = command_for(Installer.PIP, "", python, wheels)
    code, output = _run(command, environment, f"{label}, with pip", variables)
    return _refusal_for(output, environment) if code else None


def _uv() -> str | None:
    return shutil.which("uv")


def _run(
    command: tuple[str, ...], environment: Environment, label: str, variables: Mapping[str, str]
) -> tuple[int, str]:
    """Exit code and output; the output is also kept in the environment's log."""
    with timed_line(label) as tick:
        return run_logged(command, environment.kit, variables, environment.path / LOG, tick)


def _refusal_for(output: str, environment: Environment) -> Refusal:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    bits = 64 if sys.maxsize > 2**32 else 32
    return failure_refusal(failure_in(output), environment.go, version, output, bits)
