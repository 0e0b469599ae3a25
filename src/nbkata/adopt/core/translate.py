"""A notebook's cells as plain Python, line for line.

What only IPython or another machine can do is translated where Python can do the same, and
otherwise set apart: kept as a comment that says why. Lines keep their numbers within a cell, so
that an error is reported at the line that its author knows.
"""

import ast
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbkata.notebook.core.language import OF_CELL_MAGIC
from nbkata.notebook.core.notebook import CellKind, Notebook
from nbkata.smells.core.magics import as_python


@dataclass(frozen=True, slots=True)
class Note:
    """What became of one line that is no plain Python."""

    line: int  # in the cell, from 1
    was: str
    why: str  # ``set apart: …`` or ``translated: …``


@dataclass(frozen=True, slots=True)
class Translated:
    """One code cell."""

    cell: int  # over all cells, from 0
    code: str
    notes: tuple[Note, ...] = ()
    problem: str = ""  # why it is no Python 3; its lines are then comments
    problem_line: int | None = None
    foreign: str = ""  # the language of a cell that computes in another one: ``R``


def translated_cells(notebook: Notebook) -> tuple[Translated, ...]:
    """All code cells that hold anything."""
    return tuple(
        translated(cell.source, cell.index)
        for cell in notebook.cells
        if cell.kind is CellKind.CODE and cell.source.strip()
    )


def translated(source: str, cell: int) -> Translated:
    """One cell; nothing is lost: what cannot be Python stays as a comment."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    source = source.replace("\u2028", " ").replace("\xa0", " ").rstrip("\n")
    first = source.strip().split("\n", 1)[0]
    if first.startswith("%%"):
        return _cell_magic(source, first, cell)
    plain = as_python(source)
    if plain.problem:
        commented = _commented(source, f"set apart: {plain.problem}")
        return Translated(cell, commented, (), plain.problem, plain.problem_line)
    text, notes = _lines(source, plain.text, plain.magics)
    code, hosted = _hosted(text)
    code, led = _from_here(code)
    return Translated(cell, code, tuple(sorted((*notes, *hosted, *led), key=_by_line)))


def _by_line(note: Note) -> int:
    return note.line


# Cell magics whose cell is ordinary code.
_TIMED = frozenset({"time", "capture", "prun", "memit", "mprun", "lprun"})


def _cell_magic(source: str, first: str, cell: int) -> Translated:
    name, _, arguments = first[2:].partition(" ")
    lines = source.split("\n")
    at = next(number for number, line in enumerate(lines) if line.strip())
    if name == "capture" and re.fullmatch(r"[A-Za-z_]\w*", arguments.strip()):
        return _captured(lines[at + 1 :], arguments.strip(), first, (at, cell))
    if name in _TIMED:
        why = "set apart: it only measures or hides what the cell shows"
        inner = translated("\n".join(["pass"] * (at + 1) + lines[at + 1 :]), cell)
        mark = [""] * at + [f"# {first}  ({why})"]
        code = "\n".join([*mark, *inner.code.split("\n")[at + 1 :]])
        notes = (Note(at + 1, first, why), *inner.notes)
        return Translated(cell, code, notes, inner.problem, inner.problem_line)
    if name in ("writefile", "file"):
        return _written(lines[at + 1 :], arguments, first, cell)
    if name == "timeit":
        why = "set apart: it only measures, and leaves no names behind"
    else:
        why = f"set apart: the cell is not run by Python but by %%{name}"
    foreign = OF_CELL_MAGIC.get(name, "")
    return Translated(cell, _commented(source, why), (Note(at + 1, first, why),), foreign=foreign)


def _captured(body: list[str], target: str, first: str, place: tuple[int, int]) -> Translated:
    """``%%capture out``: what the cell prints goes to a name that later cells may read."""
    at, cell = place
    inner = translated("\n".join(["pass"] * (at + 1) + body), cell)
    head = "with __import__('IPython.utils.capture', fromlist=['']).capture_output() as "
    lines = [*[""] * at, f"{head}{target}:  # {first}"]
    code = "\n".join([*lines, *indented("\n".join(inner.code.split("\n")[at + 1 :]))])
    notes = (Note(at + 1, first, "translated: IPython's own function does it"), *inner.notes)
    return Translated(cell, code, notes, inner.problem, inner.problem_line)


def indented(code: str) -> Iterator[str]:
    """Every line but those inside of a long string."""
    try:
        tree: ast.AST = ast.parse(code)
    except (SyntaxError, ValueError):
        tree = ast.Module([], [])
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno != node.lineno:
            if isinstance(node, ast.JoinedStr) or isinstance(node.value, str | bytes):
                inside |= set(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
    for number, line in enumerate(code.split("\n"), start=1):
        yield line if number in inside or not line.strip() else f"    {line}"


def _written(body: list[str], arguments: str, first: str, cell: int) -> Translated:
    """``%%writefile`` makes a file that later cells may read."""
    words = arguments.split()
    mode = "a" if "-a" in words or "--append" in words else "w"
    target = words[-1].strip("\"'") if words else "file.txt"
    text = "\n".join(body) + "\n"
    code = (
        f'with open({target!r}, {mode!r}, encoding="utf-8") as _written:'
        f"  # {first}\n    _written.write({text!r})"
    )
    if target.endswith(".py"):  # a later cell imports it from the working folder
        code += "\n__import__('sys').path[:0] = ['']"
    return Translated(cell, code, (Note(1, first, "translated: Python writes the file"),))


def _lines(
    source: str, plain: str, magics: Sequence[tuple[int, str]]
) -> tuple[str, tuple[Note, ...]]:
    originals, lines = source.split("\n"), plain.split("\n")
    special = dict(magics)
    for number, line in enumerate(originals, start=1):
        if re.match(r"\s*get_ipython\(\)\.", line) and _is_whole(line):
            special.setdefault(number, line.strip())
    notes = []
    for number in sorted(special):
        line = lines[number - 1]
        indent = line[: len(line) - len(line.lstrip())]
        whole = _joined(originals, number - 1)
        code, why = _line(whole, line.strip())
        notes.append(Note(number, whole, why))
        if code:
            lines[number - 1] = f"{indent}{code}  # {whole}"
        else:
            lines[number - 1] = f"{indent}{'pass  ' if indent else ''}# {whole}  ({why})"
    return "\n".join(lines), tuple(notes)


def _is_whole(line: str) -> bool:
    try:
        ast.parse(line.strip())
    except SyntaxError:
        return False
    return True


def _joined(lines: Sequence[str], at: int) -> str:
    """A line with those that its backslashes continue."""
    text = lines[at].strip()
    while text.endswith("\\") and at + 1 < len(lines):
        at += 1
        text = f"{text[:-1].rstrip()} {lines[at].strip()}"
    return text


_ASSIGNED = re.compile(r"^(?P<target>[\w.\[\]'\", ]+?)\s*=\s*(?P<sign>[!%])(?P<what>.*)$")
_CALL = re.compile(
    r"""get_ipython\(\)\.(?P<how>run_line_magic|magic|system|run_cell_magic|getoutput)\((?P<what>.*)\)"""
)


def _line(raw: str, plain: str) -> tuple[str, str]:
    """Python that does the same, or none; and why."""
    called = _CALL.match(raw)
    if called:
        message = " ".join(re.findall(r"""['"]([^'"]*)['"]""", called["what"]))
        sign = "!" if called["how"] in ("system", "getoutput") else "%"
        return _line(sign + message, "")
    assigned = _ASSIGNED.match(raw)
    if assigned and assigned["sign"] == "!":
        command = assigned["what"].strip()
        if not _INSTALLS.match(command) and "{" not in command and "$" not in command:
            code = f"{assigned['target']} = __import__('subprocess').run({command!r}, shell=True,"
            code += " capture_output=True, text=True, check=False).stdout.splitlines()"
            return code, "translated: Python runs the command"
        return f"{assigned['target']} = []", "set apart: a command of the shell"
    if raw.startswith("!"):
        return "", _shell(raw.lstrip("!").strip())
    if raw.startswith("%"):
        return _magic(raw[1:].strip(), plain)
    if assigned:
        return _valued(assigned["target"], assigned["what"].strip())
    if "?" in raw:
        return "", "set apart: it shows help"
    words = raw.split()
    if words and words[0] in ("pip", "pip3", "conda", "mamba", "apt", "apt-get"):
        return "", _shell(raw)
    if words and words[0] == "cd":
        return "", f"set apart: {_LEADS_FROM}"
    return "", "set apart: only IPython runs this line"


_INSTALLS = re.compile(
    r"(sudo\s+)?(\S*python\S*\s+-m\s+)?(\S*/)?(pip3?|uv|conda|mamba|apt|apt-get|npm)\b"
)
_FETCHES = re.compile(r"(wget|curl|kaggle|gdown|git|aws|gsutil|huggingface-cli)\b")


def _shell(command: str) -> str:
    if _INSTALLS.match(command):
        return "set apart: what to install belongs into the environment, not into the code"
    if _FETCHES.match(command):
        return "set apart: it fetches from the network; keep the file in the data folder"
    return "set apart: a command of the shell"


def _magic(text: str, plain: str) -> tuple[str, str]:
    name, _, rest = text.partition(" ")
    rest = rest.strip()
    if name in ("env", "set_env") and re.fullmatch(r"\w+[= ].+", rest):
        key, value = re.split(r"[= ]", rest, maxsplit=1)
        code = f"__import__('os').environ[{key!r}] = {value.strip()!r}"
        return code, "translated: Python sets the variable"
    if name == "pylab":
        return "import numpy as np; import matplotlib.pyplot as plt; from pylab import *", (
            "translated: the imports that it makes"
        )
    if name == "run" and rest:
        script = shlex.split(rest.split("#")[0], posix=True)[-1:] or [rest]
        if script[0].endswith(".py"):
            read = f"open({script[0]!r}, encoding='utf-8').read()"
            return f"exec({read})", "translated: Python runs the file"
        return "", "set apart: it runs another notebook"
    if name in ("pip", "conda", "mamba"):
        return "", _shell(f"{name} {rest}")
    if name == "time" and plain and plain != "pass":
        return plain, "translated: without the clock"
    reasons = {
        "matplotlib": "plots are drawn without a window",
        "timeit": "it only measures",
        "cd": _LEADS_FROM,
        "load_ext": "an extension of IPython",
        "reload_ext": "an extension of IPython",
        "autoreload": "a script is read anew in every run",
        "config": "a setting of IPython",
        "sql": "a language of its own",
    }
    return "", f"set apart: {reasons.get(name, 'only IPython knows it')}"


_TIMEIT = re.compile(r"timeit((?:\s+-(?:[oq]+|[nr]\s*\d+))*)\s+(?P<code>.+)")


def _valued(target: str, magic: str) -> tuple[str, str]:
    """``name = %magic …``: later cells read the name."""
    name, _, rest = magic.partition(" ")
    timed = _TIMEIT.match(magic)
    if timed and "o" in timed[1] and _is_expression(timed["code"]):
        return f"{target} = {_TIMED_ONCE.format(timed['code'])}", (
            "translated: Python measures it, once; the times differ between runs"
        )
    if name == "time" and _is_expression(rest):
        return f"{target} = {rest}", "translated: without the clock"
    if name == "pwd":
        return f"{target} = __import__('os').getcwd()", "translated: Python knows the folder"
    if name in ("env", "set_env") and re.fullmatch(r"\w+", rest):
        return f"{target} = __import__('os').environ[{rest!r}]", "translated: Python reads it"
    if name in ("sx", "system"):
        return _line(f"{target} = !{rest}", "")
    _, why = _magic(magic, "")
    return "", why


def _is_expression(code: str) -> bool:
    try:
        ast.parse(code.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True


# What IPython's TimeitResult has, of one measurement.
_TIMED_ONCE = (
    "(lambda s: __import__('types').SimpleNamespace(average=s, best=s, worst=s, stdev=0.0,"
    " all_runs=[s], timings=[s], loops=1, repeat=1))"
    "(__import__('timeit').timeit(lambda: {}, number=1))"
)


def _hosted(code: str) -> tuple[str, tuple[Note, ...]]:
    """Statements that only a hosted notebook can run, and imports that only a file's top may hold."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return code, ()
    lines = code.split("\n")
    notes: list[Note] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or hasattr(node, "body"):
            continue
        text = _unparsed(node)
        instead, why = next(
            ((new, why) for sign, new, why in _HOSTED if sign.match(text)), ("", "")
        )
        if not why or node.col_offset and _IS_GIVEN.match(text):
            continue
        notes.append(Note(node.lineno, text, why))
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        indent = lines[first][: node.col_offset]
        target = text.partition(" =")[0]
        lines[first] = f"{indent}{instead.format(target=target)}  # {text}  ({why})"
        lines[first + 1 : last + 1] = [""] * (last - first)
    return "\n".join(lines), tuple(notes)


_HERE = re.compile(
    r"\b(?P<path>(?:pathlib\.)?Path)(?:\.cwd\(\)|\((?:os\.getcwd\(\)|['\"]\.['\"])?\))"
    r"(?:\.(?:resolve|absolute)\(\))?(?P<up>(?:\.parents\[\d\]|\.parent\b)+|(?=\s*/\s*['\"]))"
    r"(?P<down>(?:\s*/\s*(?:'[^'\\{]*'|\"[^\"\\{]*\"))*)"
)


def _from_here(code: str) -> tuple[str, list[Note]]:
    """``Path.cwd().parents[1] / "data"`` as ``Path("../../data")``: a path known by reading."""

    def led(found: re.Match[str]) -> str:
        steps = re.findall(r"\.parents\[(\d)\]|\.parent", found["up"])
        up = sum(int(step or 0) + 1 for step in steps)
        down = re.findall(r"'([^']*)'|\"([^\"]*)\"", found["down"])
        parts = [*[".."] * up, *(one or other for one, other in down)]
        return f'{found["path"]}("{"/".join(parts)}")'

    lines, notes = code.split("\n"), []
    for number, line in enumerate(lines, start=1):
        found = _HERE.search(line.partition("#")[0])
        if found:
            lines[number - 1] = _HERE.sub(led, line)
            notes.append(Note(number, found[0], "translated: the path from the notebook's folder"))
    return "\n".join(lines), notes


def _unparsed(node: ast.stmt) -> str:
    """The statement on one line; nothing if it holds an integer of over 4,300 digits."""
    try:
        return ast.unparse(node)
    except ValueError:
        return ""


# One folder after the other, if a loop does it.
_IS_GIVEN = re.compile(r"os\.chdir\(\w+\)$")
_LEADS_FROM = "paths here lead from the workspace"
_COLAB = "set apart: only Colab has it; the files are in the data folder"
# What a statement looks like, what replaces it, and why.
_HOSTED = (
    (re.compile(r"from __future__ import "), "pass", "set apart: Python 3 does so by itself"),
    (re.compile(r"from google\.colab import (drive|files)(, (drive|files))*$"), "pass", _COLAB),
    (re.compile(r"import google\.colab$"), "pass", _COLAB),
    (
        re.compile(r"os\.chdir\((\w+|(?=.*(['\"]|cwd))[^{]*)\)$"),
        "pass",
        f"set apart: {_LEADS_FROM}",
    ),
    (re.compile(r"(google\.colab\.)?drive\.(mount|flush_and_unmount)\("), "pass", _COLAB),
    (re.compile(r"(google\.colab\.)?files\.(download|upload)\("), "pass", _COLAB),
    (
        re.compile(r"\w+ = (google\.colab\.)?files\.upload\(\)$"),
        "{target} = {{path.name: path.read_bytes() for path in"
        " __import__('pathlib').Path('data').iterdir()}}",
        "translated: what would be uploaded is in the data folder",
    ),
)


def _commented(source: str, why: str) -> str:
    lines = source.strip("\n").split("\n")
    return "\n".join([f"# {why}", *(f"# {line}".rstrip() for line in lines)])
