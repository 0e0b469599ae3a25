"""Which mutants can be planted in a process that has imported the code already.

What ran while the tests were collected cannot be changed afterwards. A function that has not been
called yet can: its code object is exchanged, and every name that stands for it means the mutant.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from types import CodeType

from nbkata.strength.core.mutants import Mutant

# First and last line.
Span = tuple[int, int]


def function_spans(source: str) -> tuple[Span, ...]:
    """Where the bodies of functions and methods stand; a nested one belongs to its outer one."""
    return tuple(_spans(ast.parse(source).body))


def can_be_exchanged(
    mutant: Mutant, source: str, spans: Sequence[Span], ran_early: Collection[int]
) -> bool:
    """Whether nothing that the mutant changes was run by the time the tests were collected.

    ``ran_early`` are the lines that were. Within a function no line of it may have been run, as
    another call may have left its result behind.
    """
    last = source.encode("utf-8").count(b"\n", 0, max(mutant.start, mutant.end - 1)) + 1
    first, last = min(mutant.line, mutant.statement[0]), max(last, mutant.statement[1])
    around = next((span for span in spans if span[0] <= first and last <= span[1]), (first, last))
    return not any(around[0] <= line <= around[1] for line in ran_early)


def changed_codes(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The code objects in a module's that differ, old and new, outer ones before inner ones."""
    for before, after in zip(_inner(old), _inner(new), strict=False):
        if before != after:
            yield before, after
            yield from changed_codes(before, after)


def _inner(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _spans(nodes: Iterable[ast.AST]) -> Iterator[Span]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.body[0].lineno, node.end_lineno or node.lineno
        elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _spans(ast.iter_child_nodes(node))
