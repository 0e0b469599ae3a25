"""What the events of Python's audit hook, and calls seen by name, mean."""

from collections.abc import Sequence
from typing import Any

from nbkata.purity.core import effects
from nbkata.purity.core.effects import Effect, by_name
from nbkata.purity.core.findings import Cause

_EVENTS = by_name(
    (effects.LOOKS, "os.listdir os.scandir glob.glob os.walk os.fwalk"),
    (Effect(Cause.WRITES, "deletes a file"), "os.remove"),
    (Effect(Cause.WRITES, "renames a file"), "os.rename"),
    (Effect(Cause.WRITES, "makes a folder"), "os.mkdir"),
    (Effect(Cause.WRITES, "removes a folder"), "os.rmdir"),
    (effects.WRITES, "os.link os.symlink os.truncate os.utime os.chmod os.chown"),
    (effects.SETTINGS, "os.chdir"),
    (Effect(Cause.SETTINGS, "changes the environment"), "os.putenv os.unsetenv"),
    (
        effects.PROCESS,
        """os.system os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile os.kill
        subprocess.Popen webbrowser.open""",
    ),
    (effects.ASKS, "builtins.input"),
    (effects.SLEEPS, "time.sleep"),
    (effects.DATABASE, "sqlite3.connect"),
    (effects.ENVIRONMENT, "socket.gethostname"),
    (
        effects.NETWORK,
        """urllib.Request http.client.connect http.client.send socket.connect socket.bind
        socket.sendto socket.sendmsg socket.getaddrinfo socket.gethostbyname ftplib.connect
        smtplib.connect""",
    ),
)
# May happen again in a second call; everything else is stopped before it happens.
_HARMLESS = frozenset([Cause.READS, Cause.CLOCK, Cause.ENVIRONMENT])
_WRITE_FLAGS = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC on Linux
_BY_NAME = frozenset([Cause.CLOCK, Cause.ENVIRONMENT, Cause.DRAWS, Cause.SETTINGS])
_PATH_LOOKS = {name for name, effect in effects.PATH_METHODS.items() if effect is effects.LOOKS}
_PATH_LOOKS |= {"exists", "stat", "lstat", "samefile"}


def event_effect(event: str, arguments: Sequence[Any]) -> Effect | None:
    """What an audit event means; nothing for those that Python raises for its own ends."""
    if event == "open":
        return _opening(arguments)
    if event.startswith(("shutil.", "tempfile.")):
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
    """The phrase for a message, with the file if there is one."""
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
