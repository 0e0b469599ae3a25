"""What a sandbox shows of this machine: the system, the kit, Python, and what is asked for."""

import os
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from nbkata.child.core.confined import HOME, SYSTEM, Confined
from nbkata.child.shell.environ import child_environment


def confine(
    command: Sequence[str],
    readable: Mapping[str, str] | None,
    writable: Sequence[str],
    environment: Mapping[str, str] | None,
    folder: str,
) -> Confined:
    """Return the command with what it sees; variables that lead elsewhere are left out."""
    variables = {**child_environment(), **(environment or {})}
    for name in ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "NBKATA_CACHE", "NBKATA_WARM"):
        if not any(Path(variables.get(name, "")).is_relative_to(place) for place in writable):
            variables.pop(name, None)
    variables.pop("NBKATA_SANDBOX", None)
    seen = {**{place: place for place in (*SYSTEM, *kit_places())}, **fonts(), **(readable or {})}
    return Confined(command, folder, {"HOME": HOME, **variables}, seen, writable, ())


def kit_places() -> tuple[str, ...]:
    """The kit's folder, and those of Python and its libraries."""
    own = Path(__file__).resolve().parents[4]
    is_clone = (own / "exercises").is_dir() or (own / "pyproject.toml").is_file()
    places = [sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)]
    places += [sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")]
    places += [str(own)] if is_clone else []
    places += [os.environ[name] for name in ("NBKATA_KIT",) if name in os.environ]
    return tuple(dict.fromkeys(os.path.abspath(place) for place in places))


def answers() -> list[str]:
    """The kit's solutions and golden records: whoever can read them can give them back."""
    roots = [place for place in kit_places() if not place.startswith(sys.base_prefix)]
    roots.append(str(Path(__file__).resolve().parents[2] / "kit"))
    found = [Path(root, name) for root in roots for name in ("exercises", "solutions")]
    return [str(place) for place in found if place.is_dir()]


@cache
def fonts() -> dict[str, str]:
    """Matplotlib's list of fonts, which takes it seconds to make: where it will look for it, and it."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    return {f"{HOME}/.cache/matplotlib/{path.name}": str(path) for path in home.glob("fontlist*")}
