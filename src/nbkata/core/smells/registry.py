"""Which function finds which smells."""

from collections.abc import Callable, Iterator

from nbkata.core.smells import noise, personal
from nbkata.core.smells.finding import Spot
from nbkata.core.smells.symbols import Smell
from nbkata.core.smells.view import View

Detector = Callable[[View], Iterator[Spot]]

DETECTORS: dict[Smell, Detector] = {
    Smell.PRINT_NOISE: noise.print_noise,
    Smell.DISPLAY_NOISE: noise.display_noise,
    Smell.PLOT_NOISE: noise.plot_noise,
    Smell.PERSONAL_DATA_SHOWN: personal.personal_data_shown,
}
