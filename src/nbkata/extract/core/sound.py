"""Which candidates would be functions that pass their own lights: whole, and pure by their text."""

import ast
import builtins
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nbkata.common.core.refusal import Refusal
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.codegen import function_source
from nbkata.extract.core.facts import Fact, Role
from nbkata.extract.core.lines import Code
from nbkata.purity.core.findings import Cause, Finding, Sure
from nbkata.dataflow.core.modules import bound_names, module_from_source
from nbkata.purity.core.static import read_functions


def sound(found: Sequence[Candidate], facts: Sequence[Fact], code: Code) -> tuple[Candidate, ...]:
    """Those whose function knows all its names and is pure, beside the notebook's own definitions."""
    above = [fact for fact in facts if fact.role in (Role.IMPORT, Role.DEFINE)]
    known = {name for fact in above for name in fact.binds} | vars(builtins).keys() | {"clone"}
    alone = {f"candidate_{place}": item for place, item in enumerate(found)}
    texts = {name: function_source(replace(item, name=name), code) for name, item in alone.items()}
    head = [code.source(fact.first, fact.last) for fact in above]
    has_star = any("import *" in text for text in head)  # which names that brings is not known
    whole = [text for text in texts.values() if has_star or _is_whole(text, known)]
    module = module_from_source("\n".join([_CLONE, *head, *whole]), "extracted", "")
    if isinstance(module, Refusal):
        return ()
    pure = {item.name for item in read_functions([module]) if not any(map(_reaches, item.findings))}
    return tuple(item for name, item in alone.items() if name in pure)


_CLONE = "from sklearn.base import clone"
_OF_ARGUMENTS = (Cause.ARGUMENT, Cause.READS_GLOBAL)


def _reaches(finding: Finding) -> bool:
    """Whether it leaves the function for sure; or possibly, if that is not about its arguments."""
    return finding.sure > Sure.POSSIBLE or finding.cause not in _OF_ARGUMENTS


def _is_whole(text: str, known: set[str]) -> bool:
    """Whether each name that the function looks up is a parameter, bound in it, or known outside."""
    try:
        function = ast.parse(text).body[0]
    except (SyntaxError, ValueError, RecursionError):
        return False
    assert isinstance(function, ast.FunctionDef)
    return not set(_looked_up(function)) - known


def _looked_up(function: ast.FunctionDef) -> Iterator[str]:
    nodes = list(ast.walk(function))
    inner = {node.arg for node in nodes if isinstance(node, ast.arg)}
    inner |= {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    inner |= set(bound_names(function.body))
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in inner:
            yield node.id
