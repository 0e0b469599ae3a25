"""Who is without an age?"""

import pandas as pd


def without_age(passengers: pd.DataFrame) -> pd.DataFrame:
    """The passengers whose age is not known."""
    return passengers[passengers["Age"].isna()]
