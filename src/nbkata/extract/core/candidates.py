"""What to extract first: groups of statements that belong together, ranked by worth."""

import ast
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from nbkata.dataflow.core.columns import Column
from nbkata.extract.core.candidate import Candidate, SideEffect, worth_of
from nbkata.extract.core.constants import constants_of
from nbkata.extract.core.facts import Fact, Role, columns_of_all, read_before_bound
from nbkata.extract.core.group_names import Theme, model_word, name_of
from nbkata.extract.core.lines import Code
from nbkata.extract.core.liveness import Liveness, Uses, uses
from nbkata.extract.core.names import snake
from nbkata.extract.core.neighbours import joined_neighbours
from nbkata.extract.core.parameters import with_parameters
from nbkata.extract.core.same_work import merged
from nbkata.purity.core.findings import Cause


@dataclass(frozen=True, slots=True)
class _Notebook:
    """All statements, and what is looked up in them for each group."""

    facts: Sequence[Fact]
    liveness: Liveness
    code: Code
    uses: Uses  # of names, by all statements
    known: frozenset[str]  # names that imports and definitions bind
    made: frozenset[str]  # names that other statements bind
    first_seen: Mapping[Column, int]  # the first statement that reads or writes a frame's column
    last_modelled: Mapping[str, int]  # for each name, the last statement that gives it to a model
    last_split: Mapping[str, int]  # and the last that splits it


def _notebook(facts: Sequence[Fact], liveness: Liveness, code: Code) -> _Notebook:
    known: set[str] = set()
    made: set[str] = set()
    first_seen: dict[Column, int] = {}
    last_modelled: dict[str, int] = {}
    last_split: dict[str, int] = {}
    for fact in facts:
        (known if fact.role in (Role.IMPORT, Role.DEFINE) else made).update(fact.binds)
        for column in fact.columns_read | fact.columns_written:
            first_seen.setdefault(column, fact.index)
        if fact.role is Role.MODEL:
            last_modelled |= dict.fromkeys(sorted(fact.reads), fact.index)
            if "split(" in ast.unparse(fact.node):
                last_split |= dict.fromkeys(sorted(fact.reads), fact.index)
    used = uses(facts, with_edits=False)
    names = (frozenset(known), frozenset(made))
    return _Notebook(facts, liveness, code, used, *names, first_seen, last_modelled, last_split)


def candidates(facts: Sequence[Fact], liveness: Liveness, code: Code) -> tuple[Candidate, ...]:
    """As they stand in the notebook."""
    notebook = _notebook(facts, liveness, code)
    groups = joined_neighbours(_groups(notebook))
    found = [_candidate(theme, own, notebook) for theme, own in groups]
    return tuple(with_parameters(merged([item for item in found if _is_function(item)]), code))


def ranked(found: Sequence[Candidate], facts: Sequence[Fact]) -> tuple[Candidate, ...]:
    """The most worthwhile first, each with a name that nothing else has."""
    ordered = sorted(found, key=lambda item: (-item.worth, item.facts[0].index))
    counts = Counter(item.name for item in ordered)
    taken = {name for fact in facts for name in fact.binds}
    ordered = [
        (
            replace(item, name=f"{item.name}_{of}")
            if item.kind == "model"
            and (counts[item.name] > 1 or item.name in taken)
            and (of := model_word(item.facts))
            else item
        )
        for item in ordered
    ]
    return tuple(_unique_names(_told_apart(ordered), taken))


def _told_apart(found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those of one name with the words by which what they give back differs: ``train_rf``, ``train_svm``."""
    counts = Counter(item.name for item in found)
    given = {
        name: [
            snake(item.outputs[0]).split("_")
            for item in found
            if item.name == name and item.outputs
        ]
        for name, count in counts.items()
        if count > 1
    }
    for item in found:
        words = given.get(item.name, [])
        if item.outputs and len({tuple(each) for each in words}) > 1:
            shared = set(words[0]).intersection(*words)
            own = [word for word in snake(item.outputs[0]).split("_") if word not in shared]
            yield replace(item, name="_".join([item.name, *own]))
        else:
            yield item


def _is_function(item: Candidate) -> bool:
    """Not mere constants, not what gives nothing back, and no other name for a single call."""
    if len(item.facts) == 1 and item.kind != "drop" and _only_renames(item.facts[0].node):
        return False
    if item.kind in ("value", "split"):
        return bool(item.inputs and item.outputs)
    return item.kind != "model" or bool(item.outputs)


def _only_renames(node: ast.stmt) -> bool:
    """Whether it gives a name to a constant, a part of something, or what one call answers."""
    is_column = isinstance(node, ast.Assign) and not isinstance(
        node.targets[0], ast.Name | ast.Tuple
    )
    value = getattr(node, "value", None)
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) or value is None:
        return False
    if is_column:
        return isinstance(value, ast.Constant)
    calls = sum(isinstance(child, ast.Call) for child in ast.walk(value))
    plain = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.List, ast.Tuple,
             ast.Slice, ast.keyword, ast.expr_context)  # fmt: skip
    return calls <= 1 and all(isinstance(child, plain) for child in ast.walk(value))


def in_order(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """As they stand in the notebook."""
    return tuple(sorted(found, key=lambda item: item.facts[0].index))


# Signs of a statement that are reported.
_SHOWN = 60
# Statements between a helper and what it helps.
_NEAR = 4


def _groups(notebook: _Notebook) -> Iterator[tuple[Theme, tuple[Fact, ...]]]:
    """Neighbouring statements about the same thing; what is only shown or dead is no neighbour."""
    work = [
        fact
        for fact, live in zip(notebook.facts, notebook.liveness.live, strict=True)
        if live and fact.role in (Role.COMPUTE, Role.MODEL)
    ]
    themed = zip(_themes(work, notebook), work, strict=True)
    for theme, group in groupby(themed, key=lambda pair: pair[0]):
        for part in _parted([fact for _, fact in group], notebook):
            for own in _restarted(part, theme):
                yield _theme_of(own, theme), own


def _parted(group: Sequence[Fact], notebook: _Notebook) -> Iterator[list[Fact]]:
    """The group in parts: a new one begins where a name of both has another value, read again between."""
    own: list[Fact] = []
    for fact in group:
        between = notebook.facts[own[-1].index + 1 : fact.index] if own else ()
        anew = {name for one in between for name in one.binds - one.reads - one.edits}
        if anew & fact.reads & {name for one in own for name in one.reads | one.binds | one.edits}:
            yield own
            own = []
        own.append(fact)
    yield own


def _theme_of(own: Sequence[Fact], theme: Theme) -> Theme:
    """Helpers that were parted from what they help are about their own names."""
    is_column, is_model = theme[0] in ("column", "drop"), theme[0] == "model"
    is_helped = any(
        is_column
        and (fact.columns_written or fact.columns_dropped)
        or is_model
        and fact.role is Role.MODEL
        for fact in own
    )
    if is_helped or not is_column and not is_model:
        return theme
    return ("value", *sorted(own[-1].binds | own[-1].edits))


def _restarted(group: Sequence[Fact], theme: Theme) -> Iterator[tuple[Fact, ...]]:
    """The group in parts: a new one begins where its own name, or one not read since, is bound anew."""
    own: list[Fact] = []
    pending: set[str] = set()
    for fact in group:
        is_loop = isinstance(fact.node, ast.For)  # what its turns make is its own
        anew = frozenset[str]() if is_loop else fact.binds - fact.reads - fact.edits
        bound = {name for one in own for name in one.binds}
        if anew & pending or theme[0] == "value" and anew & bound & set(theme[1:]):
            yield tuple(own)
            own, pending = [], set()
        elif own and _is_split_off(fact, own[-1]):
            yield tuple(own)
            own, pending = [], set()
        elif _overwrites(fact, own):
            mine = [one for one in own if one.cell == fact.cell]  # its own helpers
            yield tuple(own[: len(own) - len(mine)])
            own = mine
        own.append(fact)
        pending = (pending - fact.reads - fact.edits) | anew
    yield tuple(own)


def _is_split_off(fact: Fact, before: Fact) -> bool:
    """Whether the one before was a split, and this one has nothing to do with its parts."""
    return bool(list(_parts_of_split(before))) and not before.binds & fact.reads


def _overwrites(fact: Fact, own: Sequence[Fact]) -> bool:
    """Whether it writes a column that an earlier cell here wrote, and does not read it."""
    written = {column for one in own if one.cell != fact.cell for column in one.columns_written}
    return not fact.partial and bool(fact.columns_written & written - fact.columns_read)


def _themes(work: Sequence[Fact], notebook: _Notebook) -> list[Theme]:
    """A helper's theme is that of the next statement that reads it."""
    themes: list[Theme] = []
    # By name: the theme of the next statement that reads it, where that is, and what it is a helper of.
    following: dict[str, tuple[Theme, int, int]] = {}
    for fact in reversed(work):
        theme, helped = _own_theme(fact, notebook), fact.index
        for name in sorted(fact.binds | fact.edits) if theme[0] == "value" else ():
            if name not in following:
                continue
            theirs, index, end = following[name]
            is_near = not _makes(fact, theirs, name) and _joins(fact, theirs, index)
            is_its = theirs[0] == "value" and name in theirs[1:]
            if is_near and (is_its or not _is_shared(fact, name, end, notebook)):
                theme, helped = theirs, end
                break
        following |= dict.fromkeys(fact.reads, (theme, fact.index, helped))
        for name in fact.binds - fact.reads:
            following.pop(name, None)
        themes.append(theme)
    return themes[::-1]


def _makes(fact: Fact, theme: Theme, name: str) -> bool:
    """Whether the frame of a theme is made here: the function gets it and does not make it."""
    is_frame = theme[0] in ("column", "drop") and theme[1] == name
    return is_frame and name not in fact.reads | fact.edits


def _is_shared(fact: Fact, name: str, end: int, notebook: _Notebook) -> bool:
    """Whether what it changes is shown before the end of what it could help, or read after: a step.

    So is a table or value of an earlier cell that something else needs after.
    """
    if not fact.changes(name):
        is_of_cell = fact.cell == notebook.facts[end].cell
        return not is_of_cell and notebook.liveness.uses.is_read_after(end, name)
    for other in notebook.facts[fact.index + 1 :]:
        if name in other.reads and (other.index > end or other.role is Role.SHOW):
            return True
        if other.index > end and name in other.binds:
            break
    return False


def _joins(fact: Fact, theme: Theme, index: int) -> bool:
    """A helper belongs to what is near; to a training only in its own cell, and a loop to no split."""
    if theme[0] == "model":
        return theme[1] == str(fact.cell)
    if theme[0] == "split" and isinstance(fact.node, ast.For):
        return False
    return index - fact.index <= _NEAR


def _own_theme(fact: Fact, notebook: _Notebook) -> Theme:
    if fact.role is Role.MODEL:
        text = ast.unparse(fact.node)
        return ("split",) if "split(" in text else ("model", str(fact.cell))
    frames = sorted({frame for frame, _ in fact.columns_written})
    if frames and fact.changes(frames[0]):
        columns = sorted({column for _, column in fact.columns_written})
        return ("column", frames[0], *columns)
    if fact.columns_dropped:
        targets = (
            [fact.derives[0]] if fact.derives else sorted({f for f, _ in fact.columns_dropped})
        )
        if fact.derives and fact.derives[0] != fact.derives[1]:
            return ("split",)
        if fact.changes(targets[0]):
            return ("drop", targets[0])
    feeds_split = _is_in(fact.binds, notebook.last_split, fact.index) and not _is_constant(
        fact.node
    )
    if isinstance(fact.node, ast.Assign) and (feeds_split or _is_target(fact, notebook)):
        return ("split",)
    return ("value", *sorted(fact.binds | fact.edits))


def _is_target(fact: Fact, notebook: _Notebook) -> bool:
    """``Y = df['Survived']``, for a model to fit."""
    value = fact.node.value if isinstance(fact.node, ast.Assign) else None
    match value:
        case ast.Subscript(value=ast.Name(), slice=ast.Constant()):
            return _is_in(fact.binds, notebook.last_modelled, fact.index)
    return False


def _is_in(names: Iterable[str], last: Mapping[str, int], index: int) -> bool:
    """Whether one of the names has its last place after this one."""
    return any(last.get(name, -1) > index for name in names)


def _outputs(theme: Theme, own: Sequence[Fact], notebook: _Notebook) -> list[str]:
    index, live_uses = own[-1].index, notebook.liveness.uses
    also_shown = theme[0] in ("model", "value")  # somebody looks at them, if only to show them
    changed = {name for fact in own for name in fact.binds | fact.edits} & notebook.made
    wanted = (n for n in changed if live_uses.is_read_after(index, n))
    shown = (n for n in changed if also_shown and notebook.uses.is_read_after(index, n))
    between = changed & {name for fact in _shell_between(own, notebook) for name in fact.reads}
    split = {name for fact in own if theme[0] == "split" for name in _parts_of_split(fact)}
    return sorted({*wanted, *shown, *between, *split}, key=_places(own, ast.Store).__getitem__)


def _shell_between(own: Sequence[Fact], notebook: _Notebook) -> Iterator[Fact]:
    """What is shown or saved between the first and the last statement, and stays outside."""
    for fact in notebook.facts[own[0].index : own[-1].index]:
        if fact.role in (Role.SHOW, Role.SAVE):
            yield fact


def _parts_of_split(fact: Fact) -> Iterator[str]:
    """All names of ``X_train, X_test, y_train, y_test = …``: nobody expects three of them."""
    match fact.node:
        case ast.Assign(targets=[ast.Tuple(elts=parts)]) if "split(" in ast.unparse(fact.node):
            yield from (part.id for part in parts if isinstance(part, ast.Name) and part.id != "_")


def with_results(item: Candidate, facts: Sequence[Fact], results: Collection[str]) -> Candidate:
    """The candidate that also gives back what anything later looks at, and results that it leaves."""
    used, last = uses(facts, with_edits=True), item.facts[-1].index
    bound = {name for fact in item.facts for name in fact.binds | fact.edits}
    kept = set(results) - {name for fact in facts[last + 1 :] for name in fact.binds}
    more = {name for name in bound if name in kept or used.is_read_after(last, name)}
    outputs = sorted({*item.outputs, *more}, key=_places(item.facts, ast.Store).__getitem__)
    return replace(item, outputs=tuple(outputs))


def _needed(own: Sequence[Fact], outputs: Iterable[str]) -> tuple[Fact, ...]:
    """Without the statements of which nothing reaches an output."""
    needed: list[Fact] = []
    names = set(outputs)
    for fact in reversed(own):
        if (fact.binds | fact.edits) & names or fact.columns_written or fact.columns_dropped:
            needed.append(fact)
            names = names - (fact.binds - fact.edits) | fact.reads | fact.edits
    return tuple(reversed(needed))


def _is_constant(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Assign) else None
    return value is not None and not any(
        isinstance(child, ast.Name | ast.Call) for child in ast.walk(value)
    )


def _without_shared_constants(own: Sequence[Fact], outputs: Collection[str]) -> Iterator[Fact]:
    """A constant that something else needs as well stays outside; not what is filled here."""
    filled = {name for fact in own for name in fact.edits}
    for fact in own:
        if not _is_constant(fact.node) or not fact.binds & set(outputs) - filled:
            yield fact


def _candidate(theme: Theme, own: tuple[Fact, ...], notebook: _Notebook) -> Candidate:
    outputs = _outputs(theme, own, notebook)
    own = tuple(_without_shared_constants(own, outputs)) or own
    outputs = _outputs(theme, own, notebook)
    if theme[0] != "model":  # trainings stay alike
        own = _needed(own, outputs) or own
    inputs = [name for name in _read_first(own) if name in notebook.made - notebook.known]
    frame = theme[1] if theme[0] in ("column", "drop") else ""
    if frame:
        inputs = [frame, *(name for name in inputs if name != frame)]
        outputs = [frame, *(name for name in outputs if name != frame)]
    written = columns_of_all(own, lambda fact: fact.columns_written)
    first_writes = _first_writers(own, notebook.first_seen)
    found = Candidate(
        name=name_of(theme, own, first_writes, inputs, outputs),
        kind=theme[0],
        facts=own,
        cells=tuple(dict.fromkeys(fact.cell for fact in own)),
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        frame=frame,
        columns_read=tuple(
            column for column in columns_of_all(own, _columns_read) if column not in first_writes
        ),
        columns_written=written,
        columns_dropped=columns_of_all(own, lambda fact: fact.columns_dropped),
        constants=(
            constants_of(own, notebook.code) if theme[0] in ("column", "split", "model") else ()
        ),
        side_effects=tuple(_side_effects(own, notebook)),
        lists=frozenset(_lists(inputs, own, notebook.facts)),
    )
    return replace(found, worth=worth_of(found))


def _lists(names: Sequence[str], own: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[str]:
    """Those that hold a list, by the text: nothing else is extended by what is only counted through."""
    added = [
        node for fact in own for node in ast.walk(fact.node) if isinstance(node, ast.AugAssign)
    ]
    extended = {ast.unparse(node.target) for node in added if _is_only_counted_through(node.value)}
    for name in names:
        if name in extended or _is_list(name, facts[: own[0].index]):
            yield name


def _is_only_counted_through(value: ast.expr) -> bool:
    match value:
        case ast.GeneratorExp() | ast.DictComp() | ast.Dict():
            return True
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)):
            return called in (
                "range",
                "zip",
                "map",
                "filter",
                "enumerate",
                "reversed",
                "items",
                "keys",
            )
    return False


def _is_list(name: str, before: Sequence[Fact]) -> bool:
    for fact in reversed(before):
        match fact.node:
            case ast.Assign(value=value) | ast.AnnAssign(value=value) if name in fact.binds:
                return _makes_list(value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=own), attr=method))):
                if own == name and method in ("append", "extend", "insert"):
                    return True
    return False


def _makes_list(value: ast.expr | None) -> bool:
    match value:
        case ast.List() | ast.ListComp():
            return True
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)):
            return called in ("list", "sorted", "tolist", "split", "splitlines", "to_list")
    return False


def _read_first(own: Sequence[Fact]) -> Iterator[str]:
    """Names read before the group binds them, in the order of the text."""
    known: set[str] = set()
    places = _places(own, ast.Load)
    for fact in own:
        for name in sorted(fact.reads | fact.edits, key=places.__getitem__):
            if name not in known and name not in fact.binds - read_before_bound(fact.node):
                known.add(name)
                yield name
        known |= fact.binds


def _places(own: Sequence[Fact], context: type[ast.expr_context]) -> Mapping[str, tuple[int, int]]:
    """Where each name is first looked up or bound, or else first occurs."""
    nodes = [node for fact in own for node in ast.walk(fact.node) if isinstance(node, ast.Name)]
    nodes.sort(key=lambda node: (isinstance(node.ctx, context), -node.lineno, -node.col_offset))
    return defaultdict(
        lambda: (1 << 31, 0), {node.id: (node.lineno, node.col_offset) for node in nodes}
    )


def _first_writers(own: Sequence[Fact], first_seen: Mapping[Column, int]) -> frozenset[str]:
    """Columns that come into being here: nothing read or wrote them before in this frame."""
    read: set[str] = set()
    made: set[str] = set()
    for fact in own:
        read |= {column for _, column in fact.columns_read} - made
        made |= {
            column
            for frame, column in fact.columns_written - _read_as_attributes(fact.node)
            if first_seen[frame, column] >= own[0].index and column not in read
        }
    return frozenset(made)


def _columns_read(fact: Fact) -> frozenset[Column]:
    """Also those that it writes and reads as attributes."""
    return fact.columns_read | fact.columns_written & _read_as_attributes(fact.node)


def _read_as_attributes(node: ast.stmt) -> set[Column]:
    """``df.Total``: whether that is a column is known only beside what is written."""
    return {
        (child.value.id, child.attr)
        for child in ast.walk(node)
        if isinstance(child, ast.Attribute) and isinstance(child.value, ast.Name)
        if isinstance(child.ctx, ast.Load)
    }


def _side_effects(own: Sequence[Fact], notebook: _Notebook) -> Iterator[SideEffect]:
    """What is between the group's statements, or in them, and reaches the world."""
    mine, cells, code = {fact.index for fact in own}, {fact.cell for fact in own}, notebook.code
    last_cell = own[-1].cell
    for fact in islice(notebook.facts, own[0].index, None):
        if fact.cell > last_cell:
            break
        if fact.index in mine:
            for finding in fact.findings:
                if finding.cause not in (Cause.ARGUMENT, Cause.GLOBAL, Cause.READS_GLOBAL):
                    yield SideEffect(code.place(finding.line), finding.message)
        elif fact.cell in cells and fact.role in (
            Role.SHOW,
            Role.SAVE,
            Role.READ,
        ):
            what = next((finding.message for finding in fact.findings), "")
            shown = " ".join(code.source(fact.first, fact.last).split())
            shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN - 1].rstrip()}…"
            yield SideEffect(code.place(fact.first), what or f"displays: {shown}")


def _unique_names(found: Iterable[Candidate], others: Iterable[str]) -> Iterator[Candidate]:
    taken = dict.fromkeys(others, 1)
    for item in found:
        name = item.name
        while name in taken:
            taken[item.name] += 1
            name = f"{item.name}_{taken[item.name]}"
        taken[name] = 1
        yield replace(item, name=name)
