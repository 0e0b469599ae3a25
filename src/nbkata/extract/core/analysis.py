"""The data flow of a notebook or script, all in one value."""

import ast
from collections.abc import Collection
from dataclasses import dataclass

from nbkata.common.core.refusal import Refusal
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.candidates import candidates, ranked
from nbkata.extract.core.canvas import with_drawings_shown
from nbkata.extract.core.facts import Fact, Role, statement_facts
from nbkata.extract.core.lines import Code
from nbkata.extract.core.liveness import Liveness, liveness
from nbkata.extract.core.sound import sound
from nbkata.purity.core.findings import Finding
from nbkata.dataflow.core.modules import Module, module_from_source
from nbkata.purity.core.static import read_statements


@dataclass(frozen=True, slots=True)
class Flow:
    """What each statement reads and writes, what is dead, what to extract."""

    path: str
    code: Code
    facts: tuple[Fact, ...]
    liveness: Liveness
    candidates: tuple[Candidate, ...]


def why_nothing(flow: Flow) -> str:
    """What to say where there is no candidate."""
    roles = {fact.role for fact in flow.facts}
    if Role.DEFINE in roles and not roles & {Role.COMPUTE, Role.MODEL}:
        return "Nothing: what it computes is in functions already."
    return "Nothing: no block computes what a later one needs without printing, drawing or chance."


def flow_of(code: Code, path: str, dead: Collection[int] = ()) -> Flow | Refusal:
    """Read all statements in order; ``dead`` are the lines of those that nothing needs."""
    module = module_from_source(code.text, "notebook", path)
    if isinstance(module, Refusal):
        return module
    statements = _statements(module)
    cells = [code.place(node.lineno).cell for node, _ in statements]
    facts = with_drawings_shown(statement_facts(statements, cells))
    # a dead prediction goes with its training: the function is the same as its neighbours'
    unneeded = [fact for fact in facts if fact.first in dead and fact.role is not Role.MODEL]
    live = liveness(facts, {fact.index for fact in unneeded})
    found = sound(candidates(facts, live, code), facts, code)
    return Flow(path, code, facts, live, ranked(found, facts))


def _statements(module: Module) -> list[tuple[ast.stmt, tuple[Finding, ...]]]:
    return [
        (node, findings)
        for node, findings in read_statements(module)
        if not isinstance(node, ast.Pass)
    ]
