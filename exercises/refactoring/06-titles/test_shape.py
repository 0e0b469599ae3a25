"""Step 06: one function derives the titles, and a unit test notices when it is broken."""

import re

import pandas as pd
import pytest

from nbkata.shape_tests.shell.shape_checks import (
    Misreading,
    arguments_changed,
    functions_that_make,
    not_noticed,
)

# The words that the codes 0 to 4 of the golden record stand for.
TITLES = ("Mr", "Mrs", "Miss", "Master", "Other")
RARE = "Dr|Rev|Col|Major|Capt|Sir|Don|Jonkheer|Lady|Dona|the Countess"
# Each kind of title that the guide names, the one it is taken for, and how a message names it.
KINDS = (
    ("Mlle|Ms", "Mr", "Mlle and Ms", "Test one of these, too."),
    ("Mme", "Mr", "Mme", "Test it, too."),
    (RARE, "Mr", "the rare titles", "Test one of these, too: Dr, say, or the Countess."),
    ("Mr|Mrs|Miss|Master", "Dr", "Mr, Mrs, Miss and Master", "Test one of these, too."),
)


@pytest.fixture(scope="module")
def functions(learner):
    """The functions that derive the titles, in words or in codes, a column or one by one."""
    results = learner.run.results
    codes = pd.concat([results["X_train"], results["X_test"]])["Title"].sort_index().tolist()
    words = [TITLES[code] for code in codes]
    return functions_that_make(learner, words, codes)


def test_a_function_of_its_own_derives_the_titles(functions):
    assert functions, (
        "No function derives the titles yet: while train() ran, none was called that makes a "
        "column with Mr, Mrs, Miss, Master and Other out of the names. The lines that do it lie "
        "open in train(). Write add_derived_title, test first, and call it."
    )


def test_a_unit_test_notices_when_it_is_broken(learner, functions, their_tests):
    if not functions:
        pytest.skip("said by the first test")
    rows = sum(len(learner.run.results[name]) for name in ("X_train", "X_test"))

    def holds_titles(column):
        is_of_all = len(column) in (1, rows)
        return is_of_all and any(re.search(rf"\b({'|'.join(TITLES)})\b", str(x)) for x in column)

    mistaken = [
        Misreading(f"took {what} for {other}", ("words as", words, other), holds_titles, advice)
        for words, other, what, advice in KINDS
    ]
    message = not_noticed(learner, their_tests, functions, "derives the titles", mistaken)
    assert not message, message


def test_it_leaves_its_argument_alone(learner, functions):
    message = arguments_changed(learner, functions)
    assert not message, message


def test_no_loop_goes_over_the_rows(learner):
    for path, node in learner.nodes():
        name = getattr(node, "attr", "")
        assert name not in ("iterrows", "itertuples"), (
            f"{learner.shown(path)}, line {node.lineno}: {name} still goes over the passengers one "
            "by one. A whole column at once is shorter and quicker: str.split, str.strip, map."
        )
