"""The catalogue's names: every smell the kit knows, by the symbol that pylint shows.

What each one means, why it matters and how to fix it is in ``nbkata/smells.toml``.
"""

from enum import StrEnum


class Smell(StrEnum):
    """A smell's symbol, stable across releases; comments and options name it.

    Each has its message id beside it, as stable; W0611, W0401 and R0801 are pylint's own.
    """

    message_id: str

    def __new__(cls, symbol: str, message_id: str = "") -> "Smell":
        """The symbol is the value; the id goes with it."""
        member = str.__new__(cls, symbol)
        member._value_ = symbol
        member.message_id = message_id
        return member

    PRINT_NOISE = "print-noise", "C9501"
    DISPLAY_NOISE = "display-noise", "C9502"
    PLOT_NOISE = "plot-noise", "C9503"
    PERSONAL_DATA_SHOWN = "personal-data-shown", "W9504"
    EXPOSED_INTERNALS = "exposed-internals", "R9505"
    DUPLICATE_CODE = "duplicate-code", "R0801"
    DUPLICATE_RESPONSIBILITY = "duplicate-responsibility", "R9507"
    MAGIC_NUMBER = "magic-number", "R9508"
    VAGUE_NAME = "vague-name", "C9509"
    OVERLOADED_NAME = "overloaded-name", "W9510"
    DEAD_CODE = "dead-code", "W9511"
    COMMENTED_OUT_CODE = "commented-out-code", "C9512"
    UNUSED_IMPORT = "unused-import", "W0611"
    SCATTERED_IMPORT = "scattered-import", "C9514"
    WILDCARD_IMPORT = "wildcard-import", "W0401"
    HIDDEN_STATE = "hidden-state", "W9516"
    NOT_IDEMPOTENT = "not-idempotent", "W9517"
    MUTATED_SHARED_FRAME = "mutated-shared-frame", "W9518"
    IPYTHON_ONLY = "ipython-only", "W9519"
    HARD_CODED_PATH = "hard-coded-path", "W9520"
    DEPRECATED_API = "deprecated-api", "W9521"
    UNSEEDED_RANDOMNESS = "unseeded-randomness", "W9522"
    GLOBAL_SEED = "global-seed", "W9523"
    DATA_LEAKAGE = "data-leakage", "W9524"
    CHOSEN_BY_TEST_SCORE = "chosen-by-test-score", "W9525"
    NOT_SCALED = "not-scaled", "W9526"
    CHAINED_ASSIGNMENT = "chained-assignment", "W9527"
    ROW_ITERATION = "row-iteration", "R9528"
    NAN_EQUALITY = "nan-equality", "W9529"
    MERGE_UNKEYED = "merge-unkeyed", "W9530"
    RESULT_DISCARDED = "result-discarded", "W9531"
    BLANKET_EXCEPT = "blanket-except", "W9532"
    BLANKET_WARNING_FILTER = "blanket-warning-filter", "W9533"
    SECRET_IN_CODE = "secret-in-code", "W9534"
    NO_FUNCTIONS = "no-functions", "R9535"
    LONG_CELL = "long-cell", "R9536"
    UNTITLED_NOTEBOOK = "untitled-notebook", "C9537"
    EMPTY_CELL = "empty-cell", "C9538"


# What is on screen only while somebody looks; the second step of the cycle removes it.
NOISE = frozenset(
    {
        Smell.PRINT_NOISE,
        Smell.DISPLAY_NOISE,
        Smell.PLOT_NOISE,
        Smell.PERSONAL_DATA_SHOWN,
    }
)
