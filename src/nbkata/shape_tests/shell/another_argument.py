"""A function of the learner's that works for one frame of so many rows, and fails for another one.

So a test that says to compare two frames fails, unless they are the same.
"""

import importlib
from collections.abc import Callable
from typing import Any

from nbkata.shape_tests.shell.outside_tables import is_frame


def refuses_another(original: Callable[..., Any], _is_method: bool) -> Callable[..., Any]:
    """It takes the first frame of so many rows, and this again; for any other it raises."""
    seen = dict[int, Any]()

    def broken(*given: Any, **named: Any) -> Any:
        for frame in filter(is_frame, [*given, *named.values()]):
            digest = importlib.import_module("pandas").util.hash_pandas_object(frame).tolist()
            if seen.setdefault(len(frame), digest) != digest:
                raise AssertionError("another frame")
        return original(*given, **named)

    return broken
