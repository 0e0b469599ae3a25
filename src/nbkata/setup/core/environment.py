"""What to do about `.venv`: decided from what is there, and what installers answered.

Standard library only: this runs before anything is installed.
"""

import json
import re
from dataclasses import asdict, dataclass
from enum import Enum, auto

from nbkata.common.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an environment was made from; written into it last, so a torn set-up has none."""

    python: str  # implementation, version and system: ``cpython-311 linux``
    # The kit's folder. Scripts in an environment name it in full, so a moved one is stale.
    kit: str
    lock: str  # SHA-256 of requirements.lock
    project: str  # SHA-256 of pyproject.toml: it names the kit's commands and plugins

    def as_text(self) -> str:
        """For the stamp file."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"


def stamp_from(text: str) -> Stamp | None:
    """The stamp in a stamp file; None if it is torn or of another kind."""
    try:
        return Stamp(**json.loads(text))
    except (ValueError, TypeError):
        return None


class Occupant(Enum):
    """What is where the environment belongs."""

    # Nothing, or an empty folder.
    FREE = auto()
    VENV = auto()
    # A link to a virtual environment elsewhere, which others may be using.
    LINK = auto()
    # Something that is no virtual environment, so not ours to delete.
    FOREIGN = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """What the shell saw at the place of the environment."""

    place: Occupant
    has_python: bool = False
    stamp: Stamp | None = None
    is_ours: bool = True  # whether `go` began to make it; an editor may have been first


@dataclass(frozen=True, slots=True)
class Plan:
    """Why and how to make the environment."""

    reason: str
    # Whether to start from a copy of the old one, so that the learner's own packages stay.
    keeps_packages: bool = False


def environment_plan(found: Found, wanted: Stamp, go: str) -> Plan | Refusal | None:
    """Build, rebuild, update or (None) leave alone. ``go`` is how this system calls it."""
    if found.place is Occupant.FREE:
        return Plan("Setting up, once. This takes one or two minutes, on a slow machine ten.")
    if found.place is Occupant.FOREIGN:
        what = "this is not a virtual environment, so it is left as it is."
        return Refusal(what, ".venv", f"Move it away, then run: {go}")
    stale, changed = _why_stale(found, wanted), _what_changed(found.stamp or wanted, wanted)
    if (stale or changed) and found.place is Occupant.LINK:
        what = f"this is a link, and what it leads to cannot be used ({stale or changed})."
        return Refusal(what, ".venv", f"Remove the link, then run: {go}")
    if stale:
        return Plan(f".venv is made anew: {stale}.")
    if changed:
        return Plan(f".venv is updated: {changed}. Packages of your own stay.", keeps_packages=True)
    return None


def _what_changed(stamp: Stamp, wanted: Stamp) -> str:
    if stamp.lock != wanted.lock:
        return "requirements.lock has changed"
    return "pyproject.toml has changed" if stamp.project != wanted.project else ""


def _why_stale(found: Found, wanted: Stamp) -> str:
    if found.stamp is None:
        ours, other = "an earlier set-up did not finish", "it was made by another program"
        return ours if found.is_ours else other
    if not found.has_python:
        return "the Python it was made with is gone"
    if found.stamp.kit != wanted.kit:
        return "this folder was moved or copied"
    if found.stamp.python != wanted.python:
        return f"it was made by {found.stamp.python}, and this is {wanted.python}"
    return ""


class Installer(Enum):
    """What installs packages: uv if it is present, as it is faster; else pip."""

    UV = "uv"
    PIP = "pip"


def lock_command(installer: Installer, tool: str, python: str, wheels: str = "") -> tuple[str, ...]:
    """Installs exactly what requirements.lock names, each file checked against its hash.

    ``tool`` is uv's own path, ``python`` the environment's; ``wheels`` is the only place to take
    them from, if there is one. Both compile bytecode: imports without it take three times as long,
    on every first start.
    """
    asked = ("--no-deps", "--require-hashes", "-r", "requirements.lock")
    return (*_install(installer, tool, python), *_only_from(wheels), *asked)


def kit_command(installer: Installer, tool: str, python: str, wheels: str = "") -> tuple[str, ...]:
    """Installs the kit itself, editable; its build tools are in the lock, so nothing is fetched."""
    asked = ("--no-deps", "--no-build-isolation", "-e", ".")
    return (*_install(installer, tool, python), *_only_from(wheels), *asked)


def _only_from(wheels: str) -> tuple[str, ...]:
    return ("--no-index", "--find-links", wheels) if wheels else ()


def _install(installer: Installer, tool: str, python: str) -> tuple[str, ...]:
    if installer is Installer.UV:
        return (tool, "pip", "install", "--python", python, "--compile-bytecode")
    quiet = ("--no-input", "--disable-pip-version-check", "--progress-bar", "off")
    return (python, "-I", "-m", "pip", "install", *quiet)


class Failure(Enum):
    """Why an installer failed, with what it writes then (in lower case), and what to say of it.

    An early one wins, as pip ends a lost network by saying that no version matches.
    """

    SPACE = (
        ("no space left on device", "not enough space on the disk", "quota exceeded"),
        "the disk is full.",
        "Free about 1 GB",
    )
    HASH = (
        ("hash mismatch", "do not match the hashes"),
        "a downloaded package is not the one that requirements.lock names; "
        "nothing of it was installed.",
        "Try another network or mirror (PIP_INDEX_URL, UV_DEFAULT_INDEX), and if it stays so "
        "bring requirements.lock back (git checkout requirements.lock)",
    )
    NETWORK = (
        (
            *("failed to fetch", "connection broken", "connection refused", "connection reset"),
            *("newconnectionerror", "dns error", "name or service not known", "timed out"),
            *("max retries exceeded", "temporary failure in name resolution", "proxyerror"),
            *("error sending request", "network connectivity is disabled", "sslerror"),
            "http error",
        ),
        "the package index cannot be reached.",
        "Check the network (a proxy or mirror goes in HTTPS_PROXY, PIP_INDEX_URL)",
    )
    PERMISSION = (
        ("permission denied", "access is denied", "read-only file system"),
        "the system does not let nbkata write here.",
        "Close programs that use this folder, or move it to one of your own",
    )
    NO_PIP = (
        ("ensurepip is not available", "no module named pip", "no module named ensurepip"),
        "this Python has no pip.",
        "Install it (Debian and Ubuntu: sudo apt install python{version}-venv)",
    )
    NO_WHEEL = (
        (
            *("no matching distribution", "no solution found", "has no wheels", "not found in the"),
            *("failed to build", "failed building wheel"),
        ),
        "the package index has no file of {package} for Python {version} ({bits} bits) on this "
        "system.",
        "Use another index (PIP_INDEX_URL; a mirror may lack the file) or another Python{want}",
    )
    UNKNOWN = ((), "the installer failed. The end of .venv/nbkata-setup.log:\n{end}\n", "Fix that")

    def __init__(self, signs: tuple[str, ...], what: str, advice: str) -> None:
        self.signs, self.what, self.advice = signs, what, advice


def failure_in(output: str) -> Failure:
    """Return the kind of failure that an installer's output shows."""
    lowered = output.lower()
    found = (failure for failure in Failure if any(sign in lowered for sign in failure.signs))
    return next(found, Failure.UNKNOWN)


def retry_with_pip(failure: Failure) -> bool:
    """Whether pip may succeed where uv failed: it reads other settings for mirrors and proxies."""
    return failure in (Failure.NETWORK, Failure.NO_WHEEL, Failure.UNKNOWN)


def failure_refusal(
    failure: Failure, go: str, python_version: str = "3", output: str = "", bits: int = 64
) -> Refusal:
    """What went wrong in the set-up, and what to do."""
    places = {
        "package": _missing_package(output),
        "version": python_version,
        "bits": bits,
        "want": " (64 bits)" if bits == 32 else "",
        "end": last_lines(output),
    }
    advice = failure.advice.format(**places)
    return Refusal(failure.what.format(**places), ".venv", f"{advice}, then run: {go}")


def _missing_package(output: str) -> str:
    """In pip's words or in uv's, whose lines may be wrapped."""
    pattern = r"(?:No matching distribution found for|[Yy]ou\s+require)\s+([^\s,]+)"
    named = re.search(pattern, output)
    return named[1] if named else "a package of requirements.lock"


def last_lines(output: str) -> str:
    """Return the end of an installer's output, indented."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-8:])
