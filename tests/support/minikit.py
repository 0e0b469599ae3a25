"""A kit in miniature: the real `go`, and one tiny package to install from a folder, in seconds."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("go", "go.bat", "src/nbkata/__init__.py")
ROOMS = ("common", "setup")
"""All that setting up may need: a room that it imports beside these fails every test here."""
MAKES_A_VENV = '"-m", "venv"'
COPIES_ONE = "import shutil, sys; shutil.copytree(*sys.argv[1:], symlinks=True, dirs_exist_ok=True)"

SHOW = """
import os, sys
if os.environ.get("EXIT_WITH"):
    sys.exit(int(os.environ["EXIT_WITH"]))
print("{name} in", os.path.basename(os.getcwd()), "with", sys.argv[1:])
"""
BUILD = '''
"""Builds the miniature, editable, without any package."""
import pathlib, zipfile

METADATA = "Metadata-Version: 2.1\\nName: nbkata\\nVersion: 0\\n"
WHEEL = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "nbkata-0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("nbkata.pth", str(pathlib.Path("src").resolve()))
        wheel.writestr("nbkata-0.dist-info/METADATA", METADATA)
        wheel.writestr("nbkata-0.dist-info/WHEEL", WHEEL)
        wheel.writestr("nbkata-0.dist-info/RECORD", "")
    return name
'''
PROJECT = """
[build-system]
requires = []
build-backend = "build"
backend-path = ["tool"]

[project]
name = "nbkata"
version = "0"
"""


def base_python() -> Path:
    """The interpreter that the environment of these tests was made with."""
    return Path(getattr(sys, "_base_executable", None) or sys.executable)


@dataclass
class MiniKit:
    """A folder to run `go` in, on a machine that has only what ``programs`` holds."""

    root: Path
    wheels: Path
    programs: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def venv(self) -> Path:
        """Where its environment belongs."""
        return self.root / ".venv"

    def command(self, *arguments: str) -> list[str]:
        """How a person calls `go` here."""
        name = "go.bat" if os.name == "nt" else "go"
        return [str(self.root / name), *arguments]

    def start(self, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
        """`go`, begun; what it says, errors too, is its stdout."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.root.parent,
            env={**self.variables, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )

    def go(self, *arguments: str, **variables: str) -> tuple[int, str]:
        """`go`, to the end: exit code and what it said."""
        with self.start(*arguments, **variables) as process:
            output = process.communicate(timeout=300)[0]
        return process.returncode, output

    def lock(self, digest: str = "") -> None:
        """Write its requirements.lock, with this SHA-256 or the right one."""
        wheel = next(self.wheels.glob("tiny_dep*.whl"))
        digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
        text = f"tiny-dep==1.0 \\\n    --hash=sha256:{digest}\n"
        (self.root / "requirements.lock").write_text(text, encoding="utf-8")

    def snapshot(self) -> dict[str, tuple[int, int]]:
        """Every file with its size and time of change."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def make_minikit(folder: Path, venv: Path | None = None) -> MiniKit:
    """In ``folder``, under a name with a space and a letter beyond ASCII.

    Its environments are copies of ``venv``, if that is given: making one with pip takes 3.6 s of processor time.
    """
    kit = MiniKit(folder / "a b é", folder / "wheels", folder / "programs")
    for name in COPIED:
        (kit.root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, kit.root / name)
    for name in ROOMS:
        room = Path("src", "nbkata", name)
        shutil.copytree(ROOT / room, kit.root / room, ignore=shutil.ignore_patterns("__pycache__"))
    if venv:
        _let_it_copy(venv, kit)
    for name, text in {
        "src/nbkata/__main__.py": SHOW.format(name="nbkata"),
        "tool/build.py": BUILD,
        "pyproject.toml": PROJECT,
    }.items():
        (kit.root / name).parent.mkdir(exist_ok=True)
        (kit.root / name).write_text(text, encoding="utf-8")
    kit.wheels.mkdir()
    _make_wheel(kit.wheels / "tiny_dep-1.0-py3-none-any.whl")
    kit.lock()
    kit.programs.mkdir()
    kit.variables = _bare_machine(kit)
    return kit


def _let_it_copy(venv: Path, kit: MiniKit) -> None:
    copier = kit.root.parent / "copy_venv.py"
    copier.write_text(COPIES_ONE, encoding="utf-8")
    path = kit.root / "src" / "nbkata" / "setup" / "shell" / "environment.py"
    text = path.read_text(encoding="utf-8")
    assert text.count(MAKES_A_VENV) == 1
    copies = text.replace(MAKES_A_VENV, f"{str(copier)!r}, {str(venv)!r}")
    path.write_text(copies, encoding="utf-8")


def _bare_machine(kit: MiniKit) -> dict[str, str]:
    """The variables of a machine without network, settings or any program but Python."""
    needed = ("SYSTEMROOT", "COMSPEC", "PATHEXT", "TEMP", "TMP")  # Windows starts nothing without
    path = str(base_python().parent)
    settings = kit.programs / "uv.toml"
    settings.write_text(
        f"no-index = true\nfind-links = [{json.dumps(str(kit.wheels))}]\n", encoding="utf-8"
    )
    if os.name != "nt":
        path = str(kit.programs)
        add_program(kit, "python3", f'exec "{base_python()}" "$@"')
    return {
        **{name: os.environ[name] for name in needed if name in os.environ},
        **{"PATH": path, "HOME": str(kit.programs), "USERPROFILE": str(kit.programs)},
        **{"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(kit.wheels), "PIP_CONFIG_FILE": os.devnull},
        **{"UV_CONFIG_FILE": str(settings), "UV_CACHE_DIR": str(kit.programs / "uv-cache")},
        **{"PYTHONPATH": "/nowhere", "PYTHONUTF8": "1"},
    }


def add_program(kit: MiniKit, name: str, script: str) -> None:
    """Put a shell script on the machine's PATH."""
    path = kit.programs / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def _make_wheel(path: Path) -> None:
    """tiny-dep 1.0, with a JupyterLab and a pytest in it that only say how they were called."""
    files = {
        "tiny_dep.py": "",
        "jupyterlab/__main__.py": SHOW.format(name="jupyterlab"),
        "pytest.py": SHOW.format(name="pytest"),
        "tiny_dep-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny-dep\nVersion: 1.0\n",
        "tiny_dep-1.0.dist-info/WHEEL": (
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
    }
    record = "tiny_dep-1.0.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(text)},{len(text)}" for name, text in files.items()]
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr(record, "\n".join([*lines, f"{record},,\n"]))


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
