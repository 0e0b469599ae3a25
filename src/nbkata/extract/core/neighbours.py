"""Groups of statements in one cell that one function should do."""

from collections.abc import Iterable

from nbkata.extract.core.facts import Fact
from nbkata.extract.core.group_names import Theme, statement_verb

Group = tuple[Theme, tuple[Fact, ...]]


def joined_neighbours(groups: Iterable[Group]) -> list[Group]:
    """Values made from one helper are one group, and columns that are made line by line."""
    joined: list[Group] = []
    for group in groups:
        if joined and _belong(joined[-1], group):
            theme, own = joined.pop()
            names = dict.fromkeys([*theme[1:], *group[0][1:]])
            group = ((theme[0], *names), (*own, *group[1]))
        joined.append(group)
    return joined


def _belong(first: Group, second: Group) -> bool:
    (kind, *names), own = first
    (other, *_), later = second
    is_next = later[0].index == own[-1].index + 1 and later[-1].cell == own[0].cell
    if not is_next or kind != other:
        return False
    if kind == "value":
        helpers = {name for fact in own for name in fact.binds}.difference(names)
        return bool(helpers & {name for fact in later for name in fact.reads})
    return kind == "column" and _are_alike([*own, *later], first[0][1], second[0][1])


def _are_alike(own: list[Fact], frame: str, other: str) -> bool:
    """Whether each line does the same to a column of one frame: makes it, or changes it."""
    if frame != other or any(fact.first != fact.last or fact.partial for fact in own):
        return False
    done = {(bool(fact.columns_written & fact.columns_read), statement_verb(fact)) for fact in own}
    return len(done) == 1
