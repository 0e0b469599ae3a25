"""Waiting in tests for what other processes and threads do: by looking, not by a fixed time."""

import time
from collections.abc import Callable

# What is waited for comes as soon as it can; a machine may be busy.
PATIENCE_S = 120


def wait_until(what: Callable[[], bool]) -> None:
    """Look until it is so. Fails if it never is."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.02)  # between two looks: there is nothing to wait on
