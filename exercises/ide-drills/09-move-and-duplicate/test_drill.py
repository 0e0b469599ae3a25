"""Drill 09: one line moved, one line copied."""

BEFORE = ["read_passengers", "add_title", "bin_ages", "add_is_alone"]
BEFORE += ["fill_ages_by_title", "drop_unread_columns"]


def test_ages_are_filled_before_they_are_binned(drill):
    steps = drill.load("pipeline.py").STEPS
    lost = sorted(set(BEFORE) - set(steps))
    assert not lost, f"{', '.join(lost)} is gone from STEPS: the line was cut, not moved."
    assert len(steps) == len(BEFORE), "A step is in STEPS twice: the line was copied, not moved."
    filled, binned = steps.index("fill_ages_by_title"), steps.index("bin_ages")
    assert filled < binned, (
        "The ages are still binned before the gaps are filled. Move fill_ages_by_title up twice."
    )
    others = [step for step in steps if step != "fill_ages_by_title"]
    assert others == [step for step in BEFORE if step != "fill_ages_by_title"], (
        "The other steps have changed their order. Only fill_ages_by_title moves."
    )
    assert steps.index("add_title") < filled, (
        "fill_ages_by_title went one too far: it needs the titles, so it comes after add_title."
    )


def test_the_fare_has_a_limit_too(drill):
    largest = drill.load("pipeline.py").LARGEST
    assert ("Fare", 512) in largest, (
        "LARGEST has no ('Fare', 512) yet. Duplicate the line of the age and change the copy."
    )
    assert ("Age", 80) in largest, "The line of the age itself was changed. Duplicate it first."
    assert sorted(largest) == [("Age", 80), ("Fare", 512), ("SibSp", 8)], (
        f"LARGEST should hold Age, Fare and SibSp once each, and is {largest}."
    )
