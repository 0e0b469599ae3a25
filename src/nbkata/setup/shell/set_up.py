"""Building and updating `.venv`: look, let the core decide, apply. Standard library only."""

import errno
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.locks import hold
from nbkata.common.shell.processes import timed_line
from nbkata.setup.core.environment import (
    Failure,
    Found,
    Occupant,
    Plan,
    Stamp,
    environment_plan,
    failure_refusal,
    stamp_from,
)
from nbkata.setup.shell.environment import CONFIG, LOG, STAMP, Environment, begin, fill

WAITING = "Another go is setting up in this folder; waiting for it. (Ctrl-C: stop)"


def make_ready(environment: Environment, say: Callable[[str], None]) -> bool | Refusal:
    """Build or update the environment if that is needed; True if something was done.

    Scripts in an environment name its path, so it is built at its own place. The one before waits
    beside it, and going back is one rename. Whatever a killed set-up left, the next one finds it.
    """
    try:
        # `git pull` replaces requirements.lock by another file, and with it the lock on it: `go`
        # itself hardly ever changes.
        with hold(environment.kit / "go", lambda: say(WAITING)) as handle:
            os.set_inheritable(handle, True)  # an installer that outlives a killed `go` holds it
            _finish_killed(environment, say)
            wanted = wanted_stamp(environment.kit)
            plan = environment_plan(look_at(environment), wanted, environment.go)
            if not isinstance(plan, Plan):
                return plan or False
            say(plan.reason)
            return _replace(plan, environment, wanted, say) or True
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
    """What is at the place of the environment."""
    path = environment.path
    if not os.path.lexists(path):
        return Found(Occupant.FREE)
    if not (path / CONFIG).is_file():
        empty = path.is_dir() and not path.is_symlink() and not any(path.iterdir())
        return Found(Occupant.FREE if empty else Occupant.FOREIGN)
    place = Occupant.LINK if path.is_symlink() else Occupant.VENV
    try:
        stamp = stamp_from((path / STAMP).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        stamp = None
    return Found(place, environment.python.is_file(), stamp, (path / LOG).exists())


def _finish_killed(environment: Environment, say: Callable[[str], None]) -> None:
    """Remove the old environment if the new one is complete (it has a stamp), else bring it back."""
    if not environment.aside.is_dir():
        return
    if look_at(environment).stamp:
        _remove_old(environment)
    else:
        _go_back(environment, say)


def _go_back(environment: Environment, say: Callable[[str], None]) -> None:
    """Keeps the log of what failed."""
    log = environment.path / LOG
    output = log.read_bytes() if log.is_file() else b""
    (environment.path / STAMP).unlink(missing_ok=True)  # half removed, it must not look complete
    if environment.path.exists():
        with timed_line("removing what was not finished"):
            shutil.rmtree(environment.path)
    if environment.aside.is_dir():
        environment.aside.rename(environment.path)
        if environment.python.is_file():
            say("  .venv is again what it was before, with all its packages.")
    else:
        begin(environment)
    log.write_bytes(output)


def _replace(
    plan: Plan, environment: Environment, wanted: Stamp, say: Callable[[str], None]
) -> Refusal | None:
    if look_at(environment).place is Occupant.VENV:
        environment.path.rename(environment.aside)
    try:
        refusal = fill(plan, environment)
        if not refusal:
            write_atomically(environment.path / STAMP, wanted.as_text().encode())
    except BaseException:
        _go_back(environment, say)
        raise
    if refusal:
        _go_back(environment, say)
    elif environment.aside.is_dir():
        _say_what_is_lost(environment, say)
        _remove_old(environment)
    return refusal


def _remove_old(environment: Environment) -> None:
    with timed_line("removing the old .venv"):
        shutil.rmtree(environment.aside)


def _say_what_is_lost(environment: Environment, say: Callable[[str], None]) -> None:
    lock = (environment.kit / "requirements.lock").read_text(encoding="utf-8")
    ours = {*re.findall(r"^([\w.-]+)", lock, re.MULTILINE), "nbkata", "pip", "setuptools"}
    lost = [
        f"{name}=={version}"
        for name, version in sorted(_packages(environment.aside).items())
        if name not in ours
    ]
    if lost:
        python = environment.python.relative_to(environment.kit)
        say(f"Not in requirements.lock, so not in the new .venv either: {', '.join(lost)}.")
        say(f"  To have your own packages back: {python} -m pip install {' '.join(lost)}")


def _packages(path: Path) -> dict[str, str]:
    """The version of each package in an environment of any Python."""
    from importlib.metadata import distributions  # pylint: disable=import-outside-toplevel # slow

    folders = [*path.glob("lib/python*/site-packages"), path / "Lib" / "site-packages"]
    found = distributions(path=[str(folder) for folder in folders])
    named = ((package.name, package.version) for package in found if package.name)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in named}


def _refusal_of(error: OSError, environment: Environment) -> Refusal:
    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None))
    barred = isinstance(error, PermissionError) or error.errno == errno.EROFS
    if full or barred:
        failure = Failure.SPACE if full else Failure.PERMISSION
        return failure_refusal(failure, environment.go)
    what = f"{error.strerror or error}."
    return Refusal(
        what, str(error.filename or environment.path), f"Fix that, then run: {environment.go}"
    )
