"""Which names are the notebook's results: what its tests hold still."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nbkata.record.core.record import Fingerprint, Kind

_SECRET = re.compile("token|passw|secret|credential|api_?key", re.IGNORECASE)
_KEPT = {
    Kind.FRAME,
    Kind.SERIES,
    Kind.INDEX,
    Kind.ARRAY,
    Kind.SPARSE,
    Kind.MODEL,
    Kind.CONTAINER,
    Kind.INSTANCE,
    Kind.SCALAR,
}
# What Python's text of it tells whole.
_DATES = {"Timestamp", "Timedelta", "Period", "Interval", "datetime", "date", "time", "timedelta"}


@dataclass(frozen=True, slots=True)
class Results:
    """What is compared, how, and what is not."""

    names: tuple[str, ...]
    random: tuple[str, ...] = ()  # numbers that differ in every run: compared by a range
    left_out: Mapping[str, str] = field(default_factory=dict)


def results_of(
    last: Mapping[str, Fingerprint],
    unsteady: Mapping[str, str],
    passing: Iterable[str],
    unread: Iterable[str],
) -> Results:
    """``last``: all names at the end; ``unsteady``: with causes; ``passing``: bound by loops;
    ``unread``: read by nothing. Those and settings are results only if nothing else is.
    """
    names: list[str] = []
    random: list[str] = []
    fallback: list[str] = []
    left_out: dict[str, str] = {}
    passing, unread = set(passing), set(unread)
    for name, value in sorted(last.items()):
        if _SECRET.search(name):
            left_out[name] = "may be a secret"
        elif name in unsteady:
            left_out[name] = f"differs between runs: {unsteady[name]}"
            if value.kind is Kind.SCALAR and value.type.startswith(("float", "int")):
                if draws(unsteady[name]):
                    random.append(name)
        elif not is_kept(value):
            left_out[name] = f"only its type, {value.type}, is known"
        elif name in passing or name in unread and _says_little(value, name, last):
            fallback.append(name)
        else:
            names.append(name)
    return Results(tuple(names or fallback), tuple(random), left_out)


def is_kept(value: Fingerprint) -> bool:
    """Whether more is known of it than its type."""
    is_known = value.kind in _KEPT or value.kind is Kind.OBJECT and value.type in _DATES
    return is_known and not value.value.startswith("<") and "0x" not in value.value


def draws(cause: str) -> bool:
    """Whether a value differs between runs for a reason that a seed may fix."""
    return not cause.startswith(("the clock", "a memory address", "a uuid", "the order"))


def _says_little(value: Fingerprint, name: str, last: Mapping[str, Fingerprint]) -> bool:
    """A text, or a copy of another name's value."""
    if value.kind is Kind.SCALAR and value.type in ("str", "bool", "NoneType"):
        return True
    return any(other != name and one.digest == value.digest for other, one in last.items())
