"""What a call of a library or built-in function gives and does."""

import ast
from collections.abc import Generator
from dataclasses import replace

from nbkata.purity.core import effects
from nbkata.purity.core.arguments import Arguments, keyword_edits, line_of
from nbkata.purity.core.context import Context, Event, Reading, edit, snippet
from nbkata.purity.core.effects import Effect
from nbkata.purity.core.findings import Finding, Sure
from nbkata.purity.core.values import (
    ARRAY,
    FRAME,
    FRESH,
    SCALAR,
    Kind,
    Value,
    container,
    iterated_item,
    joined,
    part,
    shallow,
    weaker,
)

_BUFFERS = frozenset(["io.StringIO", "io.BytesIO"])
_TEXT_OF_NOW = frozenset(["now", "today"])
_SCALAR_BUILTINS = frozenset(
    "len int float str bool round abs sum min max any all ord chr repr hash isinstance "
    "issubclass callable type id divmod pow format range math hasattr".split()
)
_PIPELINES = frozenset("make_pipeline Pipeline FeatureUnion make_union".split())


def library_call(context: Context, name: str, arguments: Arguments) -> Reading:
    """Read the call of what is known by its full name."""
    line = line_of(arguments)
    effect = _effect(name, arguments)
    if effect is not None:
        shown = snippet(arguments.node)
        about = "os.environ" if name.startswith("os.environ.") else ""
        yield Finding(line, effect.cause, f"{effect.phrase}: {shown}", effect.sure, about)
    yield from _edits(context, name, arguments)
    return _result(name, arguments, effect)


def _effect(name: str, arguments: Arguments) -> Effect | None:
    """What the call does to the world, with its arguments taken into account."""
    if _talks_to_a_buffer(arguments):
        return None
    if name in ("open", "io.open", "gzip.open", "bz2.open", "lzma.open", "codecs.open"):
        return effects.WRITES if _writes(arguments) else effects.READS
    if name in effects.SEEDED_GENERATORS:
        seed = arguments.node_at(0) or arguments.keyword("seed") or arguments.keyword("x")
        return effects.UNSEEDED if seed is None or _is_none(seed) else None
    if name in effects.CLOCK_WITHOUT_ARGUMENTS or name == "time.strftime":
        enough = 2 if name == "time.strftime" else 1
        return None if len(arguments.node.args) >= enough else effects.CLOCK
    if name in ("pandas.Timestamp", "pandas.to_datetime", "numpy.datetime64"):
        first = arguments.node_at(0)
        is_now = isinstance(first, ast.Constant) and first.value in _TEXT_OF_NOW
        return effects.CLOCK if is_now else None
    if name.startswith("pandas.read_") and name == "pandas.read_sql":
        return effects.DATABASE
    if name.startswith("sys.std") and name.endswith((".isatty", ".encoding")):
        return effects.ENVIRONMENT
    return effects.effect_of_name(name) or _unseeded(name, arguments)


def _talks_to_a_buffer(arguments: Arguments) -> bool:
    """A StringIO made here is no file: reading and writing it is computing."""
    target = arguments.named.get("file")
    values = [*arguments.positional, *([] if target is None else [target])]
    return any(value.kind is Kind.BUFFER and not value.sources for value in values)


def _writes(arguments: Arguments) -> bool:
    mode = arguments.node_at(1) or arguments.keyword("mode")
    return (
        isinstance(mode, ast.Constant)
        and isinstance(mode.value, str)
        and bool(set(mode.value) & set("wax+"))
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _unseeded(name: str, arguments: Arguments) -> Effect | None:
    """scikit-learn's randomness without ``random_state``."""
    state = arguments.keyword("random_state")
    if state is not None and not _is_none(state):
        return None
    if arguments.keyword("**") is not None or any(k.arg is None for k in arguments.node.keywords):
        return None
    short = name.rpartition(".")[2]
    unseeded = Effect(effects.RANDOM.cause, f"uses {short} without random_state")
    if name in effects.NEEDS_RANDOM_STATE_CALL:
        shuffled = arguments.keyword("shuffle")
        if isinstance(shuffled, ast.Constant) and shuffled.value is False:
            return None
        return unseeded
    if not name.startswith(("sklearn.", "imblearn.")):
        return None
    if short in effects.SHUFFLERS:
        shuffled = arguments.keyword("shuffle")
        return unseeded if isinstance(shuffled, ast.Constant) and shuffled.value else None
    if short in effects.NEEDS_RANDOM_STATE_MODEL or short in effects.ALWAYS_SHUFFLE:
        return replace(unseeded, sure=Sure.LIKELY)
    return None


def _edits(context: Context, name: str, arguments: Arguments) -> Generator[Event, None, None]:
    line, shown = line_of(arguments), snippet(arguments.node)
    in_place = name in effects.EDITS_FIRST or (name.startswith("numpy.") and name.endswith(".at"))
    if in_place and arguments.at(0).kind is not Kind.SCALAR:
        yield from edit(context, arguments.at(0), line, shown)
    yield from keyword_edits(context, arguments, arguments.at(0))


def _result(name: str, arguments: Arguments, effect: Effect | None) -> Value:
    first = arguments.at(0)
    if name in _BUFFERS:
        return Value(kind=Kind.BUFFER)
    if name == "getattr" and len(arguments.node.args) >= 2:
        return _getattr(first, arguments.node_at(1))
    if name == "globals":
        return Value(name="globals()")
    if name in ("copy.deepcopy", "sklearn.base.clone"):
        return Value(kind=first.kind)
    if name in ("enumerate", "zip", "itertools.zip_longest", "itertools.product"):
        return _zipped(name, arguments)
    if name == "map":
        return container(Kind.LIST, [])
    if name in ("dict", "collections.OrderedDict") and not arguments.positional:
        return container(Kind.DICT, arguments.named.values())
    if name in effects.SHALLOW_BUILTINS:
        return _shallow(name, arguments)
    if name in ("next", "vars", "typing.cast", "functools.reduce"):
        value = arguments.at(1) if name == "typing.cast" else first
        return value if name in ("typing.cast", "vars") else part(value)
    if name in effects.ALIASING_FUNCTIONS:
        seen = replace(weaker(first, Sure.LIKELY), kind=Kind.ARRAY, parts=(), element=None)
        return seen if first.kind is not Kind.FRAME else weaker(seen, Sure.POSSIBLE)
    if name in effects.SEEDED_GENERATORS:
        return Value(kind=Kind.RANDOM)
    return _by_library(name, arguments, effect)


def _getattr(owner: Value, attribute: ast.expr | None) -> Value:
    if not isinstance(attribute, ast.Constant) or not isinstance(attribute.value, str):
        return weaker(part(owner), Sure.POSSIBLE)
    if owner.name and not owner.sources:
        return Value(name=f"{owner.name}.{attribute.value}")
    return Value(receiver=owner, name=f".{attribute.value}", sources=frozenset())


def _zipped(name: str, arguments: Arguments) -> Value:
    items = tuple(iterated_item(value) for value in arguments.positional)
    if name == "enumerate":
        items = (SCALAR, *items[:1])
    return container(Kind.LIST, [container(Kind.UNKNOWN, items, items)])


def _shallow(name: str, arguments: Arguments) -> Value:
    place = 1 if name == "filter" else 0
    kinds = {"dict": Kind.DICT, "set": Kind.SET, "collections.defaultdict": Kind.DICT}
    source = arguments.at(place)
    kind = kinds.get(name, Kind.LIST)
    if name == "copy.copy":
        kind = source.kind
    if source.kind in (Kind.FRAME, Kind.SCALAR):
        return Value(kind=kind)
    if name in ("tuple", "frozenset"):
        kind = Kind.UNKNOWN
    if name in ("itertools.chain", "itertools.chain.from_iterable"):
        return container(kind, [part(value) for value in arguments.positional])
    return shallow(source, kind)


def _by_library(name: str, arguments: Arguments, effect: Effect | None) -> Value:
    short = name.rpartition(".")[2]
    if short in _PIPELINES and name.startswith(("sklearn.", "imblearn.")):
        held = [_innermost(value) for value in arguments.positional]
        return container(Kind.WRAPPER, held)
    if name in _SCALAR_BUILTINS or name.startswith(("math.", "os.path.")):
        return SCALAR
    if name == "logging.getLogger" or short == "get_logger":
        return Value(kind=Kind.LOGGER)
    if name == "contextvars.ContextVar":
        return Value(kind=Kind.CONTEXT)
    if name.startswith("pathlib."):
        return Value(kind=Kind.PATH)
    if name.startswith("pandas."):
        return FRAME
    if name.startswith("numpy."):
        return ARRAY
    if name in ("open", "io.open", "gzip.open"):
        return Value(kind=Kind.FILE)
    if name.startswith("matplotlib.pyplot."):
        return Value(kind=Kind.AXES)
    if effect is not None or "." in name:
        return FRESH
    return FRESH


def _innermost(value: Value) -> Value:
    """``[("scale", scaler), ("model", model)]`` holds the two estimators."""
    found = value
    while found.element is not None and not found.sources:
        found = found.element
    return joined([found]) or FRESH
