"""Which function finds which smell."""

from collections.abc import Callable, Collection, Iterator

from nbkata.smells.core import (
    clones,
    comments,
    dead,
    deprecated,
    editing,
    imports,
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

# One detector for every smell of the catalogue, and none beside: a test holds it to that.
DETECTORS: dict[Smell, Detector] = {
    Smell.PRINT_NOISE: noise.print_noise,
    Smell.DISPLAY_NOISE: noise.display_noise,
    Smell.PLOT_NOISE: noise.plot_noise,
    Smell.PERSONAL_DATA_SHOWN: personal.personal_data_shown,
    Smell.EXPOSED_INTERNALS: structure.exposed_internals,
    Smell.DUPLICATE_CODE: clones.duplicate_code,
    Smell.DUPLICATE_RESPONSIBILITY: responsibility.duplicate_responsibility,
    Smell.MAGIC_NUMBER: naming.magic_number,
    Smell.VAGUE_NAME: naming.vague_name,
    Smell.OVERLOADED_NAME: naming.overloaded_name,
    Smell.DEAD_CODE: dead.dead_code,
    Smell.COMMENTED_OUT_CODE: comments.commented_out_code,
    Smell.UNUSED_IMPORT: imports.unused_import,
    Smell.SCATTERED_IMPORT: imports.scattered_import,
    Smell.WILDCARD_IMPORT: imports.wildcard_import,
    Smell.HIDDEN_STATE: state.hidden_state,
    Smell.NOT_IDEMPOTENT: editing.not_idempotent,
    Smell.MUTATED_SHARED_FRAME: editing.mutated_shared_frame,
    Smell.IPYTHON_ONLY: portability.ipython_only,
    Smell.HARD_CODED_PATH: portability.hard_coded_path,
    Smell.DEPRECATED_API: deprecated.deprecated_api,
    Smell.UNSEEDED_RANDOMNESS: randomness.unseeded_randomness,
    Smell.GLOBAL_SEED: randomness.global_seed,
    Smell.DATA_LEAKAGE: learning.data_leakage,
    Smell.CHOSEN_BY_TEST_SCORE: learning.chosen_by_test_score,
    Smell.NOT_SCALED: learning.not_scaled,
    Smell.CHAINED_ASSIGNMENT: traps.chained_assignment,
    Smell.ROW_ITERATION: traps.row_iteration,
    Smell.NAN_EQUALITY: traps.nan_equality,
    Smell.MERGE_UNKEYED: traps.merge_unkeyed,
    Smell.RESULT_DISCARDED: traps.result_discarded,
    Smell.BLANKET_EXCEPT: silence.blanket_except,
    Smell.BLANKET_WARNING_FILTER: silence.blanket_warning_filter,
    Smell.SECRET_IN_CODE: portability.secret_in_code,
    Smell.NO_FUNCTIONS: structure.no_functions,
    Smell.LONG_CELL: structure.long_cell,
    Smell.UNTITLED_NOTEBOOK: structure.untitled_notebook,
    Smell.EMPTY_CELL: structure.empty_cell,
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
