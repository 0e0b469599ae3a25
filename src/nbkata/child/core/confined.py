"""What a sandbox lets a command see, write and take, and how bubblewrap, podman and Docker say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PROCESSES = 256
MEMORY_GB = 4.0
# Of it, for one process: so that code that takes too much learns of it, before the system ends something.
MEMORY_SHARE = 0.75
# Of each folder that is memory: the copy of the workspace and its copies are in one.
FOLDER_GB = 1
FILES = 1024
HOME = "/tmp"  # pylint: disable=hard-coded-path # of the sandbox, not of a machine
SHARED = "/dev/shm"
# What programs need of the system; the rest of /etc, with its passwords and keys, is not there.
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives"),
    *("/etc/localtime", "/etc/timezone", "/etc/fonts", "/etc/mime.types"),
)
ISOLATED = ("--unshare-all", "--unshare-user", "--die-with-parent", "--new-session")
# As the first arguments of sh; a shell calls the number of processes -p or -u.
_BOUND = (
    f"{{ ulimit -p {PROCESSES} 2>/dev/null || ulimit -u {PROCESSES}; }} &&"
    f' ulimit -d {int(MEMORY_GB * MEMORY_SHARE * 1024**2)} || exit 125; exec "$@"'
)
# What podman and Docker end with if there is no container.
NOT_MADE = 125
# An image without a file in it: all that a container sees is given to it.
IMAGE = "nbkata-empty"
LABEL = "nbkata"
# The engine's program is killed, or ends, and with this shell the line that the container's first
# process listens to.
_HOLD = 'mkfifo -m 600 "$0" && exec 9<>"$0" || exit 125; "$@" 9<&-; code=$?; rm -f "$0"; exit $code'


@dataclass(frozen=True, slots=True)
class Confined:
    """A command, and all that it has: nothing else of the machine is there, and no network."""

    command: Sequence[str]
    folder: str  # that it begins in
    variables: Mapping[str, str]
    readable: Mapping[str, str]  # what is there, by path in the sandbox
    writable: Sequence[str]
    empty: Sequence[str]  # folders in which it finds nothing, and may write in memory
    memory_gb: float = MEMORY_GB

    @property
    def bound(self) -> list[str]:
        """The command, with the limits that each process has."""
        return ["/bin/sh", "-c", _BOUND, "sh", *self.command]


def by_bubblewrap(confined: Confined) -> list[str]:
    """Return the command that runs it in bubblewrap's sandbox."""
    return [
        *("bwrap", *ISOLATED, "--clearenv"),
        *(word for pair in confined.variables.items() for word in ("--setenv", *pair)),
        *("--dev", "/dev", "--proc", "/proc", *in_memory(HOME, SHARED)),
        *(word for at, place in confined.readable.items() for word in ("--ro-bind-try", place, at)),
        *(word for place in confined.writable for word in ("--bind", place, place)),
        *in_memory(*confined.empty),
        *("--chdir", confined.folder, "--", *confined.bound),
    ]


def in_memory(*places: str) -> list[str]:
    """Bubblewrap's words for folders in memory."""
    return [word for at in places for word in ("--size", str(_size()), "--tmpfs", at)]


def by_container(
    engine: Sequence[str],
    confined: Confined,
    user: str,
    line: str,
    holder: Sequence[str],
    mark: str = "",
) -> list[str]:
    """Return the command that runs it in a container of podman or Docker, as a user (``UID:GID``).

    ``holder`` runs a command as the container's first process, and ends with whoever holds the other
    end of ``line``, a path that is there for both: a container is no child of the program that asks
    for it. ``readable`` names files and folders that exist; ``mark`` is what `marked` finds it by.
    """
    own = ("--read-only-tmpfs=false",) if engine[0] == "podman" else ()
    keep = ("--userns=keep-id",) if engine[0] == "podman" and user != "0:0" else ()
    memory = str(int(confined.memory_gb * 1024**3))
    return [
        *("/bin/sh", "-c", _HOLD, line, *engine, "run", "--rm", "--interactive"),
        *("--label", f"{LABEL}={mark}", "--network", "none", "--read-only"),
        *("--cap-drop", "ALL", *own, *keep),
        *("--security-opt", "no-new-privileges", "--user", user, "--log-driver", "none"),
        *("--pids-limit", str(PROCESSES), "--memory", memory, "--shm-size", str(_size())),
        *("--ulimit", f"nofile={FILES}:{FILES}", "--ulimit", f"nproc={PROCESSES}:{PROCESSES}"),
        *(word for pair in confined.variables.items() for word in ("--env", "=".join(pair))),
        *(word for at in (HOME, *confined.empty) for word in ("--tmpfs", _tmpfs(at, engine[0]))),
        *(w for at, place in confined.readable.items() for w in _mount(place, at, "readonly")),
        *(word for place in confined.writable for word in _mount(place, place)),
        *("--workdir", confined.folder, "--pull", "never", IMAGE),
        *(*holder, line, *confined.bound),
    ]


def marked(mark: str) -> tuple[str, ...]:
    """Return the engine's words that list the containers with this mark, ended or not."""
    return ("ps", "--all", "--quiet", "--filter", f"label={LABEL}={mark}")


def _tmpfs(at: str, engine: str) -> str:
    empty = ",notmpcopyup" if engine == "podman" else ""  # it would hold a copy of what it covers
    return f"{at}:rw,exec,nosuid,nodev,mode=1777,size={_size()}{empty}"


def _mount(place: str, at: str, *options: str) -> tuple[str, str]:
    """Without what is mounted below it, which these engines would let be written."""
    fields = ("type=bind", f"source={place}", f"target={at}", "bind-nonrecursive=true", *options)
    return "--mount", ",".join(f'"{one}"' if "," in one else one for one in fields)


def _size() -> int:
    return int(FOLDER_GB * 1024**3)
