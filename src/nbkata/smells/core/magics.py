"""IPython's own syntax turned into Python, line by line, so that every line keeps its number.

Only a cell that is not Python already is touched. What cannot be Python becomes ``pass``; the
code inside ``%time f()`` or under ``%%time`` stays.
"""

import ast
import re
import warnings
from dataclasses import dataclass

from nbkata.notebook.core.language import AUTOMAGIC, BARE_MAGIC, OF_CELL_MAGIC

_FOREIGN_CELLS = OF_CELL_MAGIC.keys() | frozenset(
    """bash sh zsh script html HTML javascript js jsx svg SVG latex markdown r sql SQL dsql
    writefile file cmd system sx ! pypy python2 mermaid sparksql typescript node""".split()
)
_CODE_MAGICS = frozenset({"time", "timeit", "prun", "memit", "mprun", "lprun", "capture"})
_ASSIGNED = re.compile(r"^(?P<indent>\s*)(?P<target>[\w.\[\]'\", ]+?)\s*=\s*[!%](?!=)")
_HELP = re.compile(r"^\s*(\?{1,2}[\w.%*]+|%{0,2}[\w.*]+(\[[^\]]*\]|\(\))?\?{1,2})\s*(#.*)?$")


@dataclass(frozen=True, slots=True)
class PythonText:
    """A cell as Python, and what had to be done for it."""

    text: str
    magics: tuple[tuple[int, str], ...] = ()  # lines that only IPython runs, from 1, as they stand
    problem: str = ""  # why it is still not Python; the text is then blank lines
    problem_line: int | None = None


def as_python(source: str) -> PythonText:
    """The same number of lines, all of them Python; blank where that is impossible."""
    error = _syntax_error(source)
    if error is None and not BARE_MAGIC.search(source):
        return PythonText(source)
    text, magics = _translated(source)
    error = _syntax_error(text) if magics else error
    if error is None:
        return PythonText(text, magics)
    blank = "\n" * source.count("\n")
    if magics and magics[0][1].startswith("%%"):
        return PythonText(blank, magics[:1])  # a magic of somebody's own, in a language of its own
    return PythonText(blank, magics, _message(error, source), error.lineno)


def _syntax_error(text: str) -> SyntaxError | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            return SyntaxError(str(error) or type(error).__name__, ("", 1, 0, ""))
    return None


def _message(error: SyntaxError, source: str) -> str:
    lines = source.splitlines()
    line = lines[error.lineno - 1] if error.lineno and error.lineno <= len(lines) else ""
    if re.match(r"\s*(print|exec)\s+[^=(]", line) or re.search(r"except\s+[\w.]+\s*,\s*\w+:", line):
        return "this is Python 2, which no supported kernel runs."
    return f"this is not Python ({error.msg})."


def _translated(source: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%") or lines[first].startswith("!!"):
        name = lines[first][2:].split()[0] if lines[first][2:].split() else ""
        kept = (first + 1, lines[first].strip())
        if name in _FOREIGN_CELLS or lines[first].startswith("!!"):
            return "\n" * (len(lines) - 1), (kept,)
        rest, magics = _lines_translated(["" if n <= first else x for n, x in enumerate(lines)])
        return "\n".join(rest), (kept, *magics)
    rest, magics = _lines_translated(lines)
    return "\n".join(rest), magics


def _lines_translated(lines: list[str]) -> tuple[list[str], tuple[tuple[int, str], ...]]:
    inside = _Inside()
    result: list[str] = []
    magics = []
    continued = False
    for number, line in enumerate(lines, start=1):
        if continued:
            continued = line.rstrip().endswith("\\")
            result.append("")
            continue
        new = line if inside else _line_as_python(line)
        if new is not line:
            magics.append((number, line.strip()))
            continued = line.rstrip().endswith("\\")
        inside.feed(new)
        result.append(new)
    return result, tuple(magics)


def _line_as_python(line: str) -> str:
    """The same object if it is no magic."""
    bare = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if not bare or bare.startswith("#"):
        return line
    if bare[0] == "%":
        name, _, code = bare.lstrip("%").partition(" ")
        keeps = name in _CODE_MAGICS and code.strip() and not code.strip().startswith("-")
        return indent + (code.strip() if keeps else "pass")
    if bare[0] in "!?/;," or _HELP.match(line):
        return indent + "pass"
    assigned = _ASSIGNED.match(line)
    if assigned:
        return f"{indent}{assigned['target'].strip()} = None"
    return indent + "pass" if AUTOMAGIC.match(bare) or BARE_MAGIC.match(bare) else line


class _Inside:
    """Whether the next line begins inside brackets, a long string or a continued line."""

    _TOKEN = re.compile(r"\\.|\"\"\"|'''|[\"'#()\[\]{}]")

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""
        self._backslash = False

    def __bool__(self) -> bool:
        return self._depth > 0 or bool(self._quote) or self._backslash

    def feed(self, line: str) -> None:
        """Read one line more."""
        for token in self._TOKEN.findall(line):
            if self._quote:
                if token == self._quote:
                    self._quote = ""
            elif token == "#":
                break
            elif token[0] in "\"'":
                self._quote = token
            elif token in "([{":
                self._depth += 1
            elif token in ")]}":
                self._depth = max(0, self._depth - 1)
        if len(self._quote) == 1:
            self._quote = ""
        self._backslash = not self._quote and line.rstrip().endswith("\\")
