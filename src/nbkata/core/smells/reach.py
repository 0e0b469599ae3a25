"""How far what a cell makes is used: the number of later cells that read it."""

from collections import defaultdict

from nbkata.core.smells.view import View


def reach_of_cells(view: View) -> tuple[tuple[int, int], ...]:
    """For each code cell that binds or edits a name, how many later cells read that name.

    A later cell counts until another one binds the name afresh.
    """
    readers: dict[str, set[int]] = defaultdict(set)
    for name, places in view.reads.items():
        readers[name] |= {view.position(place) for place in places}
    users: dict[int, set[int]] = defaultdict(set)
    for name, places in view.writes.items():
        written = sorted({view.position(place) for place in places})
        for number, block in enumerate(written):
            until = written[number + 1] if number + 1 < len(written) else len(view.blocks)
            users[block] |= {reader for reader in readers[name] if block < reader <= until}
    return tuple((view.blocks[block].index, len(found)) for block, found in sorted(users.items()))
