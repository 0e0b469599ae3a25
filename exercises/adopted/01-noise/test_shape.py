"""Step 01: the code computes; it does not show."""

from nbkata.adopt.shell.adopted_shape import noise_said


def test_nothing_is_only_shown(workspace):
    message = noise_said(workspace)
    assert not message, message
