"""Drill 03: the arguments stand where the function expects them."""

CLASSES = [(1, 1), (1, 1), (1, 0), (2, 1), (2, 0), (3, 0), (3, 0), (3, 1), (3, 0)]
PASSENGERS = [{"Pclass": pclass, "Survived": survived} for pclass, survived in CLASSES]


def test_the_call_gives_the_rates(drill):
    drill.unchanged("survival.py")
    report = drill.load("report.py")
    rates = drill.call(report.rates_by_class, PASSENGERS)
    assert rates != {1: 0.667, 2: 0.5, 3: 0.25}, (
        "digits and at_least are swapped: the report wants 2 digits, and groups of 3 or more."
    )
    assert rates == {1: 0.67, 3: 0.25}, (
        f"rates_by_class should give {{1: 0.67, 3: 0.25}} here, and gives {rates}. With the cursor "
        "between the brackets of the call, ask for the parameters: which one is in bold?"
    )
