"""The catalogue's names: every smell the kit knows, by the symbol that pylint shows.

What each one means, why it matters and how to cure it stands in ``nbkata/smells.toml``.
"""

from enum import StrEnum


class Smell(StrEnum):
    """A smell's symbol, stable across releases; comments and options name it."""

    PRINT_NOISE = "print-noise"
    DISPLAY_NOISE = "display-noise"
    PLOT_NOISE = "plot-noise"
    PERSONAL_DATA_SHOWN = "personal-data-shown"
    EXPOSED_INTERNALS = "exposed-internals"
    DUPLICATE_CODE = "duplicate-code"
    DUPLICATE_RESPONSIBILITY = "duplicate-responsibility"
    MAGIC_NUMBER = "magic-number"
    VAGUE_NAME = "vague-name"
    OVERLOADED_NAME = "overloaded-name"
    DEAD_CODE = "dead-code"
    COMMENTED_OUT_CODE = "commented-out-code"
    UNUSED_IMPORT = "unused-import"
    SCATTERED_IMPORT = "scattered-import"
    WILDCARD_IMPORT = "wildcard-import"
    HIDDEN_STATE = "hidden-state"
    NOT_IDEMPOTENT = "not-idempotent"
    MUTATED_SHARED_FRAME = "mutated-shared-frame"
    IPYTHON_ONLY = "ipython-only"
    HARD_CODED_PATH = "hard-coded-path"
    DEPRECATED_API = "deprecated-api"
    UNSEEDED_RANDOMNESS = "unseeded-randomness"
    GLOBAL_SEED = "global-seed"
    DATA_LEAKAGE = "data-leakage"
    CHOSEN_BY_TEST_SCORE = "chosen-by-test-score"
    NOT_SCALED = "not-scaled"
    CHAINED_ASSIGNMENT = "chained-assignment"
    ROW_ITERATION = "row-iteration"
    NAN_EQUALITY = "nan-equality"
    MERGE_UNKEYED = "merge-unkeyed"
    RESULT_DISCARDED = "result-discarded"
    BLANKET_EXCEPT = "blanket-except"
    BLANKET_WARNING_FILTER = "blanket-warning-filter"
    SECRET_IN_CODE = "secret-in-code"
    NO_FUNCTIONS = "no-functions"
    LONG_CELL = "long-cell"
    UNTITLED_NOTEBOOK = "untitled-notebook"
    EMPTY_CELL = "empty-cell"


NOISE = frozenset(
    {
        Smell.PRINT_NOISE,
        Smell.DISPLAY_NOISE,
        Smell.PLOT_NOISE,
        Smell.PERSONAL_DATA_SHOWN,
    }
)
"""What is on screen only while somebody looks; the second step of the cycle removes it."""
