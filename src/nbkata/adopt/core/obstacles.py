"""What keeps a notebook from running here: the kind, the place, and the command that helps."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nbkata.adopt.core.needs import Reach, install_command
from nbkata.adopt.core.paths import PathUse
from nbkata.notebook.core.run import Stopped, StopReason


class Obstacle(StrEnum):
    """Why a notebook cannot run."""

    PACKAGE = "missing package"
    OUTDATED = "changed library"
    DATA = "missing data"
    KERNEL = "other kernel"
    PYTHON2 = "Python 2"
    NETWORK = "network"
    INPUT = "asks for input"
    SECRET = "secret"
    GPU = "graphics card"
    RAISES = "cell raises"
    TIME = "time limit"
    MEMORY = "memory"
    OUTPUT = "too much output"
    DIED = "kernel died"
    EMPTY = "no code"
    SYNTAX = "not Python"


@dataclass(frozen=True, slots=True)
class Blocked:
    """One obstacle at its place."""

    kind: Obstacle
    what: str
    """One sentence, without the place."""
    command: str
    """What to do: a command or one sentence."""
    cell: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = "" if self.cell is None else f"cell {self.cell}"
        place += f", line {self.line}" if self.cell is not None and self.line else ""
        return f"{place}: {self.what}" if place else self.what

    def as_json(self) -> dict[str, object]:
        """One entry of the document's ``checklist``."""
        return {
            "kind": self.kind.value,
            "cell": self.cell,
            "line": self.line,
            "what": self.what,
            "command": self.command,
        }


def missing_package(module: str, top_is_there: bool, cell: int, line: int | None) -> Blocked:
    """For a module that cannot be imported."""
    top = module.partition(".")[0]
    if top in ("google", "kaggle_secrets", "kaggle_datasets", "dbutils", "pyspark.dbutils"):
        what = f"{module} exists only where the notebook comes from (Colab, Kaggle)."
        return Blocked(
            Obstacle.PACKAGE, what, "Take its lines out, or give what they load here.", cell, line
        )
    if top_is_there:
        what = f"the installed {top} has no module {module} (any more)."
        help_ = f"Look up in the notes of {top} where it went, and change the import."
        return Blocked(Obstacle.OUTDATED, what, help_, cell, line)
    what = f"the package {top} is not installed (no module named {module!r})."
    command = install_command(module)
    return Blocked(
        Obstacle.PACKAGE,
        what,
        f"{command}   (or, if {top}.py is yours: --data {top}.py)",
        cell,
        line,
    )


def missing_data(use: PathUse) -> Blocked:
    """For a file that is read and not there."""
    return _no_data(use.text, use.cell, use.line)


def _no_data(path: str, cell: int | None, line: int | None) -> Blocked:
    name = re.split(r"[\\/]", path.rstrip("\\/"))[-1] or path
    what = f"the data file {path} is not there."
    return Blocked(Obstacle.DATA, what, f"Give it: --data PATH/{name}", cell, line)


def python2(cell: int, line: int | None) -> Blocked:
    """For a cell of the old language."""
    what = "this is Python 2, which no supported kernel runs."
    help_ = "Convert it first: 2to3 --nobackups -w on the .py file that adopt wrote (Python 3.11 and 3.12 have 2to3)."
    return Blocked(Obstacle.PYTHON2, what, help_, cell, line)


def foreign_cell(language: str, cell: int) -> Blocked:
    """For a cell in a language that Python does not run."""
    what = f"the cell is {language}, which a Python script cannot hold."
    return Blocked(
        Obstacle.KERNEL, what, "Write it in Python, or read its result from a file.", cell
    )


def stopped_by(
    stopped: Stopped, reaches: Sequence[Reach] = (), top_is_there: bool = False
) -> Blocked:
    """What a run's end says; ``top_is_there``: whether a missing module's package is installed."""
    cell, line = stopped.cell, stopped.line
    if stopped.reason is StopReason.TIMED_OUT:
        what = f"the cell did not end within {stopped.timeout_s} s."
        return Blocked(
            Obstacle.TIME,
            what,
            "Give it more time (--timeout SECONDS) or fewer rows (--sample-rows N).",
            cell,
        )
    if stopped.reason is StopReason.KERNEL_DIED:
        what = "the kernel died here: out of memory, or the code ended it."
        return Blocked(
            Obstacle.DIED,
            what,
            "Try fewer rows: --sample-rows 1000. Or more memory: --memory GB.",
            cell,
        )
    if stopped.reason is StopReason.TOO_MUCH_OUTPUT:
        what = f"the cell printed more than {stopped.detail}."
        return Blocked(Obstacle.OUTPUT, what, "Print less in it, then adopt again.", cell)
    if stopped.reason is StopReason.NO_KERNEL:
        what = f"no Python kernel could be started ({stopped.detail})."
        return Blocked(Obstacle.DIED, what, "python -m pip install ipykernel")
    kind, _, message = stopped.detail.partition(": ")
    message = message.strip()
    here = [reach for reach in reaches if reach.cell == cell]
    blocked = _raised(kind, message, cell, line, here, top_is_there)
    return blocked or Blocked(
        Obstacle.RAISES,
        f"{kind}: {_short(message)}".rstrip(": "),
        "Fix the cell, then adopt again.",
        cell,
        line,
    )


def _raised(
    kind: str,
    message: str,
    cell: int | None,
    line: int | None,
    here: Sequence[Reach],
    top_is_there: bool,
) -> Blocked | None:
    place = cell if cell is not None else 0
    module = re.search(r"No module named '?([\w.]+)", message)
    if kind in ("ModuleNotFoundError", "ImportError") and module:
        return missing_package(module[1], top_is_there, place, line)
    wanted = _PACKAGE_WANTED.search(message)
    if kind in ("ImportError", "ModuleNotFoundError") and wanted:
        name = next(group for group in wanted.groups() if group)
        return missing_package(name, False, place, line)
    if kind == "ImportError" or _OUTDATED.match(f"{kind}: {message}"):
        return Blocked(
            Obstacle.OUTDATED,
            f"{kind}: {_short(message)}",
            "The installed library may be newer than the notebook: look up its notes, and change the line.",
            cell,
            line,
        )
    if kind in _NETWORK_ERRORS or _NETWORK_MESSAGES.search(message):
        call = next((f" ({reach.shown})" for reach in here if reach.what == "network"), "")
        what = f"it wants the network{call}: {kind}."
        return Blocked(
            Obstacle.NETWORK,
            what,
            "Keep the file in the data folder and read it from there: --data PATH",
            cell,
            line,
        )
    if (
        kind in ("FileNotFoundError", "NotADirectoryError")
        or "No such file or directory" in message
    ):
        path = re.search(r"""['"]([^'"]+)['"]\s*$|:\s*'([^']+)'|['"]([^'"]+)['"]""", message)
        name = next((group for group in path.groups() if group), "") if path else ""
        return _no_data(name, cell, line) if name else None
    if kind == "StdinNotImplementedError":
        secret = any(reach.what == "secret" for reach in here)
        if secret:
            return Blocked(
                Obstacle.SECRET,
                "it asks for a password or key.",
                "Read it from an environment variable instead.",
                cell,
                line,
            )
        return Blocked(
            Obstacle.INPUT,
            "it asks for input(), and nobody is there to answer.",
            "Write the answer into the cell, then adopt again.",
            cell,
            line,
        )
    if kind == "KeyError" and any(reach.what == "secret" for reach in here):
        name = message.strip("'")
        return Blocked(
            Obstacle.SECRET,
            f"it wants the secret {message} from the environment.",
            f"Set {name}, and NBKATA_PASS to {name}, which hands it to the notebook.",
            cell,
            line,
        )
    if kind in ("MemoryError", "_ArrayMemoryError", "OutOfMemoryError"):
        return Blocked(
            Obstacle.MEMORY,
            f"there is not enough memory ({_short(message) or kind}).",
            "Try fewer rows: --sample-rows 1000. Or more memory: --memory GB.",
            cell,
            line,
        )
    if re.search(r"\bCUDA\b|\bcuda\b|\bGPU\b|NVIDIA", message):
        return Blocked(
            Obstacle.GPU,
            f"it wants a graphics card ({_short(message)}).",
            "Run it on the processor: device 'cpu'.",
            cell,
            line,
        )
    if kind in ("SyntaxError", "IndentationError", "TabError"):
        return Blocked(
            Obstacle.SYNTAX,
            f"{kind}: {_short(message)}",
            "Fix the cell, then adopt again.",
            cell,
            line,
        )
    return None


_PACKAGE_WANTED = re.compile(
    r"(?:[Mm]issing optional dependency|`Import) '?(\w+)'?|requires? (?:the )?'?(\w+)'? (?:package )?to be installed"
    r"|[Ii]nstall '?(\w+)'? (?:to|for)|pip install (\w+)"
    r"|['`\"]?\b(?!it\b|which\b|that\b|package\b|library\b|module\b|dependency\b)(\w+)['`\"]?"
    r" (?:package |library )?(?:must be|needs to be|is not) installed"
)
_OUTDATED = re.compile(
    r"AttributeError: (module '|(type object )?'(DataFrame|Series|\w*Index|\w*GroupBy|ndarray|Axes\w*|Figure)')"
    r"|\w+Error: [\w.]+\(\) got an unexpected keyword argument"
    r"|TypeError: \w+\.\w+\(\) takes (from )?\d+ .*positional arguments? but"
    r"|ValueError: Invalid frequency: "
)
"""What is said where a call was right for another version of a library."""
_NETWORK_ERRORS = {"URLError", "HTTPError", "ConnectionError", "ConnectTimeout", "SSLError", "gaierror",
                   "ConnectionRefusedError", "ProxyError", "RemoteDisconnected", "ReadTimeout", "ConnectError"}  # fmt: skip
_NETWORK_MESSAGES = re.compile(
    r"urlopen error|Max retries exceeded|name resolution|Name or service not known|getaddrinfo|Network is unreachable"
    r"|Failed to (resolve|establish)|Connection refused|couldn't connect|Please use the NLTK Downloader|nltk\.download"
)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else line[:159] + "…"


def in_order(found: Iterable[Blocked]) -> tuple[Blocked, ...]:
    """By cell, each once."""
    unique: dict[tuple[Obstacle, object], Blocked] = {}
    for item in found:
        same: object = item.command if item.kind is Obstacle.PACKAGE else item.what
        unique.setdefault((item.kind, item.cell if item.kind is Obstacle.INPUT else same), item)
    return tuple(
        sorted(
            unique.values(),
            key=lambda item: (item.cell if item.cell is not None else -1, item.line or 0),
        )
    )
