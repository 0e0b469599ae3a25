"""Tables in a learner's code: whatever is written as one and holds certain words or numbers.

A dictionary, a list or tuple (also of lists, also as an argument: ``OrdinalEncoder(categories=…)``),
``dict(male=0, …)``, an enumeration, ``"S C Q".split()``, a text of several lines that a call is given;
or a data file that the code reads. They are found in the text, so it does not matter what the program
makes of them; and changed there, to see whether the program follows.
"""

import ast
import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Entry = str | int | float


@dataclass(frozen=True)
class Table:
    """One table, as far out as it goes: a table of tables is one."""

    path: Path
    tree: ast.Module  # of the whole file
    node: ast.AST  # of the table, in that tree
    name: str  # what it is assigned to, or the name of the function or class that it is in
    # The function that it is in; empty at the top of its module, or of a class there.
    function: str

    def holds(self, wanted: Iterable[Entry]) -> bool:
        """Whether all of these are entries."""
        return set(wanted) <= set(_entries(self.node))

    def with_exchanged(self, exchanged: Mapping[Entry, Entry]) -> str:
        """The file with these entries of the table replaced by others."""
        marked = list(ast.walk(self.tree)).index(self.node)
        tree = copy.deepcopy(self.tree)
        _exchange(list(ast.walk(tree))[marked], exchanged)
        return ast.unparse(tree)


# What tables are kept in beside the code.
DATA_KINDS = (".toml", ".json", ".csv", ".yaml", ".yml", ".ini")
_ENTRY = re.compile(r"\d+(?:\.\d+)?|[^\W\d]\w*")


@dataclass(frozen=True)
class DataFile:
    """A file of data, as one table: its words and numbers are the entries."""

    path: Path
    text: str
    function = ""

    @property
    def name(self) -> str:
        """As messages call it."""
        return self.path.name

    def holds(self, wanted: Iterable[Entry]) -> bool:
        """Whether all of these are entries."""
        return set(wanted) <= set(map(_read, _ENTRY.findall(self.text)))

    def with_exchanged(self, exchanged: Mapping[Entry, Entry]) -> str:
        """The file with these entries replaced by others."""
        return _with_entries_exchanged(self.text, exchanged)


def _read(entry: str) -> Entry:
    return float(entry) if entry[0].isdigit() else entry


def _words(text: str) -> Iterable[Entry]:
    """The words of a text; those and the numbers of one of several lines, which is a table."""
    return map(_read, _ENTRY.findall(text)) if "\n" in text else text.split()


def _with_entries_exchanged(text: str, exchanged: Mapping[Entry, Entry]) -> str:
    return _ENTRY.sub(lambda found: str(exchanged.get(_read(found[0]), found[0])), text)


def _with_words_exchanged(text: str, exchanged: Mapping[Entry, Entry]) -> str:
    if "\n" in text:
        return _with_entries_exchanged(text, exchanged)
    return " ".join(str(exchanged.get(word, word)) for word in text.split(" "))


def tables_with(
    trees: Mapping[Path, ast.Module], wanted: Iterable[Entry], data: Iterable[DataFile] = ()
) -> list[Table | DataFile]:
    """The outermost tables in these files that hold all of ``wanted``; those in functions last."""
    needed = set(wanted)
    found: list[Table | DataFile] = [
        table
        for path, tree in trees.items()
        for table in _outermost(Table(path, tree, tree, "", ""), needed)
    ]
    found += [file for file in data if file.holds(needed)]
    return sorted(found, key=lambda table: bool(table.function))


def _outermost(around: Table, needed: set[Entry]) -> Iterator[Table]:
    for child in ast.iter_child_nodes(around.node):
        name, function = around.name, around.function
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = child.name
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            function = child.name
        if isinstance(child, ast.Assign | ast.AnnAssign) and not function:
            name = ast.unparse(child.targets[0] if isinstance(child, ast.Assign) else child.target)
        table = Table(around.path, around.tree, child, name, function)
        if _is_table(child, bool(function)) and table.holds(needed):
            yield table
        else:
            yield from _outermost(table, needed)


def _is_table(node: ast.AST, in_function: bool) -> bool:
    """Whether it is written as one. A call in a function is work, unless it only makes a table."""
    if isinstance(node, ast.Call):
        makes = getattr(node.func, "id", "") == "dict" or getattr(node.func, "attr", "") == "split"
        return makes or not in_function
    if isinstance(node, ast.ClassDef):
        return not any(isinstance(item, ast.FunctionDef) for item in node.body)
    return isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set)


def _entries(table: ast.AST) -> Iterator[Entry]:
    for node in ast.walk(table):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float):
            yield node.value
            if isinstance(node.value, str):
                yield from _words(node.value)
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _exchange(table: ast.AST, exchanged: Mapping[Entry, Entry]) -> None:
    for node in ast.walk(table):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float):
            if isinstance(node.value, bool):
                continue  # True is 1 to Python
            if node.value in exchanged:
                node.value = exchanged[node.value]
            elif isinstance(node.value, str):
                node.value = _with_words_exchanged(node.value, exchanged)
        elif isinstance(node, ast.keyword) and node.arg:
            node.arg = str(exchanged.get(node.arg, node.arg))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            node.id = str(exchanged.get(node.id, node.id))
