"""What a method of an object gives and does, by its name and the object's kind."""

import ast
from collections.abc import Generator
from dataclasses import replace

from nbkata.purity.core import effects
from nbkata.purity.core.arguments import Arguments, keyword_edits, line_of
from nbkata.purity.core.context import Context, Event, Reading, edit, snippet
from nbkata.purity.core.effects import Effect
from nbkata.purity.core.findings import Cause, Finding, Sure
from nbkata.purity.core.values import (
    ARRAY,
    FRAME,
    FRESH,
    SCALAR,
    Kind,
    Value,
    container,
    part,
    shallow,
    weaker,
)

_INFO = Effect(Cause.OUTPUT, "prints")
_SAMPLES = Effect(Cause.RANDOM, "draws a sample without random_state")
_COLLECTIONS = (Kind.LIST, Kind.DICT, Kind.SET)
_RANDOM_NAMES = frozenset("rng random random_state generator rs prng gen".split())


def method_call(
    context: Context, receiver: Value, method: str, arguments: Arguments, discarded: bool
) -> Reading:
    """Read the call of a method."""
    line = line_of(arguments)
    effect = _effect(receiver, method, arguments, discarded)
    if effect is not None:
        message = f"{effect.phrase}: {snippet(arguments.node)}"
        yield Finding(line, effect.cause, message, effect.sure)
    if effect is None or effect.cause not in (Cause.WRITES, Cause.READS, Cause.DRAWS):
        yield from _edits(context, receiver, method, arguments, discarded)
    yield from keyword_edits(context, arguments, receiver)
    return _result(receiver, method, arguments)


def _effect(receiver: Value, method: str, arguments: Arguments, discarded: bool) -> Effect | None:
    kind = receiver.kind
    if kind is Kind.SCALAR:
        return None
    if kind is Kind.PATH or method in effects.PATH_READS | effects.PATH_WRITES | effects.PATH_LOOKS:
        return _path_effect(kind, method)
    if method in effects.WRITING_METHODS:
        return _writing(arguments)
    if method in effects.ALWAYS_WRITING_METHODS:
        return effects.WRITES
    if method == "sample" and kind is not Kind.RANDOM:
        return _sampling(receiver, arguments)
    if method in effects.PLOT_METHODS and kind in (Kind.FRAME, Kind.UNKNOWN):
        sure = Sure.CERTAIN if kind is Kind.FRAME else Sure.LIKELY
        return replace(effects.DRAWS, sure=sure)
    if method in effects.DRAWING_METHODS and (discarded or method == "savefig"):
        return effects.WRITES if method == "savefig" else replace(effects.DRAWS, sure=Sure.LIKELY)
    if method == "info" and kind is Kind.FRAME and arguments.keyword("buf") is None:
        return _INFO
    if method in effects.LOG_METHODS and _logs(receiver, method, arguments, discarded):
        return effects.LOGS
    if kind is Kind.FILE or (kind is Kind.UNKNOWN and method in effects.FILE_METHODS):
        return _file_effect(receiver, method)
    if kind is Kind.LOGGER and method.startswith(("set", "add", "remove")):
        return effects.SETTINGS
    return None


def _path_effect(kind: Kind, method: str) -> Effect | None:
    if method in effects.PATH_READS:
        return effects.READS
    if method in effects.PATH_WRITES:
        return effects.WRITES
    if method in effects.PATH_LOOKS:
        return effects.LOOKS
    return effects.PATH_ONLY.get(method) if kind is Kind.PATH else None


def _writing(arguments: Arguments) -> Effect | None:
    """``to_csv()`` without a path returns the text."""
    first = arguments.node_at(0)
    value = arguments.at(0)
    for keyword in ("path_or_buf", "path", "buf", "excel_writer"):
        if first is None and arguments.keyword(keyword) is not None:
            first, value = arguments.keyword(keyword), arguments.named[keyword]
    if first is None or (isinstance(first, ast.Constant) and first.value is None):
        return None
    return None if value.kind is Kind.BUFFER and not value.sources else effects.WRITES


def _sampling(receiver: Value, arguments: Arguments) -> Effect | None:
    state = arguments.keyword("random_state")
    if state is not None and not (isinstance(state, ast.Constant) and state.value is None):
        return None
    if any(keyword.arg is None for keyword in arguments.node.keywords):
        return None
    return _SAMPLES if receiver.kind is Kind.FRAME else replace(_SAMPLES, sure=Sure.LIKELY)


def _logs(receiver: Value, method: str, arguments: Arguments, discarded: bool) -> bool:
    if receiver.kind is Kind.LOGGER:
        return True
    names = {source.name.lower().strip("_") for source in receiver.sources}
    if names & {"logger", "log", "logging"}:
        return True
    return (
        receiver.kind is Kind.UNKNOWN
        and discarded
        and method != "log"
        and isinstance(arguments.node_at(0), ast.Constant | ast.JoinedStr)
    )


def _file_effect(receiver: Value, method: str) -> Effect | None:
    effect = effects.FILE_METHODS.get(method)
    if effect is None or receiver.kind is Kind.FILE:
        return effect
    if not receiver.sources:
        return replace(effect, sure=Sure.POSSIBLE)
    return replace(effect, sure=Sure.LIKELY)


def _edits(
    context: Context, receiver: Value, method: str, arguments: Arguments, discarded: bool
) -> Generator[Event, None, None]:
    line, shown = line_of(arguments), snippet(arguments.node)
    sure = _edit_sureness(receiver, method, discarded)
    if sure is not None:
        yield from edit(context, replace(receiver, name=""), line, shown, sure)
    if method in effects.FITTERS and receiver.kind is Kind.WRAPPER and receiver.element:
        yield from edit(context, receiver.element, line, shown)
    if method == "shuffle":
        yield from edit(context, arguments.at(0), line, shown)


def _edit_sureness(receiver: Value, method: str, discarded: bool) -> Sure | None:
    """How sure it is that the method changes its object."""
    kind = receiver.kind
    if kind in (Kind.SCALAR, Kind.PATH, Kind.LOGGER):
        return None
    if kind is Kind.CONTEXT:
        return Sure.CERTAIN if method in ("set", "reset") else None
    if kind is Kind.RANDOM:
        return Sure.CERTAIN
    if kind is Kind.BUFFER:
        return Sure.CERTAIN
    if method in effects.MUTATORS:
        return _mutator_sureness(kind, method, discarded)
    if method == "add":
        if kind is Kind.SET or (discarded and kind is Kind.UNKNOWN):
            return Sure.CERTAIN
        return None
    if method == "partition":
        return Sure.CERTAIN if kind is Kind.ARRAY or (discarded and kind is Kind.UNKNOWN) else None
    if method in effects.DRAWN_METHODS and kind is Kind.UNKNOWN:
        named = {source.name for source in receiver.sources} & _RANDOM_NAMES
        return Sure.CERTAIN if named else Sure.POSSIBLE
    if method in effects.FILE_METHODS and method.startswith(("write", "read")):
        return Sure.LIKELY
    if kind is Kind.AXES:
        return Sure.CERTAIN
    return Sure.POSSIBLE if discarded and kind is Kind.UNKNOWN else None


def _mutator_sureness(kind: Kind, method: str, discarded: bool) -> Sure | None:
    if kind is Kind.FRAME and method in effects.FRAME_RETURNS_NEW:
        return None
    if kind is Kind.FRAME and method in ("insert", "pop", "update", "isetitem"):
        return Sure.CERTAIN if discarded or method == "pop" else Sure.LIKELY
    if kind is Kind.ARRAY and method in ("fill", "sort", "put", "resize", "itemset", "setflags"):
        return Sure.CERTAIN
    if method == "put" and not discarded:
        return Sure.LIKELY
    return Sure.CERTAIN


def _result(receiver: Value, method: str, arguments: Arguments) -> Value:
    kind = receiver.kind
    if method in ("copy", "__copy__"):
        return _copied(receiver, arguments)
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
        return _of_array(receiver, arguments)
    if method in effects.FITTERS and method != "fit_transform" or method == "set_params":
        return receiver
    if method in effects.PARTS_METHODS:
        return part(receiver)
    if method == "items":
        pair = (SCALAR, part(receiver))
        return container(Kind.LIST, [container(Kind.UNKNOWN, pair, pair)])
    if method == "values":
        return container(Kind.LIST, [part(receiver)])
    if method in ("keys", "index", "count"):
        return SCALAR if method != "keys" else container(Kind.LIST, [SCALAR])
    if method in effects.FRAME_ATTRIBUTES:
        return FRAME
    return FRESH


def _copied(receiver: Value, arguments: Arguments) -> Value:
    """A frame's copy shares nothing; a list's or dict's copy shares its elements."""
    deep = arguments.keyword("deep")
    if isinstance(deep, ast.Constant) and deep.value is False and receiver.kind is Kind.FRAME:
        return FRAME  # copy-on-write: an edit of the copy does not reach the frame
    if receiver.kind in _COLLECTIONS or receiver.element is not None:
        return shallow(receiver, receiver.kind)
    if receiver.kind in (Kind.FRAME, Kind.ARRAY):
        return Value(kind=receiver.kind)
    inner = weaker(part(receiver), Sure.POSSIBLE)
    return container(receiver.kind, [inner])


def _of_array(receiver: Value, arguments: Arguments) -> Value:
    copied = arguments.keyword("copy")
    if isinstance(copied, ast.Constant) and copied.value is False:
        return weaker(receiver, Sure.LIKELY)
    return ARRAY
