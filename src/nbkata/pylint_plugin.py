"""`pylint --load-plugins nbkata.pylint_plugin`: the name that settings and workspaces know."""

from nbkata.smells.shell.pylint_plugin import register

__all__ = ["register"]
