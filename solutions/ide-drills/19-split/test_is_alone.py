"""What `is_alone` promises."""

from is_alone import is_alone


def test_a_person_without_family_is_alone():
    assert is_alone(siblings=0, parents=0) == 1


def test_a_person_with_a_sister_is_not_alone():
    assert is_alone(siblings=1, parents=0) == 0


def test_a_child_with_both_parents_is_not_alone():
    assert is_alone(siblings=0, parents=2) == 0
