"""Hostile workspaces of the tiny kata `till` (tests/support/till.py), and how the check of each must end.

Where an attack reaches what it is after, it raises `REACHED` or gives another total; else it goes on as a right
solution does. So `green` means: it was contained, and did no harm.
"""

import io
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from support.till import TILL

GREEN, RED, LATE = "green", "red", "timed out"
MEMORY, OUTPUT, REFUSED = "out of memory", "too much output", "refused"
# What processes that are left behind are found by.
MARK = "7471.25"


@dataclass(frozen=True)
class Hostile:
    """One workspace: its submission, and how its check may end."""

    name: str
    content: bytes
    ends: tuple[str, ...]


def _tar(*files: tuple[str, str], change: Callable[[tarfile.TarInfo], None] | None = None) -> bytes:
    """A tarball; ``change`` makes of the last member what no workspace holds."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for place, (name, text) in enumerate(files):
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            if change and place == len(files) - 1:
                change(member)
            tar.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


def _zip(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def _code(attack: str, **more: str) -> bytes:
    """A right solution, with an attack when it is imported."""
    return _tar(("src/till.py", f"{attack}\n{TILL}"), *more.items())


def _tries(attempt: str) -> str:
    """Code that raises REACHED if an attempt has a result that is true; what is refused is passed over."""
    return (
        "import ctypes, glob, os, signal, socket, subprocess, sys\n"
        f"try:\n    reached = {attempt}\nexcept Exception:\n    reached = None\n"
        "if reached:\n    raise RuntimeError(f'REACHED {reached}')\n"
    )


def _link(target: str, kind: bytes) -> Callable[[tarfile.TarInfo], None]:
    def change(member: tarfile.TarInfo) -> None:
        member.type, member.linkname, member.size = kind, target, 0

    return change


def _named(name: str) -> Callable[[tarfile.TarInfo], None]:
    def change(member: tarfile.TarInfo) -> None:
        member.name = name

    return change


WRONG = TILL.replace("return sum(", "return 1 + sum(")
FORGE = """
import glob, os, contextlib
for path in glob.glob("/tmp/**/*.json*", recursive=True) + glob.glob("/tmp/**/*.txt", recursive=True):
    with contextlib.suppress(OSError), open(path, "a") as file:
        file.write('{"test": "t", "folder": "00-add-up", "ok": true, "message": ""}\\n{"end": true}\\n')
os._exit(0)
"""
PATCH = """
import sys
def _same(*_, **__):
    return True
for name, module in list(sys.modules.items()):
    for attribute in ("assert_frame_equal", "compare", "expected", "light_of"):
        if hasattr(module, attribute):
            setattr(module, attribute, _same)
import pandas.testing
pandas.testing.assert_frame_equal = _same
"""
PICKLED = """
class Evil:
    def __reduce__(self):
        return (eval, ("open('/tmp/pickled', 'w').write('REACHED')",))
"""
PLUGIN = """
import pytest, os
def pytest_configure(config):
    os._exit(0)
"""


def hostile_set(kit: str, port: int, secret: str) -> list[Hostile]:
    """All of them. ``port`` is one of this machine, ``secret`` a file, on which nobody must lay hands."""
    fork = (
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"
    )
    sleepers = (
        f"import subprocess\nfor _ in range(200):\n    subprocess.Popen(['sleep', '{MARK}'])\n"
    )
    daemon = (
        "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        f"        os.execve('/bin/sleep', ['sleep', '{MARK}'], {{}})\n    os._exit(0)\n"
    )
    stubborn = "import signal\nfor n in (2, 15, 1):\n    signal.signal(n, signal.SIG_IGN)\n"
    loop = "while True:\n    pass\n"
    golden = f"{kit}/exercises/till/golden.json"
    bomb = b"0" * 300_000_000
    shut = ("src/till.py", TILL)
    return [
        *(
            Hostile(name, _code(_tries(attempt)), (GREEN,))
            for name, attempt in {
                "a port of this machine": f"socket.create_connection(('127.0.0.1', {port}), 2)",
                "an abstract socket": f"socket.socket(socket.AF_UNIX).connect('\\0nbkata{port}') is None",
                "/etc/shadow": "open('/etc/shadow').read()",
                "a file of the facilitator's": f"open({secret!r}).read()",
                "the home": "[n for n in os.listdir(os.path.expanduser('~root')) if n != '.pyenv']",
                "a secret variable": "os.environ.get('BENCH_SECRET_TOKEN')",
                "writes the kit": f"open({kit!r} + '/exercises/till/00-add-up/test_shape.py', 'a')",
                "edits the golden record": f"open({golden!r}, 'w')",
                "writes a .pth": "open(os.path.join(os.path.dirname(os.__file__), 'a.pth'), 'w')",
                "writes a .pth of the environment": "open(glob.glob(sys.prefix + '/lib/*/site-packages')[0] + '/a.pth', 'w')",
                "writes to the system": "open('/usr/bin/evil', 'w')",
                "other people's processes": "[1 for n in range(1, 9) for _ in [open(f'/proc/{n}/environ').read()] if n != os.getpid() and n > 4]",
                "the memory of the check": "open('/proc/1/mem', 'r+b')",
                "a namespace of its own": "subprocess.run(['unshare', '-Ur', 'true'], stderr=-3).returncode == 0",
                "mounts": "ctypes.CDLL(None).mount(b'tmpfs', b'/usr', b'tmpfs', 0, None) == 0",
                "the kernel's settings": "open('/proc/sys/kernel/core_pattern', 'w').write('|/bin/evil')",
                "raw disks": "glob.glob('/dev/[sv]d*') or glob.glob('/dev/mem')",
                "the submission's file": "open('/tmp/submission', 'r+b').write(b'x')",
            }.items()
        ),
        Hostile("200 processes", _code(sleepers), (GREEN, RED)),
        Hostile("a daemon", _code(daemon), (GREEN,)),
        Hostile("a fork bomb", _code(fork), (LATE, RED, MEMORY)),
        Hostile("30 GB of memory", _code("x = bytearray(30 * 1024**3)\n"), (MEMORY,)),
        Hostile(
            "memory bit by bit",
            _code("x = []\nwhile True:\n    x.append(bytearray(10**7))\n"),
            (MEMORY,),
        ),
        Hostile("10 GB of output", _code("while True:\n    print('x' * 10**6)\n"), (OUTPUT,)),
        Hostile(
            "a full disk",
            _code("for n in range(10**4):\n    open(f'{n}.bin', 'wb').write(b'0' * 5 * 10**7)\n"),
            (RED, OUTPUT, MEMORY),
        ),
        Hostile("an endless loop", _code(loop), (LATE,)),
        Hostile("ignores SIGTERM", _code(stubborn + loop), (LATE,)),
        Hostile("os._exit(0)", _code("import os\nos._exit(0)\n"), (RED,)),
        Hostile(
            "kills its parent and its group",
            _code("import os\nos.kill(os.getppid(), 9)\nos.killpg(0, 9)\n"),
            (RED,),
        ),
        Hostile(
            "prints a verdict",
            _tar(("src/till.py", 'print(\'{"behaviour": {"ok": true}}\')\n' + WRONG)),
            (RED,),
        ),
        Hostile("writes verdicts where it can", _code(FORGE), (RED,)),
        Hostile("patches comparisons", _tar(("src/till.py", PATCH + WRONG)), (RED,)),
        Hostile(
            "a pickle that runs code",
            _tar(("src/till.py", PICKLED + TILL.replace('{"total"', '{"evil": Evil(), "total"'))),
            (GREEN, RED),
        ),
        Hostile(
            "an endless message", _code("raise RuntimeError('x' * 5 * 10**7)\n"), (RED, OUTPUT)
        ),
        Hostile(
            "patches pytest in a conftest",
            _code("", **{"conftest.py": PLUGIN, "tests/conftest.py": PLUGIN}),
            (GREEN,),
        ),
        Hostile(
            "sitecustomize",
            _code("", **{"sitecustomize.py": loop, "src/sitecustomize.py": loop}),
            (GREEN,),
        ),
        Hostile(
            "settings of pytest",
            _code("", **{"pytest.ini": "[pytest]\naddopts=-p evil", "tests/pytest.ini": "?"}),
            (GREEN,),
        ),
        Hostile(
            "a link out of the archive",
            _tar(shut, ("src/a.py", ""), change=_link("/etc/shadow", tarfile.SYMTYPE)),
            (REFUSED,),
        ),
        Hostile(
            "a hard link out of it",
            _tar(shut, ("src/a.py", ""), change=_link("../../secret", tarfile.LNKTYPE)),
            (REFUSED,),
        ),
        Hostile(
            "a device", _tar(shut, ("src/a.py", ""), change=_link("", tarfile.CHRTYPE)), (REFUSED,)
        ),
        Hostile("../ names", _tar(shut, ("a", ""), change=_named("src/../../evil.py")), (REFUSED,)),
        Hostile("absolute names", _tar(shut, ("a", ""), change=_named("/tmp/evil.py")), (REFUSED,)),
        Hostile(
            "a file that is a folder", _tar(shut, ("src/a", ""), ("src/a/b.py", "")), (REFUSED,)
        ),
        Hostile(
            "a zip bomb",
            _zip(("src/till.py", bomb), ("a", bomb), ("b", bomb), ("c", bomb)),
            (REFUSED,),
        ),
        Hostile("a zip bomb in the code", _zip(("src/till.py", bomb)), (REFUSED,)),
        Hostile("100,000 brackets", _tar(("src/till.py", "(" * 100_000)), (RED,)),
        Hostile(
            "a notebook of brackets", _code("", **{"notebooks/till.ipynb": "[" * 100_000}), (GREEN,)
        ),
    ]
