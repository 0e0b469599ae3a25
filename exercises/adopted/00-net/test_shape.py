"""Step 00: there are tests, and they pass."""

from nbkata.shape_tests.shell.shape_checks import not_passing


def test_the_tests_pass(their_tests):
    message = not_passing(their_tests)
    assert not message, message
