"""A call with arguments that were captured, and how it ended."""

import asyncio
import inspect
import itertools
import pickle
import types
from collections.abc import Iterator
from typing import Any

from nbkata.purity.shell.audit import Stopped

# Of a generator; an endless one is not read to its end.
MOST_ITEMS = 100_000


class Arguments:
    """The captured arguments; each call gets its own copy."""

    def __init__(self, content: bytes, function: Any) -> None:
        self.content = content
        self.signature = inspect.signature(function, follow_wrapped=True)
        self.makes = function.__name__ in ("__init__", "__new__", "__post_init__", "__setstate__")
        self.copy()

    def copy(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """A fresh one."""
        args, kwargs = pickle.loads(self.content)
        return args, kwargs

    def named(self, given: tuple[tuple[Any, ...], dict[str, Any]]) -> dict[str, Any]:
        """By parameter; the object that is being made is not among them."""
        args, kwargs = given
        try:
            bound = dict(self.signature.bind(*args, **kwargs).arguments)
        except TypeError:
            bound = {
                **{f"argument {place + 1}": value for place, value in enumerate(args)},
                **kwargs,
            }
        return dict(itertools.islice(bound.items(), 1, None)) if self.makes else bound


def outcome(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, Any]:
    """What a call returned or raised; generators and coroutines are run to their end."""
    try:
        result = function(*args, **kwargs)
        if inspect.iscoroutine(result):
            result = _awaited(result)
        elif isinstance(result, Iterator) and not hasattr(result, "read"):
            result = _drained(result)
        return "returned", result
    except Stopped as stopped:
        return "stopped", str(stopped)
    # pylint: disable-next=broad-exception-caught # whatever the function raises is its answer
    except (Exception, SystemExit, GeneratorExit) as error:
        return "raised", f"{type(error).__name__}: {error}"


def _awaited(coroutine: Any) -> Any:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


def _drained(iterator: Iterator[Any]) -> list[Any]:
    items = list(itertools.islice(iterator, MOST_ITEMS))
    if isinstance(iterator, types.GeneratorType):
        try:
            next(iterator)
        except StopIteration as stop:
            items.append(stop.value)
    return items
