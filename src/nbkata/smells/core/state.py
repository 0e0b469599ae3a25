"""State that hides between cells: order, names from nowhere, cells that cannot run twice."""

import builtins
import re
from bisect import bisect_left
from collections.abc import Iterator

from astroid import nodes

from nbkata.notebook.core.notebook import OutputKind
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, in_function, is_local
from nbkata.smells.core.view import View

_GIVEN = frozenset(dir(builtins)) | frozenset(
    """display get_ipython In Out exit quit __file__ __doc__ __builtins__ __spec__ __loader__
    __package__ spark sc dbutils sqlContext""".split()
)
_BRINGS_NAMES = re.compile(r"^%?(run|load|pylab|store|capture|bash|sql|script)\b|-o\b|--out")


def hidden_state(view: View) -> Iterator[Spot]:
    """Cells run out of order or not at all, and names read before a cell defines them."""
    if not view.has_cells:
        return
    yield from _failed(view)
    yield from _out_of_order(view)
    yield from _never_run(view)
    yield from _from_later_or_nowhere(view)


def _failed(view: View) -> Iterator[Spot]:
    """Cells that were saved with an error, unless they are marked to raise one."""
    for block in view.blocks:
        cell = block.cell
        errors = [out for out in cell.outputs if out.kind is OutputKind.ERROR] if cell else []
        if errors and block.source.strip():
            message = (
                f"saved with an error ({errors[0].text.partition(':')[0]}): a run of all cells stops "
                "here, and those below ran without it. Fix it, or remove the cell."
            )
            yield Spot(Smell.HIDDEN_STATE, block.first, message)


def _out_of_order(view: View) -> Iterator[Spot]:
    """The fewest cells that, left out, leave the counts rising, and each cell below a higher count."""
    counted = [
        (block, block.cell.execution_count)
        for block in view.blocks
        if block.cell is not None and block.cell.execution_count
    ]
    rising = _longest_rising([count for _, count in counted])
    before = 0
    for place, (block, count) in enumerate(counted):
        if place not in rising or count < before:
            why = f"below {before}" if place in rising else "out of order"
            message = (
                f"run as number {count}, {why}: what the cells after it show comes from "
                "another order than the one they stand in. Restart, run all, and save that."
            )
            yield Spot(Smell.HIDDEN_STATE, block.first, message)
        before = count


def _longest_rising(counts: list[int]) -> set[int]:
    """The positions of a longest strictly rising subsequence, by patience sorting."""
    tops: list[int] = []
    at: list[int] = []
    previous: list[int] = []
    for place, count in enumerate(counts):
        pile = bisect_left(tops, count)
        previous.append(at[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [count]
        at[pile : pile + 1] = [place]
    kept = set()
    place = at[-1] if at else -1
    while place >= 0:
        kept.add(place)
        place = previous[place]
    return kept


def _never_run(view: View) -> Iterator[Spot]:
    ran = [block for block in view.blocks if block.cell is not None and block.cell.execution_count]
    if not ran:
        return
    for position, block in enumerate(view.blocks):
        if block.cell is not None and not block.cell.execution_count:
            if position in view.last_statement and not block.cell.outputs:
                message = (
                    "not run in the session that gave the other outputs: they came about without "
                    "it. Run all cells from the top, or remove this one."
                )
                yield Spot(Smell.HIDDEN_STATE, block.first, message)


def _from_later_or_nowhere(view: View) -> Iterator[Spot]:
    written = _first_writes(view)
    elsewhere = _words_elsewhere(view)
    open_ended = bool(view.wildcards) or _names_come_by_magic(view)
    imported = _imported_in_functions(view)
    reported: set[str] = set()
    for node in sorted(view.all(nodes.Name), key=lambda name: name.lineno):
        name = node.name
        if name in reported or name in _GIVEN or re.fullmatch(r"_+\d*|_i+\d*|__\w+__", name):
            continue
        if is_local(node) or (name in imported and in_function(node) is not None):
            continue
        if name not in written:
            if not open_ended and name not in elsewhere:
                reported.add(name)
                message = (
                    f"{name} is never defined here: it lived in a cell that is gone, so a fresh "
                    "kernel stops at this line. Write the cell again that made it."
                )
                yield view.spot(Smell.HIDDEN_STATE, node, message)
        elif in_function(node) is None and not _in_lambda(node):
            block = view.position(node)
            if block < written[name] and name not in elsewhere and name not in view.aliases:
                reported.add(name)
                message = (
                    f"{name} is read here and first defined below, in "
                    f"{view.name_of(written[name])}: a fresh kernel stops at this line. "
                    "Move the definition up."
                )
                yield view.spot(Smell.HIDDEN_STATE, node, message)


def _imported_in_functions(view: View) -> set[str]:
    return {
        alias or name.split(".")[0]
        for node in view.all(nodes.Import, nodes.ImportFrom)
        if in_function(node) is not None
        for name, alias in node.names
    }


def _first_writes(view: View) -> dict[str, int]:
    """The first block that binds each name, also through ``global`` in a function."""
    found: dict[str, int] = {}
    declared = {name for node in view.all(nodes.Global) for name in node.names}
    for name, places in view.writes.items():
        found[name] = min(view.position(place) for place in places)
    for name in declared:
        found.setdefault(name, 0)
    return found


def _words_elsewhere(view: View) -> set[str]:
    """Names in cells and magics that are not Python: any of them may be defined there."""
    words: set[str] = set()
    for block in view.blocks:
        for _, magic in block.python.magics:
            words |= set(re.findall(r"\w+", magic))
        if block.python.problem:
            words |= set(re.findall(r"\w+", block.source))
    return words


def _names_come_by_magic(view: View) -> bool:
    calls = {view.qualified(call.func) for call in view.calls()}
    if calls & {"exec", "globals", "locals", "vars", "get_ipython"}:
        return True
    magics = (magic for block in view.blocks for _, magic in block.python.magics)
    return any(_BRINGS_NAMES.search(magic.lstrip("%!")) for magic in magics)


def _in_lambda(node: Node) -> bool:
    return any(isinstance(part, nodes.Lambda) for part in node.node_ancestors())
