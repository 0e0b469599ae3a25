"""Single keys from a terminal, without Enter; nothing if there is no terminal."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

# What Ctrl-D gives, and a terminal that is gone.
END = "\x04"

if sys.platform == "win32":
    import msvcrt  # pylint: disable=import-error # Windows only

    def key_within(timeout_s: float) -> str:
        """The key that is pressed within so many seconds, or an empty text."""
        end = time.monotonic() + timeout_s
        while True:
            if sys.stdin.isatty() and msvcrt.kbhit():
                key = msvcrt.getwch()
                if key == "\x03":
                    raise KeyboardInterrupt
                return key
            if time.monotonic() >= end:
                return ""
            time.sleep(0.02)

    @contextmanager
    def single_keys() -> Iterator[None]:
        """Windows gives single keys anyway."""
        yield

else:
    import select
    import termios
    import tty

    def key_within(timeout_s: float) -> str:
        """The key that is pressed within so many seconds, or an empty text."""
        if not sys.stdin.isatty():
            time.sleep(timeout_s)
            return ""
        ready, _, _ = select.select([0], [], [], timeout_s)
        if not ready:
            return ""
        pressed = os.read(0, 64)
        return pressed.decode("utf-8", errors="ignore")[:1] if pressed else END

    @contextmanager
    def single_keys() -> Iterator[None]:
        """Keys arrive one by one and are not shown; Ctrl-C stays what it is."""
        if not sys.stdin.isatty():
            yield
            return
        before = termios.tcgetattr(0)
        tty.setcbreak(0)
        try:
            yield
        finally:
            termios.tcsetattr(0, termios.TCSADRAIN, before)
