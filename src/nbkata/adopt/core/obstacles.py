"""How what keeps a notebook from running is recognised, by a run's end or by the text."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from nbkata.adopt.core.blocked import Blocked, Obstacle
from nbkata.adopt.core.changed_behaviour import CHANGES
from nbkata.adopt.core.fixes import is_mechanical
from nbkata.adopt.core.needs import DISTRIBUTIONS, KNOWN, Reach, install_command
from nbkata.adopt.core.paths import DATA, PathUse, parsed
from nbkata.adopt.core.translate import Translated
from nbkata.dataflow.core.modules import bound_names
from nbkata.notebook.core.run import Stopped, StopReason
from nbkata.smells.core.finding import Finding
from nbkata.smells.core.symbols import Smell


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
    command = f"{install_command(module)}   (or, if {top}.py is yours: --data {top}.py)"
    if top not in KNOWN and top not in DISTRIBUTIONS:
        command = (
            f"If {top}.py is yours: --data {top}.py. Install no package of that name unless you know "
            "that it is the one meant."
        )
    return Blocked(Obstacle.PACKAGE, what, command, cell, line)


def missing_part(module: str, cell: int | None, line: int | None) -> Blocked:
    """For a module that a package of the author's own does not hold."""
    top = module.partition(".")[0]
    what = f"{top} is the notebook's own, and {module} is not in it."
    return Blocked(Obstacle.PACKAGE, what, f"Add that file to {top}, then adopt again.", cell, line)


def out_of_order(stopped: Stopped, cells: Sequence[Translated]) -> Blocked | None:
    """For a name that only a later cell makes."""
    named = re.match(r"NameError: name '(\w+)' is not defined", stopped.detail)
    name, here = named[1] if named else "", stopped.cell or 0
    for cell in cells if name else ():
        tree = parsed(cell.code)
        if cell.cell > here and tree is not None and name in bound_names(tree.body):
            what = f"{name} is not made yet: cell {cell.cell} makes it, so the cells were run in another order."
            command = f"Move what needs {name} below cell {cell.cell}, then adopt again."
            return Blocked(Obstacle.RAISES, what, command, stopped.cell, stopped.line)
    return None


def missing_data(use: PathUse) -> Blocked:
    """For a file that is read and not there."""
    return _no_data(use.text, use.cell, use.line)


_FOLDERS_OF = (
    (r"\.\./input/|/kaggle/", " (a folder of Kaggle's)"),
    (r"^/content/|/drive/My ?Drive", " (a folder of Colab's)"),
    (r"^(dbfs:)?/(dbfs|FileStore|mnt)/|^dbfs:", " (a folder of Databricks')"),
)


# Where a run has its copy of the workspace.
_OF_A_RUN = re.compile(r"^.*[\\/]nbkata-\w+[\\/](w[\\/])?(workspace[\\/]?)?")


def _no_data(path: str, cell: int | None, line: int | None) -> Blocked:
    path = _OF_A_RUN.sub("", path)
    name = re.split(r"[\\/]", path.rstrip("\\/"))[-1] or path
    home = next((home for sign, home in _FOLDERS_OF if re.search(sign, path)), "")
    what = f"the data file {path} is not there{home}."
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


_LESS = "Try fewer rows: --sample-rows 1000. Or more memory: --memory GB."
_AGAIN = "Fix the cell, then adopt again."
# What ends a run other than an exception, and what to do; in the words, a field of the end.
_ENDINGS = {
    StopReason.TIMED_OUT: (
        Obstacle.TIME,
        "the cell did not end within {timeout_s} s.",
        "Give it more time (--timeout SECONDS) or fewer rows (--sample-rows N).",
    ),
    StopReason.KERNEL_DIED: (
        Obstacle.DIED,
        "the kernel died here: out of memory, or the code ended it.",
        _LESS,
    ),
    StopReason.TOO_MUCH_OUTPUT: (
        Obstacle.OUTPUT,
        "the cell printed more than {detail}.",
        "Print less in it, then adopt again.",
    ),
    StopReason.NO_KERNEL: (
        Obstacle.DIED,
        "no Python kernel could be started ({detail}).",
        "python -m pip install ipykernel",
    ),
}
_NO_MODULE = re.compile(r"No module named '?([\w.]+)")
_PACKAGE_WANTED = re.compile(
    r"(?:[Mm]issing optional dependency|`Import) '?(\w+)'?|requires? (?:the )?'?(\w+)'? (?:package )?to be installed"
    r"|[Ii]nstall '?(\w+)'? (?:to|for)|pip install (\w+)"
    r"|['`\"]?\b(?!it\b|which\b|that\b|package\b|library\b|module\b|dependency\b)(\w+)['`\"]?"
    r" (?:package |library )?(?:must be|needs to be|is not) installed"
)
_NO_FILE = re.compile(
    r"FileNotFoundError: |NotADirectoryError: |.*No such file or directory", re.DOTALL
)
_FILE = re.compile(r"""['"]([^'"]+)['"]\s*$|:\s*'([^']+)'|['"]([^'"]+)['"]""")


# What a notebook's own check says of a file.
_IS_MISSING = re.compile(
    r"\b(missing|not? (found|exist|there|such)|(does|did)n['’]t exist)\b", re.I
)
_PARTS = re.compile(r"""['"]([^'"]+)['"]|([^\s'"]+)""")


@dataclass(frozen=True, slots=True)
class _Rule:
    """What an exception means, by how its text begins; ``of_secret``: only beside a secret.

    ``beside`` is what the line that raised must hold.

    In the words ``{error}`` is the exception, ``{kind}`` its class, ``{message}`` its message,
    ``{said}`` the same on one line, without advice; ``{call}`` the cell's call of the network.
    """

    kind: Obstacle
    sign: str
    what: str
    command: str
    of_secret: bool = False
    beside: str = ""


_RULES = (
    *(_Rule(Obstacle.OUTDATED, c.sign, c.what, c.instead, beside=c.beside) for c in CHANGES),
    _Rule(
        Obstacle.OUTDATED,  # a call that was right for another version of a library
        r"ImportError: "
        r"|AttributeError: (module '|(type object )?'(?!NoneType|str|list|dict|int|float|tuple|function)\w+')"
        r"|OSError: '[\w-]+' is not a valid package style"
        r"|\w+Error: ([\w.]+\(\) )?got an unexpected keyword argument"
        r"|TypeError: (\w+\.\w+|concat)\(\) takes (from )?\d+ .*positional arguments? but"
        r"|ValueError: Invalid frequency: ",
        "{error}",
        "The installed library may be newer than the notebook: look up its notes, and change the line.",
    ),
    _Rule(
        Obstacle.PACKAGE,
        r"NameError: name '(dbutils|spark|sc|sqlContext|displayHTML)' is",
        "{message}: Databricks gives that name to a notebook, nothing here does.",
        "Take its lines out, or give the file that they load: --data PATH",
    ),
    _Rule(
        Obstacle.NETWORK,
        r"(URLError|HTTPError|ConnectionError|ConnectTimeout|SSLError|gaierror|ConnectionRefusedError"
        r"|ProxyError|RemoteDisconnected|ReadTimeout|ConnectError): "
        r"|.*(urlopen error|Max retries exceeded|name resolution|Name or service not known|getaddrinfo"
        r"|Network is unreachable|Failed to (resolve|establish)|Connection refused|couldn't connect"
        r"|Please use the NLTK Downloader|nltk\.download)",
        "it wants the network{call}: {kind}.",
        "Keep the file in the data folder and read it from there: --data PATH",
    ),
    _Rule(
        Obstacle.SECRET,
        r"StdinNotImplementedError: ",
        "it asks for a password or key.",
        "Read it from an environment variable instead.",
        of_secret=True,
    ),
    _Rule(
        Obstacle.INPUT,
        r"StdinNotImplementedError: ",
        "it asks for input(), and nobody is there to answer.",
        "Write the answer into the cell, then adopt again.",
    ),
    _Rule(
        Obstacle.SECRET,
        r"KeyError: ",
        "it wants the secret {message} from the environment.",
        "Set {name}, and NBKATA_PASS to {name}, which hands it to the notebook.",
        of_secret=True,
    ),
    _Rule(
        Obstacle.MEMORY,
        r"(MemoryError|_ArrayMemoryError|OutOfMemoryError): ",
        "there is not enough memory ({reason}).",
        _LESS,
    ),
    _Rule(
        Obstacle.GPU,
        r".*(\bCUDA\b|\bcuda\b|\bGPU\b|NVIDIA)",
        "it wants a graphics card ({reason}).",
        "Run it on the processor: device 'cpu'.",
    ),
    _Rule(Obstacle.SYNTAX, r"(SyntaxError|IndentationError|TabError): ", "{error}", _AGAIN),
    _Rule(Obstacle.RAISES, "", "{error}", _AGAIN),
)


def stopped_by(
    stopped: Stopped,
    reaches: Sequence[Reach] = (),
    top_is_there: bool = False,
    text: str = "",
    own: Collection[str] = (),
) -> Blocked:
    """What a run's end says; ``top_is_there``: whether a missing module's package is installed.

    ``text`` is the line that raised; ``own`` are modules of the author's.
    """
    cell, line = stopped.cell, stopped.line
    if stopped.reason in _ENDINGS:
        kind, what, command = _ENDINGS[stopped.reason]
        shown = what.format(timeout_s=stopped.timeout_s, detail=stopped.detail)
        return Blocked(kind, shown, command, cell)
    name, _, message = stopped.detail.partition(": ")
    module = _NO_MODULE.search(message)
    if module and module[1].partition(".")[0] in own:
        return missing_part(module[1], cell, line)
    here = [reach for reach in reaches if reach.cell == cell]
    return _missing(name, message, top_is_there, (cell, line)) or _raised(
        name, message.strip(), here, text, (cell, line)
    )


def _missing(
    name: str, message: str, top_is_there: bool, place: tuple[int | None, int | None]
) -> Blocked | None:
    """For an exception that names a package or a file that is not there."""
    cell, line = place
    if name in ("ModuleNotFoundError", "ImportError"):
        module = _NO_MODULE.search(message)
        wanted = module or _PACKAGE_WANTED.search(message)
        if wanted:
            package = next(group for group in wanted.groups() if group)
            return missing_package(package, bool(module) and top_is_there, cell or 0, line)
    path = _FILE.search(message.strip()) if _NO_FILE.match(f"{name}: {message}") else None
    if path:
        return _no_data(next(filter(None, path.groups())), cell, line)
    parts = ((quoted or plain).strip(".,;:()") for quoted, plain in _PARTS.findall(message))
    file = next(filter(DATA.search, parts), "") if _IS_MISSING.search(message) else ""
    return _no_data(file, cell, line) if file else None


def as_written(stop: Blocked, missing: Sequence[Blocked]) -> Blocked:
    """With the path of the notebook's text, not the one that led into the workspace."""
    same = (item for item in missing if item.kind is stop.kind is Obstacle.DATA)
    return next((item for item in same if item.command == stop.command), stop)


def _raised(
    name: str,
    message: str,
    here: Sequence[Reach],
    text: str,
    place: tuple[int | None, int | None],
) -> Blocked:
    """For any other exception: the first rule that fits."""
    secret = any(reach.what == "secret" for reach in here)
    rule = next(
        rule
        for rule in _RULES
        if re.match(rule.sign, f"{name}: {message}", re.DOTALL)
        and re.search(rule.beside, text)
        and (secret or not rule.of_secret)
    )
    words = {
        "error": f"{name}: {_short(message)}".rstrip(": "),
        "kind": name,
        "message": message,
        "name": message.strip("'"),
        "reason": _short(message) or name,
        "said": _short(message.partition(" You might want to")[0]).rstrip(". "),
        "call": next((f" ({reach.shown})" for reach in here if reach.what == "network"), ""),
    }
    return Blocked(rule.kind, rule.what.format(**words), rule.command.format(**words), *place)


def _short(text: str) -> str:
    """On one line, with its end: that often tells what to do."""
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:90]} … {line[-67:]}"


def changed_library(blocked: Blocked, findings: Iterable[Finding]) -> Blocked:
    """What stopped it, by name and with what to write, if its line calls what a library no longer has."""
    if blocked.kind not in (Obstacle.OUTDATED, Obstacle.RAISES, Obstacle.PACKAGE):
        return blocked
    for finding in findings:
        is_old = finding.symbol is Smell.DEPRECATED_API and " is gone " in finding.message
        lines = range(finding.line, max(finding.line, finding.end_line) + 1)
        if is_old and finding.cell == blocked.cell and blocked.line in lines:
            what, _, instead = finding.message.partition(": this line fails. ")
            if is_mechanical(what):
                instead += " nbkata adopt --fix shows the change as a diff."
            return replace(blocked, kind=Obstacle.OUTDATED, what=f"{what}.", command=instead)
    return blocked
