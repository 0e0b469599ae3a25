"""Sending values from the process that runs a learner's code to the one that judges them.

They travel as pickles of plain data and tables: loading one imports and runs nothing but Python's, numpy's and
pandas' own. In the place of anything else (a model, an object of a class of the learner's) comes a
`Held` with what it holds.
"""

import base64
import io
import pickle
from collections.abc import Callable
from enum import Enum
from typing import Any

# Their classes, and of their functions the private ones, by which they load.
TABLES = ("numpy", "pandas")
# By module: what else is sent by its name.
PLAIN = {
    "argparse": ("Namespace",),
    "builtins": (
        *("bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list"),
        *("object", "range", "set", "slice", "str", "tuple"),
    ),
    "collections": ("Counter", "OrderedDict", "deque"),
    "copyreg": ("_reconstructor",),
    "datetime": ("date", "datetime", "time", "timedelta", "timezone"),
    "decimal": ("Decimal",),
    "fractions": ("Fraction",),
    "pathlib": ("PosixPath", "WindowsPath"),
    "pathlib._local": ("PosixPath", "WindowsPath"),  # in Python 3.13
    "types": ("SimpleNamespace",),
    "nbkata.shape_tests.shell.learner": ("SeamRun",),
    "nbkata.shape_tests.shell.sent_values": ("Held",),
    "nbkata.shape_tests.shell.watched_calls": ("Call", "Function"),
}
# Methods that a shape test looks for, whatever the class is called.
ASKED_FOR = ("predict", "transform")


class Held:
    """What an object holds that only the learner's own process can have."""


def packed(value: Any, is_learners: Callable[[Any], bool]) -> str:
    """A value as one line of text. ``is_learners`` says of an object if its class is the learner's."""
    file = io.BytesIO()
    _Pickler(file, is_learners).dump(value)
    return base64.b64encode(file.getvalue()).decode("ascii")


def unpacked(line: str) -> Any:
    """The value of a line. Raises whatever comes of a line that is none."""
    return _Unpickler(io.BytesIO(base64.b64decode(line))).load()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, is_learners: Callable[[Any], bool]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.is_learners = is_learners

    def reducer_override(self, obj: Any) -> Any:
        """As usual for what the other side knows; a plain value or a `Held` for anything else."""
        if hasattr(obj, "__qualname__"):  # a class or function
            return NotImplemented if _is_known(obj) else (Held, ())
        kind = type(obj)
        if _is_known(kind):
            return NotImplemented
        if isinstance(obj, Enum) and isinstance(obj.value, int | float | str):
            return type(obj.value), (obj.value,)
        for base in kind.__mro__:
            is_table = base.__name__ in ("DataFrame", "Series") and _is_known(base)
            if is_table or base in (int, float, str, list, tuple, dict, set):
                return base, (base(obj),)
        held = dict(getattr(obj, "__dict__", {})) if self.is_learners(obj) else {}
        return Held, (), held | {name: None for name in ASKED_FOR if hasattr(kind, name)}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Nothing that could do more than hold data."""
        if name in PLAIN.get(module, ()) or module.partition(".")[0] in TABLES:
            found = super().find_class(module, name)
            if _is_known(found if hasattr(found, "__qualname__") else type(found)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not sent")


def _is_known(thing: Any) -> bool:
    """Whether a class or function may be sent by its name."""
    module = str(getattr(thing, "__module__", ""))  # a generator has none
    name = str(thing.__qualname__)
    if name in PLAIN.get(module, ()):
        return True
    is_theirs = module.partition(".")[0] in TABLES
    return is_theirs and (isinstance(thing, type) or name.startswith("_") or name == "scalar")
