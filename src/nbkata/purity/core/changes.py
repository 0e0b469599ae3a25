"""Where two versions of an object differ, to the last bit: the column, the rows, the attribute."""

import types
from collections import deque
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePath
from typing import Any

# Enough to tell what happened; a list of a million items is not compared to its end.
MOST_CHANGES = 20
_MOST_ROWS = 3
_ATOMS = (int, str, bytes, bool, type(None), complex)


def changes(before: Any, after: Any, name: str) -> tuple[str, ...]:
    """What is different in ``after``, one phrase for each place; empty for no difference."""
    found: tuple[str, ...] = ()
    for change in _compared(before, after, name, frozenset()):
        found = (*found, change)
        if len(found) == MOST_CHANGES:
            break
    return found


def _compared(before: Any, after: Any, name: str, seen: frozenset[int]) -> Iterator[str]:
    # pylint: disable=too-many-return-statements # one for each kind of object
    if before is after:
        return None
    if type(before) is not type(after):
        yield f"{name} became {_shown(after)} (was {_shown(before)})"
        return None
    if isinstance(before, float):
        if _bits(before) != _bits(after):
            yield f"{name} became {after!r} (was {before!r})"
        return None
    if isinstance(before, _ATOMS):
        if before != after:
            yield f"{name} became {_shown(after)} (was {_shown(before)})"
        return None
    if id(before) in seen:
        return None
    return (yield from _containers(before, after, name, seen | {id(before)}))


def _containers(before: Any, after: Any, name: str, seen: frozenset[int]) -> Iterator[str]:
    module = type(before).__module__
    if module == "pandas" or module.startswith("pandas."):
        yield from _pandas(before, after, name, seen)
    elif module == "numpy" or module.startswith("numpy."):
        yield from _numpy(before, after, name)
    elif isinstance(before, Mapping):
        yield from _mappings(before, after, name, seen)
        yield from _attributes(before, after, name, seen)
    elif isinstance(before, list | tuple | deque):
        yield from _sequences(before, after, name, seen)
        yield from _attributes(before, after, name, seen)
    elif isinstance(before, set | frozenset | bytearray):
        if before != after:
            yield f"{name} became {_shown(after)} (was {_shown(before)})"
    elif isinstance(before, types.FunctionType):
        yield from _functions(before, after, name, seen)
    elif isinstance(before, types.MethodType | types.BuiltinFunctionType | type | types.ModuleType):
        if getattr(before, "__qualname__", before) != getattr(after, "__qualname__", after):
            yield f"{name} became {_shown(after)}"
    else:
        yield from _objects(before, after, name, seen)


def _objects(before: Any, after: Any, name: str, seen: frozenset[int]) -> Iterator[str]:
    if type(before).__module__ == "random" or hasattr(before, "getstate"):
        if before.getstate() != after.getstate():
            yield f"{name} was advanced: it will draw other numbers"
        return
    if hasattr(before, "__next__") and not _has_state(before):
        if _reduced(before) is not None and changes(
            _reduced(before)[1:], _reduced(after)[1:], name
        ):
            yield f"{name} was advanced: a part of it is used up"
        return
    if isinstance(before, PurePath):  # it keeps its own text once somebody asked for it
        if before != after:
            yield f"{name} became {after} (was {before})"
        return
    if hasattr(before, "getvalue") and hasattr(before, "tell"):
        if (before.getvalue(), before.tell()) != (after.getvalue(), after.tell()):
            yield f"{name} was read or written"
        return
    # Asked of both: that alone gives a partial a __dict__.
    if _has_state(before) or _has_state(after):
        yield from _attributes(before, after, name, seen)
        return
    reduced = _reduced(before), _reduced(after)
    if reduced[0] is not None and isinstance(reduced[0], tuple) and isinstance(reduced[1], tuple):
        plain = [tuple(item for item in each[1:] if item is not None) for each in reduced]
        yield from _compared(plain[0], plain[1], f"the state of {name}", seen)


def _has_state(value: Any) -> bool:
    return bool(getattr(value, "__dict__", None)) or any(
        "__slots__" in vars(kind) for kind in type(value).__mro__
    )


def _reduced(value: Any) -> Any:
    try:
        return value.__reduce_ex__(4)
    except Exception:  # pylint: disable=broad-exception-caught # other people's objects
        return None


def _attributes(before: Any, after: Any, name: str, seen: frozenset[int]) -> Iterator[str]:
    """Instance attributes; a cached property that was asked for is no change."""
    old, new = _state(before), _state(after)
    kind = type(before)
    for key in dict.fromkeys([*old, *new]):
        if isinstance(getattr(kind, key, None), cached_property):
            continue
        if key not in new:
            yield f"{name}.{key} is gone"
        elif key not in old:
            yield f"{name}.{key} is new"
        else:
            yield from _compared(old[key], new[key], f"{name}.{key}", seen)


def _state(value: Any) -> dict[str, Any]:
    slots = {
        slot: getattr(value, slot)
        for kind in type(value).__mro__
        for slot in _slots(kind)
        if slot not in ("__dict__", "__weakref__") and hasattr(value, slot)
    }
    return {**slots, **getattr(value, "__dict__", {})}


def _slots(kind: type) -> tuple[str, ...]:
    slots = vars(kind).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _mappings(before: Any, after: Any, name: str, seen: frozenset[int]) -> Iterator[str]:
    for key in before:
        if key not in after:
            yield f"{name}[{key!r}] is gone"
        else:
            yield from _compared(before[key], after[key], f"{name}[{key!r}]", seen)
    for key in after:
        if key not in before:
            yield f"{name}[{key!r}] is new"
    if before.keys() == after.keys() and list(before) != list(after):
        yield f"the order of {name} changed"


def _sequences(before: Any, after: Any, name: str, seen: frozenset[int]) -> Iterator[str]:
    if len(before) != len(after):
        yield f"{name} has {len(after)} items (had {len(before)})"
        return
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        yield from _compared(old, new, f"{name}[{index}]", seen)


def _functions(before: Any, after: Any, name: str, seen: frozenset[int]) -> Iterator[str]:
    if before.__code__ != after.__code__:
        yield f"{name} became another function"
    yield from _compared(before.__defaults__, after.__defaults__, f"the defaults of {name}", seen)
    yield from _compared(vars(before), vars(after), f"the attributes of {name}", seen)
    cells = [
        tuple(_cell(cell) for cell in function.__closure__ or ()) for function in (before, after)
    ]
    yield from _compared(cells[0], cells[1], f"what {name} remembers", seen)


def _cell(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not yet filled
        return None


def _pandas(before: Any, after: Any, name: str, seen: frozenset[int]) -> Iterator[str]:
    kind = type(before).__name__
    if kind == "DataFrame":
        yield from _frames(before, after, name, seen)
    elif kind == "Series":
        yield from _labels(before.index, after.index, f"the index of {name}")
        if before.name != after.name:
            yield f"the name of {name} became {after.name!r} (was {before.name!r})"
        if len(before) == len(after):
            yield from _columns(before, after, f"{name}")
        yield from _compared(before.attrs, after.attrs, f"{name}.attrs", seen)
    elif hasattr(before, "equals") and hasattr(before, "names"):
        yield from _labels(before, after, name)
    elif hasattr(before, "dtype") and hasattr(before, "__len__"):
        if before.dtype != after.dtype or not _same_values(before, after):
            yield f"{name} changed"
    elif hasattr(before, "obj"):  # a groupby, a window, an indexer: the rest of it is caches
        yield from _compared(before.obj, after.obj, name, seen)
    elif before != after and not (before != before and after != after):  # NaT is not itself
        yield f"{name} became {after!r} (was {before!r})"


def _frames(before: Any, after: Any, name: str, seen: frozenset[int]) -> Iterator[str]:
    if not _same_labels(before.columns, after.columns):
        yield from _column_names(before, after, name)
    yield from _labels(before.index, after.index, f"the index of {name}")
    if before.columns.is_unique and after.columns.is_unique and len(before) == len(after):
        for column in before.columns:
            if column in after.columns:
                yield from _columns(before[column], after[column], f"{name}[{column!r}]")
    elif len(before) == len(after) and list(before.columns) == list(after.columns):
        for place, column in enumerate(before.columns):
            old, new = before.iloc[:, place], after.iloc[:, place]
            yield from _columns(old, new, f"{name}[{column!r}]")
    yield from _compared(before.attrs, after.attrs, f"{name}.attrs", seen)


def _column_names(before: Any, after: Any, name: str) -> Iterator[str]:
    old, new = list(before.columns), list(after.columns)
    added = [str(column) for column in new if column not in old]
    gone = [str(column) for column in old if column not in new]
    if added:
        yield f"{name} has the new column{'s' * (len(added) > 1)} {', '.join(added)}"
    if gone:
        yield f"{name} lost the column{'s' * (len(gone) > 1)} {', '.join(gone)}"
    if not added and not gone:
        yield f"the columns of {name} changed their order or type"


def _columns(before: Any, after: Any, name: str) -> Iterator[str]:
    """One column: its type, then the rows that differ."""
    if before.dtype != after.dtype:
        yield _other_dtype(before.dtype, after.dtype, name)
        return
    if _same_values(before.array, after.array):
        return
    rows = [
        label
        for label, old, new in zip(before.index, before.array, after.array, strict=True)
        if not _same_item(old, new)
    ]
    if rows:
        yield f"{name} changed in {_rows(rows)}"


def _other_dtype(before: Any, after: Any, name: str) -> str:
    if str(before) == str(after) and hasattr(before, "categories"):
        old, new = list(before.categories), list(after.categories)
        return f"the categories of {name} became {_shown(new)} (were {_shown(old)})"
    return f"{name} became {after} (was {before})"


def _rows(rows: list[Any]) -> str:
    shown = ", ".join(str(row) for row in rows[:_MOST_ROWS])
    if len(rows) > _MOST_ROWS:
        return f"{len(rows)} rows ({shown}, …)"
    return f"row{'s' * (len(rows) > 1)} {shown}"


def _same_item(old: Any, new: Any) -> bool:
    return not changes(old, new, "")


def _same_values(before: Any, after: Any) -> bool:
    """Bit for bit where they are numbers, item by item where they are objects."""
    import numpy as np  # pylint: disable=import-outside-toplevel # only where arrays are compared

    old, new = np.asarray(before), np.asarray(after)
    if old.dtype != new.dtype or old.shape != new.shape:
        return False
    if old.dtype.names:  # between the fields there may be bytes that mean nothing
        return all(_same_values(old[field], new[field]) for field in old.dtype.names)
    if old.dtype.kind == "O":
        return all(_same_item(x, y) for x, y in zip(old.ravel(), new.ravel(), strict=True))
    return old.tobytes() == new.tobytes()


def _same_labels(before: Any, after: Any) -> bool:
    return (
        len(before) == len(after)
        and before.dtype == after.dtype
        and list(before.names) == list(after.names)
        and _same_values(before, after)
    )


def _labels(before: Any, after: Any, name: str) -> Iterator[str]:
    if len(before) != len(after):
        yield f"{name} has {len(after)} rows (had {len(before)})"
    elif list(before.names) != list(after.names):
        yield f"{name} is named {list(after.names)} (was {list(before.names)})"
    elif not _same_labels(before, after):
        yield f"{name} changed"


def _numpy(before: Any, after: Any, name: str) -> Iterator[str]:
    if hasattr(before, "bit_generator"):
        if changes(before.bit_generator.state, after.bit_generator.state, name):
            yield f"{name} was advanced: it will draw other numbers"
        return
    if type(before).__name__ == "RandomState":
        old, new = before.get_state(legacy=False), after.get_state(legacy=False)
        if changes(old, new, name):
            yield f"{name} was advanced: it will draw other numbers"
        return
    if not hasattr(before, "dtype") or not hasattr(before, "shape"):
        if repr(before) != repr(after):
            yield f"{name} became {_shown(after)} (was {_shown(before)})"
        return
    yield from _arrays(before, after, name)


def _arrays(before: Any, after: Any, name: str) -> Iterator[str]:
    if before.dtype != after.dtype or before.shape != after.shape:
        yield (
            f"{name} became {after.dtype} of shape {after.shape} "
            f"(was {before.dtype} of shape {before.shape})"
        )
        return
    if _same_values(before, after):
        return
    if before.shape == ():
        yield f"{name} became {after!r} (was {before!r})"
        return
    places = [
        index
        for index, (old, new) in enumerate(zip(before.ravel(), after.ravel(), strict=True))
        if not _same_item(old, new)
    ]
    shown = ", ".join(str(place) for place in places[:_MOST_ROWS])
    yield f"{name} changed at {len(places)} place{'s' * (len(places) > 1)} ({shown}{', …' * (len(places) > _MOST_ROWS)})"


def _bits(number: float) -> str:
    return "nan" if number != number else number.hex()


def _shown(value: Any) -> str:
    try:
        text = " ".join(repr(value).split())
    except Exception:  # pylint: disable=broad-exception-caught # other people's __repr__
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:59] + "…"
