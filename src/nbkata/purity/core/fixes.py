"""What to do about an edited argument: the way to copy it depends on what it is."""

import re
from collections.abc import Sequence
from typing import Any

from nbkata.purity.core.findings import FIXES, Cause
from nbkata.purity.core.values import Kind

NEW_OBJECT = "Return a new object in place of changing this one."
_CLONE = "Fit a copy: take sklearn.base.clone({name})."
_SEED = "Take a seed, and make the generator here: np.random.default_rng(seed)."
_LIST = "Take a list in place of an iterator: a caller with an iterator passes list({name})."
_DEEP = "Work on a copy: take copy.deepcopy({name}) first, or return a new object."
_CELLS = "Make new lists: {name}.copy() would share those in its cells."
DEFAULT = "Make None the default of {name}, and begin with a new one."
CACHED = "Copy what comes from a cache before you edit it: every later call gets the same object."

_FITS = re.compile(r"\.(fit|fit_transform|fit_predict|partial_fit|fit_resample|set_params)\(")
_SETS_ATTRIBUTE = re.compile(r"^(setattr|delattr)\(|^[^=(\[]+\.\w+ [-+*/|&]?= ")
# A change in a part of a part: a copy would share that.
_DEEPER = re.compile(r"^\w+(\[[^\]]*\]|\.\w+)( has |\[|\.)")


def of_statement(name: str, kind: Kind, what: str) -> str:
    """Where the text tells what ``name`` is; empty for the usual copy."""
    if _FITS.search(what):
        return _CLONE.format(name=name)
    if kind is Kind.RANDOM:
        return _SEED
    if what.startswith("next("):
        return _LIST.format(name=name)
    if kind is Kind.UNKNOWN and _SETS_ATTRIBUTE.search(what):
        return _DEEP.format(name=name)
    return ""


def of_change(name: str, value: Any, shown: Sequence[str]) -> str:
    """For a real ``value`` that changed as ``shown``."""
    if name == "self":
        return NEW_OBJECT
    if any(change.endswith("used up") for change in shown):
        return _LIST.format(name=name)
    if any(change.endswith("other numbers") for change in shown):
        return _SEED
    if hasattr(value, "get_params"):
        return _CLONE.format(name=name)
    if type(value).__name__ == "DataFrame" and _cells_changed(value, shown):
        return _CELLS.format(name=name)
    usual = FIXES[Cause.ARGUMENT].format(target=name)
    plain = type(value).__module__.partition(".")[0] in ("pandas", "numpy", "collections")
    flat = isinstance(value, list | dict | set) and not any(map(_DEEPER.match, shown))
    return usual if plain or flat else _DEEP.format(name=name)


def _cells_changed(frame: Any, shown: Sequence[str]) -> bool:
    """Whether a changed column holds lists: those were edited, not the frame."""
    return any(
        isinstance(cell, list | dict | set)
        for column in frame.columns
        if frame[column].dtype == object and any(f"[{column!r}] changed" in text for text in shown)
        for cell in frame[column].head(100)
    )
