"""Names for what is extracted."""

import re
from collections.abc import Sequence


def snake(text: str) -> str:
    """``FamilySize`` as ``family_size``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^0-9A-Za-z]+", "_", text).strip("_").lower()
    return re.sub(r"_+", "_", spaced) or "column"


# Where a word ends and its number begins: lag1.
_NUMBER = re.compile(r"(?<=[^\W\d_])(?=\d)")


def words_of(name: str) -> list[str]:
    """``add_lag1`` as ``add``, ``lag``, ``1``."""
    return _NUMBER.sub("_", name).split("_")


def shared_words(names: Sequence[Sequence[str]]) -> list[str]:
    """The words with which all begin, and those with which all end."""
    least = min(map(len, names))
    begin = next((n for n in range(least) if len({words[n] for words in names}) > 1), least)
    ends = range(1, least - begin + 1)
    end = next((n - 1 for n in ends if len({words[-n] for words in names}) > 1), len(ends))
    first = names[0]
    return [*first[:begin], *first[len(first) - end :]]
