"""Step 05: what computes is in modules of its own and pure; one thin file reads and saves."""

from nbkata.adopt.shell.adopted_shape import core_said


def test_the_core_is_pure_and_apart(workspace, kata):
    message = core_said(workspace, kata)
    assert not message, message
