"""Fill the gaps in the ages: each by the mean of the ages before it."""

AGES = [22, 38, None, 26, None, 54, 2, None, 27]


def fill(ages: list[int | None]) -> list[int]:
    """The ages, gaps filled."""
    filled: list[int] = []
    for age in ages:
        if age is None:
            guess = sum(filled) // len(filled)
            filled.append(guess)
        else:
            filled.append(age)
    return filled


if __name__ == "__main__":
    fill(AGES)
