"""What the events of Python's audit hook, and calls seen by name, mean."""

from collections.abc import Sequence
from typing import Any

from nbkata.purity.core import effects
from nbkata.purity.core.effects import Effect
from nbkata.purity.core.findings import Cause

_EVENTS: dict[str, Effect] = {
    "os.listdir": effects.LOOKS,
    "os.scandir": effects.LOOKS,
    "glob.glob": effects.LOOKS,
    "os.walk": effects.LOOKS,
    "os.fwalk": effects.LOOKS,
    "os.remove": Effect(Cause.WRITES, "deletes a file"),
    "os.rename": Effect(Cause.WRITES, "renames a file"),
    "os.mkdir": Effect(Cause.WRITES, "makes a folder"),
    "os.rmdir": Effect(Cause.WRITES, "removes a folder"),
    "os.link": effects.WRITES,
    "os.symlink": effects.WRITES,
    "os.truncate": effects.WRITES,
    "os.utime": effects.WRITES,
    "os.chmod": effects.WRITES,
    "os.chown": effects.WRITES,
    "os.chdir": effects.SETTINGS,
    "os.putenv": Effect(Cause.SETTINGS, "changes the environment"),
    "os.unsetenv": Effect(Cause.SETTINGS, "changes the environment"),
    "os.system": effects.PROCESS,
    "os.exec": effects.PROCESS,
    "os.fork": effects.PROCESS,
    "os.forkpty": effects.PROCESS,
    "os.posix_spawn": effects.PROCESS,
    "os.spawn": effects.PROCESS,
    "os.startfile": effects.PROCESS,
    "os.kill": effects.PROCESS,
    "subprocess.Popen": effects.PROCESS,
    "webbrowser.open": effects.PROCESS,
    "builtins.input": effects.ASKS,
    "time.sleep": effects.SLEEPS,
    "sqlite3.connect": effects.DATABASE,
    "urllib.Request": effects.NETWORK,
    "http.client.connect": effects.NETWORK,
    "http.client.send": effects.NETWORK,
    "socket.connect": effects.NETWORK,
    "socket.bind": effects.NETWORK,
    "socket.sendto": effects.NETWORK,
    "socket.sendmsg": effects.NETWORK,
    "socket.getaddrinfo": effects.NETWORK,
    "socket.gethostbyname": effects.NETWORK,
    "socket.gethostname": effects.ENVIRONMENT,
    "ftplib.connect": effects.NETWORK,
    "smtplib.connect": effects.NETWORK,
}
_HARMLESS = frozenset([Cause.READS, Cause.CLOCK, Cause.ENVIRONMENT])
"""May happen again in a second call; everything else is stopped before it happens."""
_WRITE_FLAGS = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC on Linux
_BY_NAME = frozenset([Cause.CLOCK, Cause.ENVIRONMENT, Cause.DRAWS, Cause.SETTINGS])
_PATH_LOOKS = effects.PATH_LOOKS | {"exists", "stat", "lstat", "samefile"}


def event_effect(event: str, arguments: Sequence[Any]) -> Effect | None:
    """What an audit event means; nothing for those that Python raises for its own ends."""
    if event == "open":
        return _opening(arguments)
    if event.startswith("shutil."):
        return effects.WRITES
    if event.startswith("tempfile."):
        return effects.WRITES
    return _EVENTS.get(event)


def _opening(arguments: Sequence[Any]) -> Effect | None:
    path, mode, flags = (*arguments, None, None, None)[:3]
    if isinstance(path, int):
        return None  # a descriptor that was open before
    writes = (
        bool(set(mode) & set("wax+"))
        if isinstance(mode, str)
        else bool((flags or 0) & _WRITE_FLAGS)
    )
    return effects.WRITES if writes else effects.READS


def must_be_stopped(effect: Effect) -> bool:
    """Whether the effect would leave traces in the world."""
    return effect.cause not in _HARMLESS or effect is effects.SLEEPS


def shown_event(effect: Effect, event: str, arguments: Sequence[Any]) -> str:
    """The phrase for a message, with the file where there is one."""
    first = arguments[0] if arguments else None
    if isinstance(first, bytes):
        first = first.decode("utf-8", "replace")
    if isinstance(first, str) and event.startswith(("open", "os.", "shutil.", "sqlite3.")):
        return f"{effect.phrase}: {first}"
    return f"{effect.phrase} ({event})"


def named_call_effect(module: str, name: str) -> Effect | None:
    """What a function called by project code does, where no audit event would tell."""
    full = f"{module}.{name}"
    if module == "os" and name.startswith("_Environ."):
        return effects.SETTINGS if "set" in name or "del" in name else effects.ENVIRONMENT
    if module.startswith("pathlib") and name.rpartition(".")[2] in _PATH_LOOKS:
        return effects.LOOKS
    if full in ("posix.stat", "posix.lstat", "posix.access", "nt.stat", "nt.lstat", "nt.access"):
        return effects.LOOKS
    if full.startswith(("genericpath.", "posixpath.", "ntpath.")):
        return effects.effect_of_name(f"os.path.{name}")
    if full in ("posix.getcwd", "posix.getpid", "posix.urandom", "nt.getcwd", "nt.getpid"):
        return effects.effect_of_name(f"os.{name}")
    if module == "logging" and name.startswith(("Logger.", "LoggerAdapter.")):
        return effects.LOGS if name.rpartition(".")[2] in effects.LOG_METHODS else None
    if module == "logging":
        return effects.LOGS if name in effects.LOG_METHODS else None
    if module == "uuid" and name in ("uuid1", "uuid4"):
        return effects.NEW_ID
    if module == "warnings":
        return None  # catch_warnings may contain it: whether the filters changed will tell
    effect = effects.effect_of_name(full)
    return effect if effect is not None and effect.cause in _BY_NAME else None
