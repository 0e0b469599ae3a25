"""What a function of the learner's is made to do wrong, so that a unit test must notice it.

Each kind knows, of a function that was watched, where it takes hold: `breakages` breaks it there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nbkata.shape_tests.shell.learner import columns_in
from nbkata.shape_tests.shell.made_columns import as_texts, given_columns
from nbkata.shape_tests.shell.outside_tables import is_frame
from nbkata.shape_tests.shell.watched_calls import Function


@dataclass(frozen=True)
class Misreading:
    """A function takes some of what it is given for something else, and a unit test must notice."""

    what: str  # as ``I made it so that it`` goes on: ``took Parch for 0 in every row``
    reads: tuple[Any, ...]  # as `breakages` knows it: ``("always", 0)``
    # Whether a column, or one value in a list, is what it misreads.
    wanted: Callable[[Sequence[Any]], bool]
    advice: str

    def breakage(self, function: Function, each: Function | None = None) -> dict[str, Any]:
        """What breaks a function so, or the one that it calls for ``each`` value."""
        misread = [
            (place, column)
            for call in function.calls
            for place, column in given_columns(call)
            if self.wanted(column)
        ]
        places = [*dict.fromkeys(place for place, _ in misread)]
        # An argument that is a column in one call, and one value in another: the default, say.
        both = {place for place, column in misread if len(column) > 1} & {
            (name,)
            for call in function.calls
            for name, value in call.arguments.items()
            if isinstance(value, str | int | float)
        }
        places = [place for place in places if place not in both] or places
        if each:
            read = {value for _, column in misread for value in as_texts(column)}
            given = [
                (place, as_texts(one)) for call in each.calls for place, one in given_columns(call)
            ]
            others = {place for place, values in given if not read.issuperset(values)}
            places = [*dict.fromkeys(place for place, _ in given if place not in others)]
        return at(each or function) | {"how": "misreads", "reads": self.reads, "places": places}


def at(function: Function) -> dict[str, Any]:
    """Where a function is, as `breakages` knows it."""
    return {"module": function.module, "function": function.qualified}


@dataclass(frozen=True)
class Misfilling:
    """A column's gaps are filled with another value, or it is learnt to fill them, and a unit test must notice."""

    what: str
    instead: str  # as `breakages` knows it
    is_column: Callable[[Sequence[Any]], bool]  # with its gaps
    is_filled: Callable[[Any], bool]  # that column, or what fills it
    advice: str

    def breakage(self, function: Function, each: Function | None = None) -> dict[str, Any]:
        """What breaks a function so; with no ``places`` if it does not fill or learn that."""
        given, places = dict[tuple[Any, ...], None](), dict[tuple[Any, ...], None]()
        for call in () if each else function.calls:
            own = [place for place, column in given_columns(call) if self.is_column(column)]
            given.update(dict.fromkeys(own))
            if own:
                found = values_in(call.result)
                places.update({path: None for path, value in found if self.is_filled(value)})
        filled = {"how": "misfills", "instead": self.instead, "given": [*given]}
        return at(each or function) | filled | {"places": [*places]}


def values_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """What is held in a value, a few levels deep, each with its place; columns whole."""
    if is_frame(value) or type(value).__name__ == "ndarray":
        yield from ((path + place, column) for place, _, column in columns_in(value))
        return
    yield path, value
    if hasattr(value, "iloc") or len(path) > 2:
        return
    if isinstance(value, list | tuple):
        items: Iterable[tuple[Any, Any]] = enumerate(value)
    else:
        held = value if isinstance(value, dict) else getattr(value, "__dict__", {})
        items = held.items()
    for name, item in items:
        yield from values_in(item, (*path, name))


@dataclass(frozen=True)
class SameForAll:
    """A column that a function makes has one value in each row, and a unit test must notice."""

    what: str
    value: Any
    wanted: Callable[[Sequence[Any]], bool]
    advice: str

    def breakage(self, function: Function, each: Function | None = None) -> dict[str, Any]:
        """What breaks a function so, or the one that it calls for ``each`` value."""
        made = [item for call in function.calls for item in values_in(call.result)]
        found = [(path, value) for path, value in made if hasattr(value, "__len__")]
        places = [path for path, value in found if self.wanted(value)]
        if each:  # it gives back one value, one of those in the column
            columns = [set(as_texts(value)) for _, value in found if self.wanted(value)]
            is_it = any(set(as_texts(each.small_results)) == one for one in columns)
            places = [()] if is_it else []
        same = {"how": "gives the same", "value": self.value, "places": [*dict.fromkeys(places)]}
        return at(each or function) | same


Mistake = Misreading | Misfilling | SameForAll
