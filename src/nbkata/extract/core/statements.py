"""All statements of a notebook, with what is looked up in them for each group."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbkata.dataflow.core.columns import Column
from nbkata.extract.core.facts import Fact, Role
from nbkata.extract.core.lines import Code
from nbkata.extract.core.liveness import Liveness, Uses, uses


@dataclass(frozen=True, slots=True)
class Statements:
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


def statements_of(facts: Sequence[Fact], liveness: Liveness, code: Code) -> Statements:
    """They, with what groups ask of all of them."""
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
    return Statements(facts, liveness, code, used, *names, first_seen, last_modelled, last_split)
