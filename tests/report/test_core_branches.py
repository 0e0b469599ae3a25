"""report/core/branches.py: what is said of two branches."""

from nbkata.kata.core.figures import Figure, Measured, Row
from nbkata.kata.core.lights import Light
from nbkata.report.core.branches import Branch, Branches


def branch(strength: Measured | None, *notes: str) -> Branch:
    row = Row("mine", "", {Figure.STRENGTH: strength}, notes)
    return Branch("mine", 1, 1, 1, (), Light(True, ("as it was",)), row)


def test_a_strength_that_is_missing_has_a_reason():
    assert branch(Measured(90.0)).reasons == ()
    assert branch(None, "mine: the tests fail").reasons == ("mine: the tests fail",)
    (reason,) = branch(None).reasons
    assert reason.startswith("mine: it has no tests")
    found = Branches(branch(None), branch(Measured(90.0)), "")
    assert [one["reasons"] for one in found.as_json()["branches"]] == [[reason], []]
