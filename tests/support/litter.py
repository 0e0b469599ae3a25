"""What editors and systems leave in a folder, for tests of what walks through it."""

import os
import socket
import sys
from pathlib import Path


def litter(folder: Path, kind: str = ".py") -> tuple[Path, ...]:
    """Leave it there, named like files of a ``kind``; return what was left."""
    folder.mkdir(parents=True, exist_ok=True)
    left = [folder / f"{name}{kind}" for name in ("dead", "round", "pipe", "device", "socket")]
    dead, around, pipe, device, plug = left
    lock = folder / f".#train{kind}"
    lock.symlink_to("somebody@machine.1234:1")  # Emacs, while a file has unsaved changes
    dead.symlink_to(folder / "gone")
    around.symlink_to(around)
    os.mkfifo(pipe)
    device.symlink_to(os.devnull)  # not /dev/zero: a copy of that would fill the disk
    bound = os.getcwd()
    os.chdir(folder)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(plug.name)
    os.chdir(bound)
    circle = folder / "circle"
    circle.symlink_to(folder)
    up = folder / "up"
    up.symlink_to(folder.parent)
    closed = folder / "closed"
    closed.mkdir()
    (closed / f"hidden{kind}").write_text("x = 1\n", "utf-8")
    closed.chmod(0)
    secret = folder / f"secret{kind}"
    secret.write_text("x = 1\n", "utf-8")
    secret.chmod(0)
    left += [lock, circle, up, closed, secret]
    if sys.platform == "linux":
        foreign = os.path.join(os.fsencode(folder), b"caf\xe9" + kind.encode())
        with open(foreign, "wb") as file:
            file.write(b"x = 1\n")
        left.append(Path(os.fsdecode(foreign)))
    return tuple(left)


def clear(left: tuple[Path, ...]) -> None:
    """Give permission back, so that the folder can be removed."""
    for path in left:
        if path.name.startswith(("closed", "secret")) and path.exists():
            path.chmod(0o700)


UNPRIVILEGED = (
    ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]
    if sys.platform == "linux" and os.geteuid() == 0
    else []
)
"""In front of a command: root may not read everything either."""
