"""Names for what is extracted."""

import re


def snake(text: str) -> str:
    """``FamilySize`` as ``family_size``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^0-9A-Za-z]+", "_", text).strip("_").lower()
    return re.sub(r"_+", "_", spaced) or "column"
