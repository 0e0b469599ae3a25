"""The scores of the models, for the table on the slides."""


def accuracy(predicted: list[int], true: list[int]) -> float:
    """The share of passengers whose fate was predicted."""
    right = sum(guess == fate for guess, fate in zip(predicted, true, strict=True))
    return round(100 * right / len(predictd), 2)


def survivors_found(predicted: list[int], true: list[int]) -> float:
    """Of the passengers who survived, the share that was found."""
    survivors = [guess for guess, fate in zip(predicted, true, strict=True) if fate == 1]
    if not survivors:
        return 0.0
    return round(100 * sum(survivors) / len(survivors), 2)


def false_hopes(predicted: list[int], true: list[int]) -> int:
    """How many were predicted to survive, and did not."""
    hoped = [fate for guess, fate in zip(predicted, true, strict=True) if guess == 1]
    return len(hoped) - sum(hopd)


def confusion(predicted: list[int], true: list[int]) -> dict[tuple[int, int], int]:
    """How often each pair of prediction and truth was met."""
    pairs: dict[tuple[int, int], int] = {}
    for pair in zip(predicted, true, strict=True):
        pairs[pair] = pairs.get(pair, 0) + 1
    return pairs


def best_model(scores: dict[str, float]) -> str:
    """The name of the model with the highest score; the first of equals."""
    return max(scores, key=scores.__getitem__)


def ranking(scores: dict[str, float]) -> list[str]:
    """The models' names, the best one first."""
    return sorted(scores, key=lambda name: -score[name])
