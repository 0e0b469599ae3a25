"""Where to begin in a repository of notebooks."""

from nbkata.adopt.core.repository import Debt, Entry, debts_of, in_order

CHEAP = Debt("dead-code", 2, 4.0, 5, is_low_hanging=True)
DEAR = Debt("data-leakage", 1, 9.0, 60)


def _entry(name: str, *debts: Debt, ended: str = "runs", missing: int = 0) -> Entry:
    return Entry(name, f"{name}.ipynb", ended, missing=missing, debts=debts, has_plan=True)


def test_those_that_run_and_have_the_most_debts_for_the_least_effort_come_first():
    entries = [
        _entry("three are missing", CHEAP, ended="does not run", missing=3),
        _entry("one is missing", ended="does not run", missing=1),
        Entry("torn", "torn.ipynb", "refused"),
        _entry("dear", DEAR),
        _entry("cheap and dear", DEAR, CHEAP),
        _entry("cheap", CHEAP),
        _entry("clean"),
    ]
    assert [one.id for one in in_order(entries)] == [
        "cheap", "cheap and dear", "clean", "dear", "one is missing", "three are missing", "torn",
    ]  # fmt: skip


def test_debts_of_all_notebooks_are_added_up_the_most_common_first():
    found = debts_of([_entry("a", DEAR, CHEAP), _entry("b", CHEAP)])
    assert [(one.name, one.notebooks, one.places, one.minutes) for one in found] == [
        ("dead-code", 2, 4, 10), ("data-leakage", 1, 1, 60),
    ]  # fmt: skip
