"""What counts as computed and never used, in a notebook's own cells and in its functions."""

import pytest
from support.smell_builders import found, found_in_script

from nbkata.smells.core.symbols import Smell

READ = "import pandas as pd\nimport seaborn as sns\nrides = pd.read_csv(source)"


@pytest.mark.parametrize(
    "call",
    ["tariff.fit(rides, fares)", "update(rides)", "sns.boxplot(x=rides)", "rides.hist(bins=20)"],
)
def test_a_name_for_what_a_call_gives_back_is_dead_if_nothing_reads_it(call: str):
    assert found(Smell.DEAD_CODE, READ, f"kept = {call}") == [(1, 1)]
    assert found(Smell.DEAD_CODE, READ, f"kept = {call}", "print(kept)") == []


@pytest.mark.parametrize(
    "habit",
    [
        "fig = plt.figure()",
        "fig, (left, right) = plt.subplots(1, 2)",
        "ax = rides.plot()",
        "moving = FuncAnimation(figure_of_rides(), step)",
        "%timeit kept = rides.sum()",
        "%%time\nkept = rides.sum()",
    ],
)
def test_a_figure_has_a_name_by_habit_an_animation_needs_one_and_what_is_timed_is_timed(habit: str):
    imports = "import matplotlib.pyplot as plt\nfrom matplotlib.animation import FuncAnimation\n"
    assert found(Smell.DEAD_CODE, imports + READ, habit, "print(rides)") == []


def test_a_tuple_is_dead_if_none_of_its_names_is_read():
    assert found(Smell.DEAD_CODE, READ, "width, (low, high) = limits_of(rides)") == [(1, 1)]
    assert found(Smell.DEAD_CODE, READ, "width, low = limits_of(rides)", "print(low)") == []


def test_a_function_that_never_reads_its_own_name_has_dead_code():
    function = "def cost(x):\n    guess = 3 * x\n    return x"
    assert found(Smell.DEAD_CODE, function, "print(cost(1))") == [(0, 2)]
    used = function.replace("return x", "return guess")
    assert found(Smell.DEAD_CODE, used, "print(cost(1))") == []
    shared = function.replace("guess =", "global guess\n    guess =")
    assert found(Smell.DEAD_CODE, shared, "print(cost(1))") == []
    assert found_in_script(Smell.DEAD_CODE, f"{function}\nprint(cost(1))") == []


def test_a_name_of_the_same_word_in_a_function_is_no_use_of_the_cells_own():
    function = "def cost(fare):\n    return fare + 1\nprint(cost(2))"
    assert found(Smell.DEAD_CODE, function, "fare = len(tariff)") == [(1, 1)]


def test_a_setting_that_nothing_reads_any_more_is_dead_and_one_that_is_tried_again_is_not():
    cells = ("limit = 3", "print(limit)", "limit = 5")
    assert found(Smell.DEAD_CODE, *cells) == [(2, 1)]
    assert found(Smell.DEAD_CODE, *cells, "print(limit)") == []


def test_a_model_fitted_anew_before_anybody_asks_it_was_fitted_for_nothing():
    fit = "model = Forest().fit(rides, fares)"
    assert found(Smell.DEAD_CODE, f"{fit}\n{fit}\nmodel.score(rides, fares)") == [(0, 1)]
    assert found(Smell.DEAD_CODE, f"{fit}\nmodel.score(rides, fares)") == []


@pytest.mark.parametrize("made", ["rides[rides['km'] > 5]", "rides.copy()", "np.zeros(5)"])
def test_what_is_written_into_a_copy_that_nobody_reads_is_dead(made: str):
    cells = (READ, f"import numpy as np\nfar = {made}\nfar['km'] = 5")
    assert (1, 2) in found(Smell.DEAD_CODE, *cells)
    assert found(Smell.DEAD_CODE, *cells, "print(far, rides)") == []
