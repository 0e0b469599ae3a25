"""Step 04: functions of their own, each pure, each with a unit test."""

from nbkata.adopt.shell.adopted_shape import functions_said

WANTED = 3


def test_there_are_pure_functions_with_unit_tests(workspace, kata):
    message = functions_said(workspace, kata, WANTED)
    assert not message, message
