"""Smells and impurities as a pylint plugin: ``pylint --load-plugins nbkata.pylint_plugin FILE``.

Unused and wildcard imports are pylint's own messages already. ``duplicate-code`` is too; pylint
compares files by their lines, this adds the same shape within a file. Where an editor passes a
notebook's joined cells under the notebook's own path, its counts and outputs are read from there.
Impurities are reported of the modules that ``--pure-modules=features,model`` names: a shell may be impure.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from astroid import nodes
from pylint.checkers import BaseChecker

from nbkata.notebook.core.notebook import Notebook
from nbkata.notebook.shell.notebook_files import read_python_notebook
from nbkata.purity.core.checker import PurityChecker
from nbkata.smells.core.documentation import SmellDoc
from nbkata.smells.core.find import ALL
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.registry import spots_in
from nbkata.smells.core.settings import Settings
from nbkata.smells.core.source import Source, source_of_joined_cells, source_of_script
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.view import View
from nbkata.smells.shell.catalogue import read_catalogue
from nbkata.smells.shell.find import installed_versions

if TYPE_CHECKING:
    from pylint.lint import PyLinter

_PYLINTS = frozenset({Smell.UNUSED_IMPORT, Smell.WILDCARD_IMPORT, Smell.DUPLICATE_CODE})
_OWN = ALL - _PYLINTS
# An empty cell has no line among joined cells.
_REPORTED = _OWN - {Smell.EMPTY_CELL} | {Smell.DUPLICATE_CODE}


def _described(doc: SmellDoc) -> str:
    examples = f"`nbkata smells --explain {doc.smell.value}` shows a bad and a good example."
    return f"{doc.what} Why: {doc.why} Fix: {doc.fix} {examples}"


class SmellChecker(BaseChecker):
    """All of the kit's smells, found in one pass over a module or a notebook's joined cells."""

    name = "nbkata-smells"
    msgs = {
        smell.message_id: ("%s", smell.value, _described(doc))
        for smell, doc in read_catalogue().items()
        if smell in _OWN
    }
    options = (
        (
            "max-cell-lines",
            {
                "default": Settings().max_cell_lines,
                "type": "int",
                "metavar": "<int>",
                "help": "Lines of code outside functions that one notebook cell may have.",
            },
        ),
        (
            "smells-good-names",
            {
                "default": (),
                "type": "csv",
                "metavar": "<names>",
                "help": "Names that are never vague in this project, separated by a comma.",
            },
        ),
    )

    def visit_module(self, node: nodes.Module) -> None:
        """Find and report the smells of one file."""
        with node.stream() as stream:
            text = stream.read().decode("utf-8", "replace")
        view = View(_source_of(node.file, text), node, self._settings())
        spots, failed = spots_in(view, _REPORTED)
        for spot in spots:
            self._report(node, spot)
        for error in failed.values():
            raise error  # pylint reports it by itself, as astroid-error, and goes on

    def _settings(self) -> Settings:
        config = self.linter.config
        return Settings(
            installed=installed_versions(),
            max_cell_lines=config.max_cell_lines,
            good_names=frozenset(config.smells_good_names),
        )

    def _report(self, node: nodes.Module, spot: Spot) -> None:
        line = max(1, spot.line)
        if spot.smell is Smell.DUPLICATE_CODE:
            # pylint's own message; it is given lines, never nodes
            self.linter.add_message("duplicate-code", line=line, args=("1", spot.message))
            return
        end = max(line, spot.end_line)
        arguments: dict[str, Any] = {"line": line, "end_lineno": end, "col_offset": 0}
        self.add_message(spot.smell.value, node=node, args=(spot.message,), **arguments)


def _source_of(path: str, text: str) -> Source:
    if path.lower().endswith(".ipynb"):
        notebook = read_python_notebook(Path(path))
        if isinstance(notebook, Notebook):
            source = source_of_joined_cells(notebook, text, path)
            if source is not None:
                return source
    return source_of_script(text, path)


def register(linter: "PyLinter") -> None:
    """Called by pylint; raises where a message did not register, lest its absence look clean."""
    linter.register_checker(SmellChecker(linter))
    linter.register_checker(PurityChecker(linter))
    known = {message.symbol for message in linter.msgs_store.messages}
    missing: Sequence[str] = sorted({smell.value for smell in Smell} - known)
    if missing:
        raise RuntimeError(f"these smells did not register: {', '.join(missing)}")
