"""Running a program where there is no network at all: in a namespace of its own."""

import functools
import subprocess
from collections.abc import Sequence

import pytest

WAYS: Sequence[tuple[str, ...]] = (
    ("unshare", "--map-root-user", "--net"),
    ("bwrap", "--unshare-net", "--dev-bind", "/", "/"),
)


@functools.cache
def _way() -> tuple[str, ...]:
    for way in WAYS:
        try:
            if not subprocess.run([*way, "true"], capture_output=True, check=False).returncode:
                return way
        except OSError:
            pass
    return ()


def offline() -> tuple[str, ...]:
    """What to put before a command; a test that needs it is skipped if this system has no way."""
    if not _way():
        pytest.skip("this system lets nobody make a network namespace (unshare, bubblewrap)")
    return _way()
