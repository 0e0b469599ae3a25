"""common/core/refusal.py: a value, or the end of the command."""

import pytest

from nbkata.common.core.refusal import Refusal, Refused, or_refuse


def test_a_value_is_given_back_and_so_is_nothing():
    assert or_refuse(3) == 3
    assert or_refuse(None) is None


def test_a_refusal_ends_the_command_and_comes_along():
    refusal = Refusal("this is a file.", "work", "Name a folder.")
    with pytest.raises(Refused, match="work: this is a file. Name a folder.") as raised:
        or_refuse(refusal)
    assert raised.value.refusal is refusal
