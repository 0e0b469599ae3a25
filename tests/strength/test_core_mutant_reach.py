"""Which mutants can be planted after the code was imported."""

from nbkata.strength.core.mutant_reach import can_be_exchanged, changed_codes, function_spans
from nbkata.strength.core.mutants import mutants

SOURCE = """LIMIT = 3


def outer(x):
    def inner(y):
        return y + LIMIT
    return inner(x) * 2


class Scaler:
    factor = 4

    @staticmethod
    def scaled(x, by=5):
        return (
            x *
            by + 6
        )
"""


def test_bodies_of_outermost_functions_and_methods_are_found():
    assert function_spans(SOURCE) == ((5, 7), (15, 18))


def exchangeable(*ran_early: int) -> set[int]:
    spans = function_spans(SOURCE)
    found = mutants(SOURCE, "m.py")
    return {one.line for one in found if can_be_exchanged(one, SOURCE, spans, ran_early)}


def test_what_ran_on_import_cannot_be_exchanged_and_what_was_only_defined_can():
    on_import = (1, 4, 10, 11, 13, 14)
    assert {1, 11, 14} & exchangeable(*on_import) == set()
    assert {6, 7, 16, 17} <= exchangeable(*on_import)


def test_a_function_that_ran_early_is_as_fixed_as_what_called_it():
    assert {6, 7} & exchangeable(1, 4, 5, 7) == set()


def test_the_codes_that_differ_are_told_from_the_outside_in():
    changed = SOURCE.replace("y + LIMIT", "y - LIMIT")
    pairs = changed_codes(compile(SOURCE, "m", "exec"), compile(changed, "m", "exec"))
    assert [before.co_qualname for before, _ in pairs] == ["outer", "outer.<locals>.inner"]
