"""What to extract first: groups of statements that belong together, ranked by worth."""

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from nbkata.extract.core.candidate import Candidate, SideEffect, worth_of
from nbkata.extract.core.constants import constants_of
from nbkata.extract.core.facts import Fact, Role, columns_of_all
from nbkata.extract.core.group_names import Theme, model_word, name_of
from nbkata.extract.core.groups import groups_of
from nbkata.extract.core.interface import (
    columns_read,
    first_writers,
    lists,
    needed_for,
    outputs_of,
    places_of,
    read_first,
    without_shared_constants,
)
from nbkata.extract.core.lines import Code
from nbkata.extract.core.liveness import Liveness, uses
from nbkata.extract.core.names import snake
from nbkata.extract.core.neighbours import joined_neighbours
from nbkata.extract.core.parameters import with_parameters
from nbkata.extract.core.same_work import merged
from nbkata.extract.core.statements import Statements, statements_of
from nbkata.purity.core.findings import Cause

# Signs of a statement that are reported.
_SHOWN = 60


def candidates(facts: Sequence[Fact], liveness: Liveness, code: Code) -> tuple[Candidate, ...]:
    """As they stand in the notebook."""
    notebook = statements_of(facts, liveness, code)
    groups = joined_neighbours(groups_of(notebook))
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
    """Those of one name with the words by which what they are about differs: ``train_rf``, ``train_svm``."""
    alike: dict[str, list[list[str]]] = {}
    for item in found:
        alike.setdefault(item.name, []).append(_words_about(item))
    for item in found:
        words = alike[item.name]
        shared = set(words[0]).intersection(*words)
        own = [word for word in _words_about(item) if word not in shared]
        is_clear = all(words) and len({tuple(each) for each in words}) > 1
        yield replace(item, name="_".join([item.name, *own])) if is_clear else item


def _words_about(item: Candidate) -> list[str]:
    """The words of the frame that it changes or splits, or of the model that it makes."""
    about = item.frame or "".join(item.inputs[:1] if item.kind == "split" else ())
    if item.kind == "model" and item.outputs and item.outputs[0] not in item.inputs:
        about = item.outputs[0]
    return snake(about).split("_") if about else []


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


def with_results(item: Candidate, facts: Sequence[Fact], results: Collection[str]) -> Candidate:
    """The candidate that also gives back what anything later looks at, and results that it leaves."""
    used, last = uses(facts, with_edits=True), item.facts[-1].index
    bound = {name for fact in item.facts for name in fact.binds | fact.edits}
    kept = set(results) - {name for fact in facts[last + 1 :] for name in fact.binds}
    more = {name for name in bound if name in kept or used.is_read_after(last, name)}
    outputs = sorted({*item.outputs, *more}, key=places_of(item.facts, ast.Store).__getitem__)
    return replace(item, outputs=tuple(outputs))


def _candidate(theme: Theme, own: tuple[Fact, ...], notebook: Statements) -> Candidate:
    outputs = outputs_of(theme, own, notebook)
    own = tuple(without_shared_constants(own, outputs)) or own
    outputs = outputs_of(theme, own, notebook)
    if theme[0] != "model":  # trainings stay alike
        own = needed_for(own, outputs) or own
    inputs = [name for name in read_first(own) if name in notebook.made - notebook.known]
    frame = theme[1] if theme[0] in ("column", "drop") else ""
    if frame:
        inputs = [frame, *(name for name in inputs if name != frame)]
        outputs = [frame, *(name for name in outputs if name != frame)]
    written = columns_of_all(own, lambda fact: fact.columns_written)
    first_writes = first_writers(own, notebook.first_seen)
    found = Candidate(
        name=name_of(theme, own, first_writes, inputs, outputs),
        kind=theme[0],
        facts=own,
        cells=tuple(dict.fromkeys(fact.cell for fact in own)),
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        frame=frame,
        columns_read=tuple(
            column for column in columns_of_all(own, columns_read) if column not in first_writes
        ),
        columns_written=written,
        columns_dropped=columns_of_all(own, lambda fact: fact.columns_dropped),
        constants=(
            constants_of(own, notebook.code) if theme[0] in ("column", "split", "model") else ()
        ),
        side_effects=tuple(_side_effects(own, notebook)),
        lists=frozenset(lists(inputs, own, notebook.facts)),
    )
    return replace(found, worth=worth_of(found))


def _side_effects(own: Sequence[Fact], notebook: Statements) -> Iterator[SideEffect]:
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
