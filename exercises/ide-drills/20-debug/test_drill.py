"""Drill 20: the debugger showed the value."""


def test_the_program_is_as_it_was(drill):
    drill.unchanged("fill_ages.py", "No print is needed: the debugger shows every value.")


def test_the_answer_is_the_third_guess(drill):
    answer = drill.answer()[0]
    assert answer not in ("30", "29"), (
        f"{answer} was the guess at gap {1 if answer == '30' else 2}. Continue to the third gap."
    )
    assert answer == "28", (
        f"{answer} is not it. Put the breakpoint on the line of filled.append(guess): there the guess is "
        "made already. Then continue twice."
    )
