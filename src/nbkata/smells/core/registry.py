"""Which function finds which smell."""

from collections.abc import Callable, Collection, Iterator

from nbkata.smells.core import (
    clones,
    comments,
    dead,
    deprecated,
    editing,
    imports,
    leakage,
    learning,
    naming,
    noise,
    personal,
    portability,
    randomness,
    responsibility,
    silence,
    state,
    structure,
    traps,
)
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.view import View

Detector = Callable[[View], Iterator[Spot]]

_FAMILIES = (
    clones, comments, dead, deprecated, editing, imports, leakage, learning, naming, noise,
    personal, portability, randomness, responsibility, silence, state, structure, traps,
)  # fmt: skip
# The function that has a smell's name finds it: a test holds the families to one for every smell.
DETECTORS: dict[Smell, Detector] = {
    smell: getattr(family, smell.name.lower())
    for smell in Smell
    for family in _FAMILIES
    if hasattr(family, smell.name.lower())
}


def spots_in(view: View, only: Collection[Smell]) -> tuple[list[Spot], dict[Smell, Exception]]:
    """The spots of all smells asked for, in the order of the text, each smell once a line.

    A detector that stumbles over a form of code loses its own answer only: its error is the second
    part. Raises ``RuntimeError`` where a smell has no detector: an answer without it would look
    clean.
    """
    missing = set(only) - set(DETECTORS)
    if missing:
        raise RuntimeError(f"no detector for {', '.join(sorted(missing))}")
    spots = {}
    failed: dict[Smell, Exception] = {}
    for smell, detector in DETECTORS.items():
        try:
            found = list(detector(view)) if smell in only else []
        except RecursionError:
            raise
        except Exception as error:  # pylint: disable=broad-exception-caught # whatever it is
            failed[smell] = error
            continue
        spots.update({(spot.line, spot.smell): spot for spot in found})
    return [spots[key] for key in sorted(spots)], failed
