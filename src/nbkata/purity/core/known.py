"""What calls, attributes and operators do and give: the tables, applied."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbkata.dataflow.core.frames import INDEXERS, OF_FRAMES
from nbkata.purity.core import effects
from nbkata.purity.core.effects import Effect
from nbkata.purity.core.findings import Cause, Sure
from nbkata.purity.core.values import (
    ARRAY,
    FRAME,
    FRESH,
    SCALAR,
    Kind,
    Value,
    container,
    iterated_item,
    part,
    shallow,
    weaker,
)

_BUFFERS = frozenset(["io.StringIO", "io.BytesIO"])
_OPENERS = frozenset("open io.open gzip.open bz2.open lzma.open codecs.open".split())
_SCALAR_BUILTINS = frozenset(
    "len int float str bool round abs sum min max any all ord chr repr hash isinstance "
    "issubclass callable type id divmod pow format range math hasattr".split()
)
_PIPELINES = frozenset("make_pipeline Pipeline FeatureUnion make_union".split())
_INFO = Effect(Cause.OUTPUT, "prints")
_SAMPLES = Effect(Cause.RANDOM, "draws a sample without random_state")
_RANDOM_NAMES = frozenset("rng random random_state generator rs prng gen".split())
_ARRAY_EDITS = frozenset("fill sort put resize itemset setflags partition".split())

Edits = Iterator[tuple[Value, Sure]]


@dataclass(frozen=True, slots=True)
class Arguments:
    """A call's arguments as values, beside their nodes; ``discarded``: nobody takes its result."""

    positional: tuple[Value, ...]
    named: Mapping[str, Value]
    node: ast.Call
    discarded: bool = False

    def keyword(self, name: str) -> ast.expr | None:
        """The node given for a keyword."""
        return next((item.value for item in self.node.keywords if item.arg == name), None)

    def is_constant(self, name: str, value: object) -> bool:
        """Whether a keyword is given as this constant."""
        node = self.keyword(name)
        return isinstance(node, ast.Constant) and node.value is value

    def is_set(self, name: str) -> bool:
        """Whether a keyword is given, perhaps among ``**options``, and is not ``None``."""
        spread = any(keyword.arg is None for keyword in self.node.keywords)
        return spread or (self.keyword(name) is not None and not self.is_constant(name, None))

    def at(self, index: int) -> Value:
        """The positional argument, or a new object if there is none."""
        return self.positional[index] if index < len(self.positional) else FRESH

    def node_at(self, index: int) -> ast.expr | None:
        """The node of a positional argument."""
        return self.node.args[index] if index < len(self.node.args) else None

    @property
    def line(self) -> int:
        """The line of the called name: in a chain over many lines its own."""
        return self.node.func.end_lineno or self.node.lineno


def library_effect(name: str, arguments: Arguments) -> Effect | None:
    """What the call of a library or built-in function does to the world."""
    target = arguments.named.get("file")
    if any(_is_own_buffer(value) for value in (*arguments.positional, target or FRESH)):
        return None
    if name in _OPENERS:
        return effects.WRITES if _writes(arguments) else effects.READS
    if name in effects.SEEDED_GENERATORS:
        seed = arguments.node_at(0) or arguments.keyword("seed") or arguments.keyword("x")
        return effects.UNSEEDED if seed is None or _is_none(seed) else None
    if name in effects.CLOCK_WITHOUT_ARGUMENTS or name == "time.strftime":
        enough = 2 if name == "time.strftime" else 1
        return None if len(arguments.node.args) >= enough else effects.CLOCK
    if name in ("pandas.Timestamp", "pandas.to_datetime", "numpy.datetime64"):
        first = arguments.node_at(0)
        is_now = isinstance(first, ast.Constant) and first.value in ("now", "today")
        return effects.CLOCK if is_now else None
    if name == "pandas.read_sql":
        return effects.DATABASE
    if name.startswith("sys.std") and name.endswith((".isatty", ".encoding")):
        return effects.ENVIRONMENT
    return effects.effect_of_name(name) or _unseeded(name, arguments)


def _is_own_buffer(value: Value) -> bool:
    """A StringIO made here is no file: reading and writing it is computing."""
    return value.kind is Kind.BUFFER and not value.sources


def _writes(arguments: Arguments) -> bool:
    mode = arguments.node_at(1) or arguments.keyword("mode")
    text = mode.value if isinstance(mode, ast.Constant) else ""
    return isinstance(text, str) and bool(set(text) & set("wax+"))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _unseeded(name: str, arguments: Arguments) -> Effect | None:
    """scikit-learn's randomness without ``random_state``."""
    if arguments.is_set("random_state"):
        return None
    short = name.rpartition(".")[2]
    unseeded = Effect(effects.RANDOM.cause, f"uses {short} without random_state")
    if name in effects.NEEDS_RANDOM_STATE_CALL:
        return None if arguments.is_constant("shuffle", False) else unseeded
    if not name.startswith(("sklearn.", "imblearn.")):
        return None
    if short in effects.SHUFFLERS:
        return unseeded if arguments.is_constant("shuffle", True) else None
    if short in effects.NEEDS_RANDOM_STATE_MODEL:
        return replace(unseeded, sure=Sure.LIKELY)
    return None


def library_edits(name: str, arguments: Arguments) -> Edits:
    """The objects that the call of a library or built-in function changes, and how sure that is."""
    in_place = name in effects.EDITS_FIRST or (name.startswith("numpy.") and name.endswith(".at"))
    if in_place and arguments.at(0).kind is not Kind.SCALAR:
        yield arguments.at(0), Sure.CERTAIN
    yield from _keyword_edits(arguments, arguments.at(0))


def _keyword_edits(arguments: Arguments, receiver: Value) -> Edits:
    """``out=`` edits what it names; ``inplace=True`` and ``copy=False`` the object worked on."""
    out = arguments.named.get("out", SCALAR)
    if out.kind is not Kind.SCALAR:
        yield (out if out.sources else part(out)), Sure.CERTAIN
    for keyword, wanted in (("inplace", True), ("copy", False), ("overwrite_input", True)):
        node = arguments.keyword(keyword)
        constant = isinstance(node, ast.Constant)
        if node is None or (constant and not arguments.is_constant(keyword, wanted)):
            continue
        if keyword == "copy" and (not constant or receiver.kind is Kind.FRAME):
            continue
        yield receiver, Sure.CERTAIN if constant and keyword == "inplace" else Sure.LIKELY


def library_result(name: str, arguments: Arguments) -> Value:
    """What the call of a library or built-in function gives."""
    first = arguments.at(0)
    short = name.rpartition(".")[2]
    if name in _BUFFERS:
        return Value(kind=Kind.BUFFER)
    if name == "getattr":
        return _getattr(first, arguments.node_at(1))
    if name == "globals":
        return Value(name="globals()")
    if name in ("copy.deepcopy", "sklearn.base.clone"):
        return Value(kind=first.kind)
    if name in ("enumerate", "zip", "itertools.zip_longest", "itertools.product"):
        return container(Kind.LIST, [iterated_item(value) for value in arguments.positional])
    if name in ("dict", "collections.OrderedDict") and not arguments.positional:
        return container(Kind.DICT, arguments.named.values())
    if name in effects.SHALLOW_BUILTINS:
        return _shallow(name, arguments)
    if name in ("typing.cast", "vars"):
        return arguments.at(1) if name == "typing.cast" else first
    if name in ("next", "functools.reduce"):
        return part(first)
    if name in effects.ALIASING_FUNCTIONS:
        sure = Sure.POSSIBLE if first.kind is Kind.FRAME else Sure.LIKELY
        return replace(weaker(first, sure), kind=Kind.ARRAY, holds=frozenset())
    if short in _PIPELINES and name.startswith(("sklearn.", "imblearn.")):
        return container(Kind.WRAPPER, arguments.positional)
    return Value(kind=_kind_of(name, short))


def _kind_of(name: str, short: str) -> Kind:
    """Of what a library gives."""
    if name in effects.SEEDED_GENERATORS:
        return Kind.RANDOM
    if name in _SCALAR_BUILTINS or name.startswith(("math.", "os.path.")):
        return Kind.SCALAR
    if name == "logging.getLogger" or short == "get_logger":
        return Kind.LOGGER
    if name == "contextvars.ContextVar":
        return Kind.CONTEXT
    if name in ("open", "io.open", "gzip.open"):
        return Kind.FILE
    libraries = {
        "pathlib.": Kind.PATH,
        "pandas.": Kind.FRAME,
        "numpy.": Kind.ARRAY,
        "matplotlib.pyplot.": Kind.AXES,
    }
    known = (kind for library, kind in libraries.items() if name.startswith(library))
    return Kind.LIST if name == "map" else next(known, Kind.UNKNOWN)


def _getattr(owner: Value, attribute: ast.expr | None) -> Value:
    if owner.is_named and isinstance(attribute, ast.Constant) and isinstance(attribute.value, str):
        return Value(name=f"{owner.name}.{attribute.value}")
    return weaker(part(owner), Sure.POSSIBLE)


def _shallow(name: str, arguments: Arguments) -> Value:
    kinds = {"dict": Kind.DICT, "set": Kind.SET, "collections.defaultdict": Kind.DICT}
    source = arguments.at(1 if name == "filter" else 0)
    kind = source.kind if name == "copy.copy" else kinds.get(name, Kind.LIST)
    if source.kind in (Kind.FRAME, Kind.SCALAR):
        return Value(kind=kind)
    if name in ("tuple", "frozenset"):
        kind = Kind.UNKNOWN
    if name in ("itertools.chain", "itertools.chain.from_iterable"):
        return container(kind, [part(value) for value in arguments.positional])
    return shallow(source, kind)


def method_effect(receiver: Value, method: str, arguments: Arguments) -> Effect | None:
    """What the call of an object's method does to the world."""
    kind = receiver.kind
    if kind is Kind.SCALAR:
        return None
    if kind is Kind.PATH or method in effects.PATH_METHODS:
        return effects.PATH_METHODS.get(method) or effects.PATH_ONLY.get(method)
    if method in effects.WRITING_METHODS:
        return _writing(arguments)
    if method in effects.ALWAYS_WRITING_METHODS:
        return effects.WRITES
    if method == "sample" and kind is not Kind.RANDOM:
        sure = Sure.CERTAIN if kind is Kind.FRAME else Sure.LIKELY
        return None if arguments.is_set("random_state") else replace(_SAMPLES, sure=sure)
    if method in effects.PLOT_METHODS and kind in (Kind.FRAME, Kind.UNKNOWN):
        sure = Sure.CERTAIN if kind is Kind.FRAME else Sure.LIKELY
        return replace(effects.DRAWS, sure=sure)
    if method == "savefig":
        return effects.WRITES
    if method == "show" and arguments.discarded:
        return replace(effects.DRAWS, sure=Sure.LIKELY)
    if method == "info" and kind is Kind.FRAME and arguments.keyword("buf") is None:
        return _INFO
    if method in effects.LOG_METHODS and _logs(receiver, method, arguments):
        return effects.LOGS
    if kind is Kind.FILE or (kind is Kind.UNKNOWN and method in effects.FILE_METHODS):
        return _file_effect(receiver, method)
    if kind is Kind.LOGGER and method.startswith(("set", "add", "remove")):
        return effects.SETTINGS
    return None


def _writing(arguments: Arguments) -> Effect | None:
    """``to_csv()`` without a path returns the text."""
    targets = [(arguments.node_at(0), arguments.at(0))]
    for keyword in ("path_or_buf", "path", "buf", "excel_writer"):
        targets.append((arguments.keyword(keyword), arguments.named.get(keyword, FRESH)))
    node, value = next(((n, v) for n, v in targets if n is not None), (None, FRESH))
    return None if node is None or _is_none(node) or _is_own_buffer(value) else effects.WRITES


def _logs(receiver: Value, method: str, arguments: Arguments) -> bool:
    if receiver.kind is Kind.LOGGER:
        return True
    names = {source.name.lower().strip("_") for source in receiver.sources}
    if names & {"logger", "log", "logging"}:
        return True
    is_text = isinstance(arguments.node_at(0), ast.Constant | ast.JoinedStr)
    return receiver.kind is Kind.UNKNOWN and arguments.discarded and method != "log" and is_text


def _file_effect(receiver: Value, method: str) -> Effect | None:
    effect = effects.FILE_METHODS.get(method)
    if effect is None or receiver.kind is Kind.FILE:
        return effect
    return replace(effect, sure=Sure.LIKELY if receiver.sources else Sure.POSSIBLE)


def method_edits(
    receiver: Value, method: str, arguments: Arguments, effect: Effect | None
) -> Edits:
    """The objects that the call of a method with this effect changes, and how sure that is."""
    if effect is None or effect.cause not in (Cause.WRITES, Cause.READS, Cause.DRAWS):
        sure = _edit_sureness(receiver, method, arguments.discarded)
        if sure is not None:
            yield receiver, sure
        if method in effects.FITTERS and receiver.kind is Kind.WRAPPER:
            yield part(receiver), Sure.CERTAIN
        if method == "shuffle":
            yield arguments.at(0), Sure.CERTAIN
    yield from _keyword_edits(arguments, receiver)


def _edit_sureness(receiver: Value, method: str, discarded: bool) -> Sure | None:
    """How sure it is that the method changes its object."""
    kind = receiver.kind
    if kind in (Kind.SCALAR, Kind.PATH, Kind.LOGGER):
        return None
    if kind is Kind.CONTEXT:
        return Sure.CERTAIN if method in ("set", "reset") else None
    edits = method in _ARRAY_EDITS and kind is Kind.ARRAY
    if edits or kind in (Kind.RANDOM, Kind.BUFFER, Kind.AXES):
        return Sure.CERTAIN
    if method in effects.MUTATORS:
        return _mutator_sureness(kind, method, discarded)
    if method in ("add", "partition"):
        edits = kind is Kind.SET and method == "add" or (discarded and kind is Kind.UNKNOWN)
        return Sure.CERTAIN if edits else None
    if method in effects.DRAWN_METHODS and kind is Kind.UNKNOWN:
        named = {source.name for source in receiver.sources} & _RANDOM_NAMES
        return Sure.CERTAIN if named else Sure.POSSIBLE
    if method in effects.FILE_METHODS and method.startswith(("write", "read")):
        return Sure.LIKELY
    return Sure.POSSIBLE if discarded and kind is Kind.UNKNOWN else None


def _mutator_sureness(kind: Kind, method: str, discarded: bool) -> Sure | None:
    if kind is Kind.FRAME and method in effects.FRAME_RETURNS_NEW:
        return None
    if kind is Kind.FRAME and method in ("insert", "update", "isetitem"):
        return Sure.CERTAIN if discarded else Sure.LIKELY
    return Sure.LIKELY if method == "put" and not discarded else Sure.CERTAIN


def method_result(receiver: Value, method: str, arguments: Arguments) -> Value:
    """What the call of a method gives."""
    kind = receiver.kind
    if method in ("copy", "__copy__"):
        return _copied(receiver)
    if method == "__deepcopy__":
        return Value(kind=kind)
    if kind is Kind.PATH:
        return Value(kind=Kind.FILE if method == "open" else Kind.PATH)
    if kind in (Kind.SCALAR, Kind.BUFFER):
        return SCALAR
    if method in effects.VIEW_METHODS or (method == "flatten" and kind is Kind.LIST):
        sure = Sure.LIKELY if kind is Kind.ARRAY else Sure.POSSIBLE
        return Value(sources=weaker(receiver, sure).sources, kind=Kind.ARRAY)
    if kind is Kind.FRAME:
        return ARRAY if method == "to_numpy" else FRAME
    if kind is Kind.ARRAY:
        same = arguments.is_constant("copy", False)
        return weaker(receiver, Sure.LIKELY) if same else ARRAY
    if method in effects.FITTERS and method != "fit_transform" or method == "set_params":
        return receiver
    if method in effects.PARTS_METHODS:
        return part(receiver)
    if method in ("items", "values"):
        return container(Kind.LIST, [part(receiver)])
    if method in ("keys", "index", "count"):
        return SCALAR if method != "keys" else Value(kind=Kind.LIST)
    return FRAME if method in OF_FRAMES else FRESH


def _copied(receiver: Value) -> Value:
    """A frame's copy shares nothing (copy-on-write); a list's or dict's copy shares its elements."""
    if receiver.kind in (Kind.LIST, Kind.DICT, Kind.SET) or receiver.holds:
        return shallow(receiver, receiver.kind)
    if receiver.kind in (Kind.FRAME, Kind.ARRAY):
        return Value(kind=receiver.kind)
    return container(receiver.kind, [weaker(part(receiver), Sure.POSSIBLE)])


def operated(node: ast.expr, values: Sequence[Value]) -> Value:
    """Operators make new objects; of a frame a frame, of an array an array."""
    if isinstance(node, ast.BinOp | ast.Compare | ast.UnaryOp):
        kinds = [value.kind for value in values]
        for kind in (Kind.FRAME, Kind.ARRAY, Kind.LIST, Kind.SET, Kind.DICT, Kind.PATH):
            if kind in kinds:
                elements = [part(value) for value in values if value.kind is kind]
                holds = kind in (Kind.LIST, Kind.SET, Kind.DICT) and isinstance(node, ast.BinOp)
                return container(kind, elements if holds else [])
        return SCALAR if set(kinds) == {Kind.SCALAR} else FRESH
    return SCALAR if isinstance(node, ast.JoinedStr | ast.FormattedValue) else FRESH


def attribute_of(value: Value, attribute: str) -> Value:
    """An attribute of an object."""
    if attribute in INDEXERS:
        return replace(value, name="")
    if value.kind is Kind.FRAME:
        if attribute in ("index", "columns", "flags", "attrs"):
            kind = Kind.DICT if attribute == "attrs" else Kind.FRAME
            return Value(sources=value.sources, kind=kind)
        kind = Kind.ARRAY if attribute == "values" else Kind.FRAME
        return weaker(Value(sources=value.sources, kind=kind), Sure.POSSIBLE)
    if value.kind is Kind.ARRAY:
        return Value(sources=value.sources, kind=Kind.ARRAY)
    if value.kind is Kind.PATH:
        return Value(kind=Kind.PATH if attribute in ("parent", "parents") else Kind.SCALAR)
    if value.kind is Kind.SCALAR:
        return SCALAR
    if attribute in ("shape", "size", "ndim", "dtype", "name", "empty", "__name__"):
        return SCALAR
    return part(value)


def subscripted(value: Value, key: ast.expr) -> Value:
    """What ``value[key]`` gives: under pandas 3 a frame gives copies, an array views."""
    if value.is_named:
        return Value(name=value.name) if value.name in effects.READ_ATTRIBUTES else FRESH
    if value.kind is Kind.SCALAR:
        return SCALAR
    if isinstance(key, ast.List | ast.Compare):  # only frames and arrays take it, and copy
        return Value(kind=value.kind)
    seen = Value(sources=value.sources, kind=value.kind)
    if value.kind is Kind.FRAME:
        return weaker(seen, Sure.POSSIBLE)
    if value.kind is Kind.ARRAY:
        return seen if value.sources else ARRAY
    if isinstance(key, ast.Slice):
        copied = value.kind in (Kind.LIST, Kind.DICT) or not value.sources
        return shallow(value, Kind.LIST) if copied else weaker(seen, Sure.POSSIBLE)
    if value.kind is Kind.UNKNOWN and isinstance(key, ast.Constant) and value.sources:
        return weaker(part(value), Sure.LIKELY)  # a list of lists, or a frame that hides as data
    return part(value)
