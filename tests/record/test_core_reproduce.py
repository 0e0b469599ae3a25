"""record/core/reproduce.py: is a saved notebook what a fresh run gives?"""

from typing import Any

from support.builders import notebook_of

from nbkata.notebook.core.notebook import Notebook, notebook_from_json
from nbkata.record.core.reproduce import first_difference, order_faults


def with_counts(*counts: int | None) -> Notebook:
    document = notebook_of(*["x = 1"] * len(counts))
    for cell, count in zip(document["cells"], counts, strict=True):
        cell["execution_count"] = count
    return notebook_from_json(document)


def shows(*outputs: dict[str, Any]) -> Notebook:
    document = notebook_of("x = 1", "x")
    document["cells"][1]["outputs"] = list(outputs)
    return notebook_from_json(document)


def result(text: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "metadata": {}, "data": {"text/plain": text}}


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def test_counts_from_one_upwards_have_no_fault():
    assert not order_faults(with_counts(1, 2, 3))


def test_a_cell_run_again_later_is_named():
    assert order_faults(with_counts(1, 9, 3)) == ("cell 1 shows [9], not [2]",)


def test_a_cell_never_run_is_named():
    assert order_faults(with_counts(1, None)) == ("cell 1 was never run",)


def test_an_empty_cell_has_no_count_and_takes_none():
    document = notebook_of("x = 1", "", "x")
    document["cells"][0]["execution_count"] = 1
    document["cells"][2]["execution_count"] = 2
    assert not order_faults(notebook_from_json(document))


def test_equal_outputs_have_no_difference():
    assert first_difference(shows(result("3")), shows(result("3"))) is None


def test_a_changed_output_is_named_with_both_lines():
    assert first_difference(shows(result("3")), shows(result("4"))) == (
        "cell 1 was saved with '3', but a fresh run shows '4'"
    )


def test_a_cleared_output_is_named():
    assert first_difference(shows(), shows(result("4"))) == "cell 1 was saved without its output"


def test_a_longer_output_is_named():
    assert first_difference(shows(stream("a\n")), shows(stream("a\nb\n"))) == (
        "cell 1 was saved with 1 line of output, but a fresh run shows 2"
    )


def test_the_order_in_which_two_streams_arrive_does_not_matter():
    both = stream("out\n"), stream("warning\n", "stderr")
    assert first_difference(shows(*both), shows(*reversed(both))) is None


def test_pictures_are_left_out():
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "aaaa"}}
    other = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "bbbb"}}
    assert first_difference(shows(picture), shows(other)) is None
