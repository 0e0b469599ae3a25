"""Step 02: all that is there is needed."""

from nbkata.adopt.shell.adopted_shape import dead_said


def test_nothing_is_dead(workspace):
    said = dead_said(workspace)
    assert not said, said
