"""A sandbox for other people's code, by bubblewrap: no network, no files but the system's and the kit's.

There are two. The outer one holds the check of a workspace as a whole, the kit's own processes with it:
whatever they read comes from strangers. In it, each process that runs the learner's code is in an inner
one, in which it sees neither the others' files nor their processes: what it may write is its own folder
and the answer that it was asked for. So verdicts are formed outside of the sandbox in which the code runs,
and out of the outer one comes a JSON document alone.

Bubblewrap does not bound how many processes there are and what they take together. A cgroup does, where
one can be made, and the limit on a user's processes does where that user is not root.
"""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.interpreter import project_python
from nbkata.common.core.refusal import Refusal

# The variable that is set in the outer sandbox, to the folder that is checked once there is one; and
# in `apart`.
INSIDE = "NBKATA_SANDBOX"
PROCESSES = 256
MEMORY_GB = 4.0
# Of it, for one process: so that code that takes too much learns of it, before the system ends something.
MEMORY_SHARE = 0.75
# Of the folder for temporary files, which is memory: the copy of the workspace and its copies are in it.
FOLDER_GB = 1
# What programs need of the system; the rest of /etc, with its passwords and keys, is not there.
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives"),
    *("/etc/localtime", "/etc/timezone", "/etc/fonts", "/etc/mime.types"),
)
_ISOLATED = ("--unshare-all", "--unshare-user", "--die-with-parent", "--new-session")
# As the first arguments of sh; a shell calls the number of processes -p or -u.
_ENTER = (
    'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"'
)
_BOUND = (
    f"{{ ulimit -p {PROCESSES} 2>/dev/null || ulimit -u {PROCESSES}; }} &&"
    f' ulimit -d {int(MEMORY_GB * MEMORY_SHARE * 1024**2)} || exit 125; exec "$@"'
)
HOME = "/tmp"


@cache
def sandbox_problem() -> Refusal | None:
    """Why there is no sandbox here, tried once; None if there is one."""
    install = "Install bubblewrap (apt install bubblewrap)."
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return Refusal("there is no sandbox here for other people's code.", "", install)
    with cgroups() as groups:
        if os.getuid() == 0 and not groups:
            what = "as root, and without cgroups, nothing bounds how many processes code starts."
            return Refusal(what, "", "Run this as another user.")
        nested = ("bwrap", *_inner_options("/", ()), "true")  # as it is made for the learner's code
        command = outer(nested, groups=groups)
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        return None
    why = (tried.stderr.strip().splitlines() or [f"exit code {tried.returncode}"])[-1]
    what = f"bubblewrap cannot make a sandbox here ({why})."
    return Refusal(what, "", "Allow user namespaces.")


def outer(
    command: Sequence[str],
    *,
    readable: Mapping[str, str] | None = None,
    writable: Sequence[Path] = (),
    groups: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    folder: str = HOME,
    inside: str = "",
) -> list[str]:
    """Return the command that runs ``command`` in the outer sandbox.

    ``readable`` says what else is there, by path in it; ``groups`` are the cgroups to be in; ``inside``
    is a folder to check, which is there, empty.
    """
    variables = {**child_environment(), **(environment or {})}
    for name in ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "NBKATA_CACHE", "NBKATA_WARM"):
        if not any(Path(variables.get(name, "")).is_relative_to(place) for place in writable):
            variables.pop(name, None)
    variables = {"HOME": HOME, **variables, INSIDE: inside}
    enter = ["/bin/sh", "-c", _ENTER, "sh", *map(str, groups), "--"] if groups else []
    seen = {**{place: place for place in (*SYSTEM, *_kit())}, **_fonts(), **(readable or {})}
    return [
        *enter,
        *("bwrap", *_ISOLATED, "--clearenv"),
        *(word for pair in variables.items() for word in ("--setenv", *pair)),
        *("--dev", "/dev", "--proc", "/proc", *_folders()),
        *(word for at, place in seen.items() for word in ("--ro-bind-try", place, at)),
        *(word for place in writable for word in ("--bind", str(place), str(place))),
        *(("--size", _size(), "--tmpfs", inside) if inside else ()),
        *("--chdir", folder, "--", "/bin/sh", "-c", _BOUND, "sh", *command),
    ]


def inner(
    command: Sequence[str],
    folder: Path,
    writable: Sequence[Path | str] = (),
    environment: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the command for the learner's code: in a sandbox of its own if this is in the outer one,
    or in `apart`.
    """
    inside = os.environ.get(INSIDE)
    if inside is None:
        return list(command)
    if not inside.startswith(APART):
        return ["bwrap", *_inner_options(str(folder), writable), "--", *command]
    places = [Path(os.path.realpath(place)) for place in (folder, *writable)]
    variables = environment or {}
    theirs = project_python()
    seen = [*variables.get("PYTHONPATH", "").split(os.pathsep)]
    seen += [theirs.prefix, str(Path(os.path.realpath(theirs.path)).parents[1])] if theirs else []
    return outer(
        ("env", "-u", INSIDE, "JPY_PARENT_PID=1", *command),
        readable={place: place for place in seen if place},
        writable=places,
        groups=[Path(place) for place in inside.removeprefix(APART).split(":") if place],
        environment=variables,
        folder=str(places[0]),
    )


def run_again(workspace: Path, arguments: Sequence[str]) -> int:
    """Run a command of the kit's in the outer sandbox, on a copy in the workspace's place; its exit code.

    The copy is gone afterwards. Links are copied as links, and lead nowhere.
    """
    at = str(workspace.resolve())
    copied = ("/bin/sh", "-c", f'cp -RP {_ORIGINAL}/. "$0" && exec "$@"', at)
    with cgroups() as groups:
        command = outer(
            (*copied, sys.executable, "-m", "nbkata", *arguments),
            readable={_ORIGINAL: at},
            groups=groups,
            folder=at,
            inside=at,
        )
        return subprocess.call(command, stdin=subprocess.DEVNULL)


_ORIGINAL = f"{HOME}/original"


@contextmanager
def apart(memory_gb: float = MEMORY_GB) -> Iterator[None]:
    """While the block lasts, each process of other people's code that this one starts is in a sandbox.

    There is no outer one: what these processes leave is read by this one, as files that hold data.
    """
    with cgroups(memory_gb) as groups:
        os.environ[INSIDE] = APART + ":".join(map(str, groups))
        try:
            yield
        finally:
            os.environ.pop(INSIDE)


APART = "apart:"


def _inner_options(folder: str, writable: Sequence[Path | str]) -> list[str]:
    folder, checked = os.path.realpath(folder), os.environ.get(INSIDE)
    is_in = checked and os.path.commonpath((folder, checked)) == checked
    asked = map(str, (checked if is_in else folder, *writable))
    places = [place for place in asked if place not in ("/", HOME)]
    return [
        *(*_ISOLATED, "--disable-userns", "--ro-bind", "/", "/", "--dev", "/dev"),
        *("--ro-bind", "/proc", "/proc", *_folders()),  # a new one cannot be mounted in here
        *(word for at in (*_fonts(), *_kit()) for word in ("--ro-bind-try", at, at)),
        *(word for at in _answers() for word in ("--tmpfs", at)),
        *(word for place in places for word in ("--bind", place, place)),
        *("--setenv", "JPY_PARENT_PID", "1"),  # a kernel would miss its parent, which it cannot see
        *("--unsetenv", INSIDE, "--chdir", folder),
    ]


def _folders() -> tuple[str, ...]:
    return ("--size", _size(), "--tmpfs", HOME, "--size", _size(), "--tmpfs", "/dev/shm")


def _size() -> str:
    return str(int(FOLDER_GB * 1024**3))


def _kit() -> tuple[str, ...]:
    """The kit's folder, and those of Python and its libraries."""
    own = Path(__file__).resolve().parents[4]
    is_clone = (own / "exercises").is_dir() or (own / "pyproject.toml").is_file()
    places = [sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)]
    places += [sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")]
    places += [str(own)] if is_clone else []
    places += [os.environ[name] for name in ("NBKATA_KIT",) if name in os.environ]
    return tuple(dict.fromkeys(os.path.abspath(place) for place in places))


def _answers() -> list[str]:
    """The kit's solutions and golden records: whoever can read them can give them back."""
    roots = [place for place in _kit() if not place.startswith(sys.base_prefix)]
    roots.append(str(Path(__file__).resolve().parents[2] / "kit"))
    found = [Path(root, name) for root in roots for name in ("exercises", "solutions")]
    return [str(place) for place in found if place.is_dir()]


@cache
def _fonts() -> dict[str, str]:
    """Matplotlib's list of fonts, which takes it seconds to make: where it will look for it, and it."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    return {f"{HOME}/.cache/matplotlib/{path.name}": str(path) for path in home.glob("fontlist*")}


@contextmanager
def cgroups(memory_gb: float = MEMORY_GB) -> Iterator[list[Path]]:
    """Make the groups that bound a sandbox's processes and memory, if this process may; end them after."""
    made: list[Path] = []
    try:
        for parent, limits in _parents(memory_gb).items():
            _sweep(parent)
            place = Path(parent, f"nbkata-{os.getpid()}-{os.urandom(4).hex()}")
            with suppress(OSError):
                place.mkdir()
                made.append(place)
                for name, value in limits.items():
                    (place / name).write_text(str(value), encoding="ascii")
                continue
            made = made and [one for one in made if one != place]
        yield made
    finally:
        for place in made:
            _remove(place)


def ran_out_of_memory(groups: Sequence[Path]) -> bool:
    """Whether the system ended a process of these groups because they took more than they may."""
    for place in groups:
        for name in ("memory.events", "memory.oom_control"):
            with suppress(OSError, ValueError):
                words = (place / name).read_text(encoding="ascii").split()
                if int(words[words.index("oom_kill") + 1]):
                    return True
    return False


def _parents(memory_gb: float) -> dict[Path, dict[str, int]]:
    """The groups in which this process is, with what to write into one below."""
    if sys.platform != "linux":
        return {}
    most = int(memory_gb * 1024**3)
    root, found = Path("/sys/fs/cgroup"), {}
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines():
            _, kinds, path = line.split(":", 2)
            for kind in kinds.split(","):
                place = root / kind / path.lstrip("/")
                place = (
                    place if place.is_dir() else root / kind
                )  # a container sees its own as the root
                if kind == "pids":
                    found[place] = {"pids.max": PROCESSES}
                elif kind == "memory":
                    found[place] = {"memory.limit_in_bytes": most}
                elif not kind and (root / "cgroup.controllers").is_file():
                    found[root / path.lstrip("/")] = {"pids.max": PROCESSES, "memory.max": most}
    return {place: limits for place, limits in found.items() if os.access(place, os.W_OK)}


def _sweep(parent: Path) -> None:
    """Remove the groups that a killed process left; those with processes in them stay."""
    for place in parent.glob("nbkata-*-*"):
        if not Path("/proc", place.name.split("-")[1]).exists():
            with suppress(OSError):
                place.rmdir()


def _remove(place: Path) -> None:
    """Remove a group once its processes are gone; they have been killed."""
    for _ in range(ROUNDS):
        try:
            place.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            _kill_all(place)


ROUNDS = 100


def _kill_all(place: Path) -> None:
    if sys.platform == "win32":
        raise OSError("there are no cgroups")
    with suppress(OSError, ValueError):
        for number in (place / "cgroup.procs").read_text(encoding="ascii").split():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(int(number), signal.SIGKILL)
    time.sleep(0.02)
