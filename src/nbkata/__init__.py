"""A refactoring exercise kit for Jupyter notebooks."""

__version__ = "0.1.0"


def load_ipython_extension(shell):  # every Python from 2.7 on reads this, before `go ready`
    # type: (object) -> None
    """What `%load_ext nbkata` calls."""
    from importlib import import_module  # pylint: disable=import-outside-toplevel # notebooks alone

    import_module("nbkata.kata.shell.magic").register(shell)
