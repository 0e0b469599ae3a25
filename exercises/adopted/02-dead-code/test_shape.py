"""Step 02: all that is there is needed."""

from nbkata.adopt.shell.adopted_shape import dead_said


def test_nothing_is_dead(workspace):
    message = dead_said(workspace)
    assert not message, message
