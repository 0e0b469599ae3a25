"""The mechanical cures for a notebook that other versions of its libraries wrote."""

from pathlib import Path

from nbkata.adopt.core.fixes import fixed_sources, fixes_as_diff
from nbkata.adopt.shell.origin import read_origin
from nbkata.common.core.refusal import Refusal
from nbkata.smells.core.find import smells_in
from nbkata.smells.core.settings import Settings
from nbkata.smells.core.source import source_of_notebook
from nbkata.smells.core.symbols import Smell
from nbkata.smells.shell.find import installed_versions


def proposed_fixes(path: Path) -> str | Refusal:
    """A diff of the notebook's cells; nothing where nothing is to fix, or not by a machine."""
    origin = read_origin(path)
    if isinstance(origin, Refusal):
        return origin
    source = source_of_notebook(origin.notebook, str(path))
    old = smells_in(source, {Smell.DEPRECATED_API}, Settings(installed_versions()))
    return fixes_as_diff(origin.notebook, fixed_sources(origin.notebook, old.findings))
