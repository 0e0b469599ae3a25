"""Fingerprints of the values in a namespace; this file's text is sent into the kernel as it is.

So it imports the standard library alone and looks at pandas, numpy or scipy only where the
notebook has imported them itself: the kernel's environment needs no nbkata. A fingerprint is a
digest with enough beside it to tell a person what moved. Told apart: None, NaN, NaT, pd.NA and
the empty string; int, float, bool and str; object, str and category columns. Not distinguished: the
payload of a NaN, and -0.0 from 0.0 (pandas' own assertions hold them equal as well).

Memory stays bounded: columns are hashed one block of rows at a time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import types
from array import array as packed
from typing import Any, Callable, Iterable, Iterator

# Rows hashed at a time.
BLOCK = 65536
# Columns up to this length keep a token for each row; longer ones one for a run of rows.
KEPT_ROWS = 2000
KEPT_COLUMNS = 64
# Characters of a small value that are kept as they are.
VERBATIM = 200
# Text with more distinct values is kept as row hashes: it may name people.
FEW_TEXTS = 30
# Names whose values are never kept as text.
SECRET = re.compile("token|passw|secret|credential|api_?key", re.IGNORECASE)
MAX_DEPTH = 12
NOT_DATA = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType, type)
IPYTHON_NAMES = {"In", "Out", "exit", "quit", "get_ipython", "open"}


class Probe:
    """Remembers what it sent already, so that each answer holds only what is new."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.kept: set[str] = set()
        self.notes: dict[str, dict[str, Any]] = {}
        self.rows: dict[str, dict[str, Any]] = {}

    def changes(self, namespace: dict[str, Any], names: Iterable[str] | None = None) -> str:
        """JSON of the names that are new, changed or gone since the last call."""
        self.rows = {}
        wanted = namespace if names is None else [name for name in names if name in namespace]
        found: dict[str, Any] = {}
        seen: dict[str, str] = {}
        for name in sorted(wanted):
            if names is None and _is_machinery(name, namespace[name]):
                continue
            print_ = self.fingerprint(namespace[name])
            if SECRET.search(name):
                print_.pop("value", None)
            text = json.dumps(print_, sort_keys=True)
            seen[name] = text
            if self.known.get(name) != text:
                found[name] = print_
        gone = sorted(set(self.known) - set(seen))
        self.known = seen
        return json.dumps({"names": found, "gone": gone, "values": self.rows})

    def fingerprint(self, value: Any) -> dict[str, Any]:
        """One value: kind, type, shape, digest, and columns or the value itself."""
        try:
            return self._fingerprint(value)
        except (MemoryError, KeyboardInterrupt):
            raise
        # pylint: disable-next=broad-exception-caught
        except Exception as error:  # a broken object of the notebook's must not stop the record
            digest = _digest([type(value).__name__])
            return _plain("object", value, digest, f"not seen ({type(error).__name__})")

    def _fingerprint(self, value: Any) -> dict[str, Any]:
        pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
        if pandas is not None and hasattr(pandas, "DataFrame"):
            if isinstance(value, pandas.DataFrame):
                columns = [(_label(c), value.iloc[:, i]) for i, c in enumerate(value.columns)]
                return self._table("frame", value, columns + _index_columns(value.index))
            if isinstance(value, pandas.Series):
                columns = [(_label(value.name), value), *_index_columns(value.index)]
                return self._table("series", value, columns)
            if isinstance(value, pandas.Index):
                return self._table("index", value, _index_columns(value))
        if numpy is not None and isinstance(value, numpy.ndarray):
            return self._table("array", value, _array_columns(value))
        if _is_sparse(value):
            rows = value.tocsr() if hasattr(value, "tocsr") else value.tocoo()
            parts = [(n, getattr(rows, n)) for n in ("data", "indices", "indptr", "row", "col")
                     if hasattr(rows, n)]  # fmt: skip
            return self._table("sparse", value, parts)
        return _other(value)

    def _table(self, kind: str, value: Any, columns: list[tuple[str, Any]]) -> dict[str, Any]:
        answer = []
        for place, (name, column) in enumerate(columns):
            answer.append({"name": name, **self._column(column, place < KEPT_COLUMNS)})
        shape = [int(length) for length in value.shape]
        attributes = [kind, type(value).__name__, shape]
        digest = _digest([json.dumps([attributes, [[c["name"], c["digest"]] for c in answer]])])
        return {
            "kind": kind,
            "type": type(value).__name__,
            "shape": shape,
            "digest": digest,
            "columns": answer,
        }

    def _column(self, column: Any, keep: bool) -> dict[str, Any]:
        digest = column_digest(column)
        if digest not in self.notes:
            self.notes[digest] = _notes(column)
        if keep and digest not in self.kept:
            self.kept.add(digest)
            self.rows[digest] = _row_tokens(column)
        return {"dtype": _dtype(column), "digest": digest, **self.notes[digest]}


def column_digest(column: Any) -> str:
    """The dtype and every value in order, 64 bits of them."""
    if str(column.dtype) in ("str", "object") and len(column) <= BLOCK:
        return _known(_items(column), str(column.dtype), lambda: _digest(_column_parts(column)))
    return _digest(_column_parts(column))


def deep_digest(value: Any) -> str:
    """Any value: containers and fitted models by what is in them, unknown objects by type."""
    if type(value) is list:  # pylint: disable=unidiomatic-typecheck # not of its subclasses
        return _known(value, "list", lambda: _digest(_parts(value, set(), 0)))
    return _digest(_parts(value, set(), 0))


SCALARS = {str, int, float, bool, type(None)}
# Values that are remembered; then it forgets them all.
MOST_KNOWN = 1000000
_KNOWN: dict[tuple[Any, ...], str] = {}


def _known(items: list[Any], kind: str, make: Callable[[], str]) -> str:
    """A digest made once for all columns and lists of the same plain values.

    Looking up a tuple is much cheaper than hashing the values anew after every cell: Python keeps
    each string's own hash in it, and compares what is the same object by that alone.
    """
    types_ = tuple(map(type, items))
    if not SCALARS.issuperset(types_):
        return make()
    key = (kind, tuple(items), types_)  # with their types, for 1 == 1.0 == True
    if key not in _KNOWN:
        if sum(len(known[1]) for known in _KNOWN) > MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = make()
    return _KNOWN[key]


def _column_parts(column: Any) -> Iterator[Any]:
    yield _dtype(column)
    if getattr(column.dtype, "name", "") == "category":
        categories = getattr(column, "cat", column)
        yield f"ordered={categories.ordered}"
        yield from _column_parts(categories.categories)
        column = categories.codes
    for start in range(0, len(column), BLOCK):
        yield from _block_parts(_block(column, start, start + BLOCK))


def _block(column: Any, start: int, stop: int) -> Any:
    return column.iloc[start:stop] if hasattr(column, "iloc") else column[start:stop]


def _block_parts(block: Any) -> Iterator[Any]:
    kind = getattr(block.dtype, "kind", "O")
    if type(block.dtype).__module__.startswith("numpy") and kind in "biufcMmSU":
        yield from _numeric_parts(_numpy(block))
    elif type(block.dtype).__module__.startswith("numpy") and kind == "V" and block.dtype.names:
        for name in block.dtype.names:
            yield name
            yield from _numeric_parts(_numpy(block)[name])
    else:
        yield "".join(_tagged(item) for item in _items(block))


def _numeric_parts(array: Any) -> Iterator[Any]:
    numpy = sys.modules["numpy"]
    if array.dtype.kind in "fc":
        array = array + array.dtype.type(0)  # -0.0 becomes 0.0
        lost = numpy.isnan(array)
        if lost.any():
            array[lost] = numpy.nan
        if array.dtype.itemsize == 16 and array.dtype.kind == "f":  # padded long doubles
            array = numpy.frompyfunc(repr, 1, 1)(array).astype("U")
    in_place = array.size and array.dtype.kind not in "MmU"
    yield numpy.ascontiguousarray(array).data.cast("B") if in_place else array.tobytes()


def _items(block: Any) -> list[Any]:
    if hasattr(block, "astype") and str(getattr(block, "dtype", "")) not in ("object", "str"):
        block = block.astype(object)
    return list(block.tolist() if hasattr(block, "tolist") else block)


def _tagged(item: Any) -> str:
    """One object of a column, with its type: '1' is not 1, None is not NaN."""
    kind = type(item)
    if kind is str:
        return f"s{len(item)}:{item}"
    if item is None:
        return "N;"
    if kind is float:
        return f"f{item + 0.0!r};"
    if kind is int or kind is bool:
        return f"{kind.__name__[0]}{item!r};"
    return f"{kind.__name__}:{deep_digest(item)};"


def _plain_parts(items: Any) -> Iterator[Any]:
    """Plain values, many at once: a long list costs little more than its hash."""
    for start in range(0, len(items), BLOCK):
        block = items[start : start + BLOCK]
        kinds = set(map(type, block))
        if kinds == {float}:
            yield "floats"
            yield packed("d", [item + 0.0 for item in block]).tobytes()
        elif kinds == {int} and -(1 << 63) <= min(block) and max(block) < 1 << 63:
            yield "ints"
            yield packed("q", block).tobytes()
        elif kinds == {str}:
            yield json.dumps(block)
        else:
            values = (item + 0.0 if isinstance(item, float) else item for item in block)
            yield "".join([f"{type(item).__name__}:{item!r};" for item in values])


def _parts(value: Any, above: set[int], depth: int) -> Iterator[Any]:
    kind = type(value)
    if value is None or kind in (bool, int, str, bytes, complex):
        yield f"{kind.__name__}:{value!r};"
        return
    if kind is float:
        yield f"float:{value + 0.0!r};"
        return
    if id(value) in above or depth > MAX_DEPTH:
        yield "again;"
        return
    above = above | {id(value)}
    yield f"{_named(kind)}("
    if kind in (list, tuple) and len(value) > BLOCK and SCALARS.issuperset(map(type, value)):
        yield from _plain_parts(value)
        yield ")"
        return
    for inner in _inside(value):
        if isinstance(inner, _Column):
            yield from _column_parts(inner.column)
        elif isinstance(inner, _Text):
            yield str(inner)
        elif isinstance(inner, _Unordered):
            yield from sorted(_digest(_parts(item, above, depth + 1)) for item in inner.items)
        else:
            yield from _parts(inner, above, depth + 1)
    yield ")"


class _Column:
    """A column met inside another value."""

    def __init__(self, column: Any) -> None:
        self.column = column


class _Unordered:
    """Members whose order means nothing."""

    def __init__(self, items: Any) -> None:
        self.items = items


class _Text(str):
    """A text that stands for a value."""


def _inside(value: Any) -> Iterator[Any]:
    """What a value consists of; nothing for an object that only its type can tell."""
    numpy = sys.modules.get("numpy")
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield item
    elif isinstance(value, (set, frozenset)):
        yield _Unordered(value)
    elif isinstance(value, (list, tuple)) or type(value).__name__ == "deque":
        yield from value
    elif numpy is not None and isinstance(value, numpy.generic):
        yield _Text(f"{value!r}")
    elif _is_table(value):
        yield from _table_inside(value)
    elif isinstance(value, NOT_DATA):
        yield _Text(getattr(value, "__qualname__", getattr(value, "__name__", "")))
    elif _is_model(value):
        yield from _model_inside(value)
    elif type(value).__module__ in ("datetime", "decimal", "fractions", "uuid", "pathlib") or (
        type(value).__module__.startswith("pandas.")
    ):
        yield _Text(repr(value))
    elif type(value).__name__ in ("RandomState", "Random", "Generator"):
        yield from _generator_state(value)
    elif hasattr(value, "__dataclass_fields__"):
        yield vars(value) if hasattr(value, "__dict__") else repr(value)
    elif attributes := _attributes(value):
        yield attributes


def _named(kind: type) -> str:
    """A class's full name; one that the code itself defines is another's part in every way to run it."""
    return kind.__name__ if _is_own(kind) else f"{kind.__module__}.{kind.__qualname__}"


def _is_own(kind: type) -> bool:
    """Whether the code itself defines it: in what is run, or in a file below the working folder."""
    if kind.__module__ == "__main__":
        return True
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return (
        bool(file) and str(file).startswith(os.getcwd() + os.sep) and "-packages" not in str(file)
    )


def _attributes(value: Any) -> dict[str, Any]:
    """The public ones of an instance of such a class."""
    names = getattr(value, "__dict__", {}) if _is_own(type(value)) else {}
    return {name: item for name, item in names.items() if not name.startswith("_")}


def _table_inside(value: Any) -> Iterator[Any]:
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        for place, name in enumerate(value.columns):
            yield name
            yield _Column(value.iloc[:, place])
        yield value.index
    elif hasattr(value, "levels"):
        for level in range(value.nlevels):
            yield _Column(value.get_level_values(level))
    elif hasattr(value, "iloc"):
        yield value.name
        yield _Column(value)
        yield value.index
    elif _is_sparse(value):
        coo = value.tocoo()
        yield from (list(value.shape), _Column(coo.data), _Column(coo.row), _Column(coo.col))
    elif getattr(value, "ndim", 1) == 1:
        yield _Column(value)
    else:
        yield list(value.shape)
        yield _Column(value.reshape(-1))


def _model_inside(value: Any) -> Iterator[Any]:
    if type(value).__name__ == "Tree" and hasattr(value, "children_left"):
        # scikit-learn's own state pads its nodes with bytes that mean nothing
        for name in ("children_left", "children_right", "feature", "threshold", "value"):
            yield getattr(value, name)
    elif hasattr(value, "state_dict"):
        for name, tensor in value.state_dict().items():
            yield name
            yield tensor.detach().cpu().numpy() if hasattr(tensor, "detach") else tensor
    else:
        yield {name: _untimed(inner) for name, inner in vars(value).items()
               if (not callable(inner) or _is_model(inner)) and not _is_of_this_run(name, inner)}  # fmt: skip


def _is_of_this_run(name: str, inner: Any) -> bool:
    """Whether a model's attribute is an address (``_stop_words_id``) or a duration (``refit_time_``)."""
    return (
        name.startswith("_")
        and isinstance(inner, int)
        and inner > 1 << 32
        or name.endswith("time_")
    )


def _untimed(inner: Any) -> Any:
    """The results of a search without how long each part of it took."""
    if not isinstance(inner, dict) or "mean_fit_time" not in inner:
        return inner
    return {key: value for key, value in inner.items() if not str(key).endswith("_time")}


def _generator_state(value: Any) -> Iterator[Any]:
    if hasattr(value, "bit_generator"):
        yield value.bit_generator.state
    else:
        yield value.get_state() if hasattr(value, "get_state") else value.getstate()


def _is_table(value: Any) -> bool:
    pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return True
    if pandas is not None and hasattr(pandas, "DataFrame"):
        if isinstance(value, (pandas.DataFrame, pandas.Series, pandas.Index)):
            return True
    return _is_sparse(value)


def _is_sparse(value: Any) -> bool:
    return type(value).__module__.startswith("scipy.sparse") and hasattr(value, "tocoo")


def _is_model(value: Any) -> bool:
    if isinstance(value, type):
        return False
    is_tree = type(value).__name__ == "Tree" and hasattr(value, "children_left")
    is_estimator = hasattr(type(value), "get_params") and hasattr(value, "__dict__")
    return is_tree or is_estimator or hasattr(type(value), "state_dict")


def _is_machinery(name: str, value: Any) -> bool:
    """What belongs to Python, IPython or the drawing: ``rcParams`` is another with each backend."""
    mine = name.startswith("_") or name in IPYTHON_NAMES or isinstance(value, NOT_DATA)
    is_function = callable(value) and hasattr(value, "__name__")  # numpy's have types of their own
    return mine or is_function or type(value).__name__ == "RcParams"


def _index_columns(index: Any) -> list[tuple[str, Any]]:
    if hasattr(index, "levels"):
        return [
            (f"(index {_label(index.names[level])})", index.get_level_values(level))
            for level in range(index.nlevels)
        ]
    return [("(index)" if index.name is None else f"(index {index.name})", index)]


def _array_columns(array: Any) -> list[tuple[str, Any]]:
    if array.ndim == 2 and array.shape[1] <= KEPT_COLUMNS:
        return [(str(place), array[:, place]) for place in range(array.shape[1])]
    return [("", array.reshape(-1))]


def _numpy(block: Any) -> Any:
    return block.to_numpy() if hasattr(block, "to_numpy") else block


def _label(name: Any) -> str:
    return name if isinstance(name, str) else repr(name)


def _dtype(column: Any) -> str:
    return str(column.dtype)


def _digest(parts: Iterable[Any]) -> str:
    total = hashlib.blake2b(digest_size=8)
    for part in parts:
        total.update(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part)
    return total.hexdigest()


def _plain(kind: str, value: Any, digest: str, shown: str) -> dict[str, Any]:
    return {"kind": kind, "type": type(value).__name__, "digest": digest, "value": shown}


def _other(value: Any) -> dict[str, Any]:
    digest = deep_digest(value)
    if _is_model(value):
        shown = _short(re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value)))
        answer = _plain("model", value, digest, shown)
        if getattr(value, "random_state", 0) is None:
            answer["unseeded"] = True
        return answer
    if isinstance(value, (dict, list, tuple, set, frozenset)):
        answer = _plain("container", value, digest, _short(_safe_repr(value)))
        return {**answer, "shape": [len(value)]}
    numpy = sys.modules.get("numpy")
    is_scalar = isinstance(value, (int, float, complex, str, bytes, type(None)))
    if is_scalar or numpy is not None and isinstance(value, numpy.generic):
        return _plain("scalar", value, digest, _short(repr(value)))
    if attributes := _attributes(value):
        shown = f"{type(value).__name__} with {', '.join(attributes)}"
        return _plain("instance", value, digest, _short(shown))
    known = next(_inside(value), None) is not None
    return _plain("object", value, digest, _short(repr(value)) if known else "")


def _safe_repr(value: Any) -> str:
    """Sets sorted, so that their text is as steady as their digest; never megabytes of it."""
    if len(value) > VERBATIM:
        return f"{len(value)} items"
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(repr, value))) + "}"
    if any(_is_table(item) or _is_model(item) for item in value):
        return f"{len(value)} items"
    return repr(value)


def _short(text: str) -> str:
    return text if len(text) <= VERBATIM else text[: VERBATIM - 1] + "…"


def _notes(column: Any) -> dict[str, Any]:
    """How many are missing, and the smallest and largest value of numbers and dates."""
    notes: dict[str, Any] = {"missing": 0}
    pandas = sys.modules.get("pandas")
    try:
        if pandas is not None and getattr(column.dtype, "kind", "O") not in "biuSUV":
            notes["missing"] = int(pandas.isna(column).sum())
        if getattr(column.dtype, "kind", "O") in "iufMm" and len(column) > notes["missing"]:
            values = column[~pandas.isna(column)] if notes["missing"] else column  # type: ignore
            notes["low"], notes["high"] = _token(values.min()), _token(values.max())
    # pylint: disable-next=broad-exception-caught
    except Exception:  # a summary is a comfort; exotic extension arrays may lack any of it
        pass
    return notes


def _row_tokens(column: Any) -> dict[str, Any]:
    """A short text for every row, or for every run of ``step`` rows of a long column."""
    rows = len(column)
    if rows > KEPT_ROWS:
        step = -(-rows // 500)
        starts = range(0, rows, step)
        digests = [_digest(_block_parts_any(column, at, at + step))[:6] for at in starts]
        return {"step": step, "rows": rows, "tokens": ["#" + digest for digest in digests]}
    items = _items(_numpy_if_plain(column))
    texts = {item for item in items if isinstance(item, str)}
    hide = len(texts) > FEW_TEXTS
    return {"step": 1, "rows": rows, "tokens": [_token(item, hide) for item in items]}


def _block_parts_any(column: Any, start: int, stop: int) -> Iterator[Any]:
    block = _block(column, start, stop)
    if getattr(block.dtype, "name", "") == "category":
        yield "".join(_tagged(item) for item in _items(block))
    else:
        yield from _block_parts(block)


def _numpy_if_plain(column: Any) -> Any:
    plain = type(column.dtype).__module__.startswith("numpy")
    return _numpy(column) if plain else column


def _token(item: Any, hide: bool = False) -> str:
    """A value as a reader sees it in an example; long floats are cut and keep a check sum."""
    if isinstance(item, str):
        if hide or len(item) > 40:
            return "#" + _digest([item])[:4]
        return repr(item).replace("|", "¦")
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(item, numpy.generic):
        item = item.item() if item.dtype.kind in "biuf" else str(item)
    if isinstance(item, float):
        text = repr(item + 0.0)
        return text if len(text) <= 9 else f"{item:.5g}~{_digest([text])[:2]}"
    if item is None or isinstance(item, (bool, int)):
        return repr(item)
    text = str(item) if type(item).__module__.startswith(("pandas", "datetime")) else ""
    return text.replace("|", "¦")[:40] if text else "#" + deep_digest(item)[:4]


def versions() -> str:
    """JSON of Python's and the imported libraries' versions: other results may be their doing."""
    answer = {"python": sys.version.split()[0]}
    for name in ("numpy", "pandas", "scipy", "sklearn", "polars", "torch", "xgboost", "lightgbm"):
        version = getattr(sys.modules.get(name), "__version__", None)
        if version:
            answer[name] = str(version)
    return json.dumps(answer)
