"""How far what a cell makes is used: the number of later cells that read it."""

from collections import defaultdict

from nbkata.smells.core.flow import Flow
from nbkata.smells.core.view import View


def reach_of_cells(view: View) -> tuple[tuple[int, int], ...]:
    """For each code cell that binds a name or edits a frame, how many later cells read that name.

    A later cell counts until another one binds the name afresh: ``df = df.drop(…)`` does not.
    """
    readers: dict[str, set[int]] = defaultdict(set)
    for name, places in view.reads.items():
        readers[name] |= {view.position(place) for place in places}
    users: dict[int, set[int]] = defaultdict(set)
    flow = view.once(Flow)
    fresh = {name: sorted({block for _, block in made}) for name, made in flow.homes().items()}
    makers: dict[str, set[int]] = defaultdict(set)
    for name, places in view.writes.items():
        makers[name] |= {view.position(place) for place in places}
    for edit in flow.edits:
        makers[edit.frame].add(edit.step.block)
    for name, blocks in makers.items():
        for block in blocks:
            later = [home for home in fresh.get(name, ()) if home > block]
            until = later[0] if later else len(view.blocks)
            users[block] |= {reader for reader in readers[name] if block < reader <= until}
    return tuple((view.blocks[block].index, len(found)) for block, found in sorted(users.items()))
