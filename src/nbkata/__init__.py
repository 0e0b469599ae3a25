"""A refactoring exercise kit for Jupyter notebooks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__version__ = "0.1.0"


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """What `%load_ext nbkata` calls."""
    from importlib import import_module  # pylint: disable=import-outside-toplevel # notebooks alone

    import_module("nbkata.magic").register(shell)
