"""A refactoring exercise kit for Jupyter notebooks."""

__version__ = "0.1.0"
