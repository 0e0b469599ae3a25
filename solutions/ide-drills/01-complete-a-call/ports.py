"""Where the passengers came on board."""

import pandas as pd


def people_by_port(passengers: pd.DataFrame) -> pd.Series:
    """How many people came on board at each port, the busiest first."""
    ports: pd.Series = passengers["Embarked"]
    return ports.value_counts()
