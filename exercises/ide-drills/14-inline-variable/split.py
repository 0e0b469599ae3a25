"""Who trains the model, and who tests it."""


def training_rows(passengers: list[dict], share: float) -> list[dict]:
    """The first rows, up to the share asked for."""
    tmp = int(len(passengers) * share)
    return passengers[:tmp]


def is_training_row(number: int, people: int, share: float) -> bool:
    """Whether the row of this number, counted from 0, is one of them."""
    temporary = people * share
    return number < int(temporary)
