"""What is known while a function's text is read: the project, the place, what callers must know."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from nbkata.purity.core.findings import Finding
from nbkata.dataflow.core.modules import Module
from nbkata.purity.core.values import FRESH, Value

# Methods that make an object: they may change it.
MAKERS = frozenset(["__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__"])

Names = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a caller must know of a function."""

    key: str
    path: str
    parameters: tuple[str, ...] = ()
    rest: str = ""  # the name of ``*args``
    findings: tuple[Finding, ...] = ()  # of one about an argument, the target is the parameter
    returned: Value = FRESH
    is_static: bool = False
    is_cached: bool = False

    @property
    def called(self) -> str:
        """As a reader knows it: the class, if it is one of the methods that make an object."""
        owner, _, short = self.key.rpartition(".")
        return owner.rpartition(".")[2] if short in MAKERS else short


@dataclass(frozen=True, slots=True)
class Project:
    """What is known of all modules so far; all names are full names."""

    modules: Mapping[str, Module]
    summaries: Mapping[str, Summary] = field(default_factory=dict)
    values: Names = field(default_factory=dict)  # kinds of the modules' own names
    inputs: Mapping[str, str] = field(default_factory=dict)  # globals that vary, and why


@dataclass(frozen=True, slots=True)
class Place:
    """The function whose statements are read; without a name, the module's own."""

    module: Module
    function: str = ""
    own_object: str = ""  # ``self`` in a method
    local_names: frozenset[str] = frozenset()
    global_names: frozenset[str] = frozenset()  # declared ``global``
    shared_defaults: frozenset[str] = frozenset()  # parameters with a default that can be edited

    @property
    def at_import(self) -> bool:
        """Whether importing the module runs the statements."""
        return not self.function


def snippet(node: ast.AST, length: int = 60) -> str:
    """The code of a node on one line, short enough for a message."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= length else text[: length - 1] + "…"


def file_of(path: str) -> str:
    """Its last part, in a message."""
    return path.replace("\\", "/").rpartition("/")[2]
