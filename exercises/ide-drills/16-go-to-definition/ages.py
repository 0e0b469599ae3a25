"""Ages in bands, and in groups."""

import bands
import groups


def age_group(age: float) -> str:
    """As the report says it."""
    return groups.OLDEST if age > 64 else groups.OTHERS


def age_band(age: float) -> str:
    """As the model is given them."""
    return bands.OLDEST if age > 64 else bands.OTHERS
