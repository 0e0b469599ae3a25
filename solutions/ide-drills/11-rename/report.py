"""How many people there are of each title."""

from collections import Counter

import titles


def people_by_title(names: list[str]) -> Counter[str]:
    """The most frequent first."""
    return Counter(titles.title_of(name) for name in names)
