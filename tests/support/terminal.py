"""A command in a pseudo-terminal, read as a person reads it. Not for Windows, which has none."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

PATIENCE_S = 120
"""What is waited for comes as soon as it can; a machine may be busy."""


class Terminal:
    """One command, its keyboard and all that it has written so far."""

    def __init__(self, *arguments: str, cwd: Path, columns: int = 80, **environment: str) -> None:
        self.keyboard, screen = pty.openpty()
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        # pylint: disable-next=consider-using-with,subprocess-popen-preexec-fn # see close; no threads
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nbkata", *arguments],
            cwd=cwd,
            env={**os.environ, "TERM": "xterm", "COLUMNS": str(columns), **environment},
            stdin=screen,
            stdout=screen,
            stderr=screen,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(screen)
        self.written = ""
        self.read_to = 0

    def wait_for(self, text: str) -> str:
        """What was written until the text came, since the last wait. Fails where it never comes."""
        end = time.monotonic() + PATIENCE_S
        while (found := self.written.find(text, self.read_to)) < 0:
            assert time.monotonic() < end, f"{text!r} did not come: {self.written[self.read_to:]}"
            assert self._read(), f"it ended without {text!r}: {self.written[self.read_to:]}"
        new = self.written[self.read_to : found + len(text)]
        self.read_to = found + len(text)
        return new

    def press(self, keys: str) -> None:
        """Press them."""
        os.write(self.keyboard, keys.encode())

    def end(self) -> int:
        """Wait until it has ended by itself; its exit code."""
        end = time.monotonic() + PATIENCE_S
        while self._read():
            assert time.monotonic() < end, f"it does not end: {self.written[self.read_to:]}"
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        """End it whatever it does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.keyboard)

    def _read(self) -> bool:
        """Take in what is there; whether more may come."""
        ready, _, _ = select.select([self.keyboard], [], [], 1)
        if not ready:
            return True
        try:
            data = os.read(self.keyboard, 65536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self.written += data.decode("utf-8", errors="replace").replace("\r\n", "\n")
        return bool(data)


def _take_terminal() -> None:
    """Make it the terminal that Ctrl-C comes from."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
