"""Statements that go on with a drawing: ``ax = fig.add_subplot()`` computes nothing to extract."""

import ast
from collections.abc import Sequence
from dataclasses import replace

from nbkata.dataflow.core.frames import root
from nbkata.extract.core.facts import Fact, Role
from nbkata.purity.core.findings import Cause


def with_drawings_shown(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts; one that works on a figure or its axes shows, whatever it binds."""
    canvas: frozenset[str] = frozenset()
    found: list[Fact] = []
    for fact in facts:
        draws = any(finding.cause is Cause.DRAWS for finding in fact.findings)
        if fact.role is Role.COMPUTE and _works_on(fact.node) in canvas:
            fact, draws = replace(fact, role=Role.SHOW), True
        canvas = canvas | fact.binds if draws else canvas - fact.binds
        found.append(fact)
    return tuple(found)


def _works_on(node: ast.stmt) -> str:
    """The name whose method, attribute or item the statement takes or sets."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=value) | ast.For(iter=value):
            return root(value)
        case ast.Assign(targets=[target]):
            return root(target)
    return ""
