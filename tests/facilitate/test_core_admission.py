"""Who may join a room, and how much they may send."""

from nbkata.facilitate.core.admission import (
    CODE_SIGNS,
    MOST_PEOPLE,
    Door,
    full_bucket,
    shown_code,
    typed_code,
)


def test_a_bucket_gives_what_it_holds_and_fills_again():
    bucket = full_bucket(2, 0.5)
    once = bucket.taken(1, 100)
    twice = once and once.taken(1, 100)
    assert twice is not None
    assert twice.taken(1, 101) is None
    assert twice.taken(1, 102) is not None
    assert twice.taken(3, 1_000_000) is None


def test_a_code_may_be_typed_in_any_way_that_it_is_read_out():
    code = "7QXM4KTP"
    assert len(code) == CODE_SIGNS and shown_code(code) == "7QXM-4KTP"
    for typed in ("7QXM-4KTP", "7qxm4ktp", " 7qxm 4ktp ", "7QXM–4KTP"):
        assert typed_code(typed) == code
    assert typed_code("\u0660" * 10**7) == ""


def test_one_address_cannot_fill_the_room():
    assert Door(30, 19, 20).refused() == ""
    assert "--from-one-address" in Door(30, 20, 20).refused()
    assert "full" in Door(MOST_PEOPLE, 0, 20).refused()
