"""CI sees what a newcomer sees, even on a machine that has more."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason=".ci/run is a script for Linux and macOS")


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def test_ci_hides_uv_settings_and_what_an_earlier_run_left(tmp_path: Path) -> None:
    clone, tools, home = tmp_path / "a b", tmp_path / "tools of mine", tmp_path / "home"
    _program(clone / ".ci" / "run", "")
    shutil.copy(ROOT / ".ci" / "run", clone / ".ci" / "run")
    tell = 'echo "uv: $(command -v uv)"; beside; ls -A "$HOME"; env | grep -E "^(UV_|XDG_|CI=)"'
    _program(clone / "go", tell + '; [ -e .venv ] && echo "old .venv"; exit 7')
    for name in ("uv", "uvx", "chromium", "bwrap"):
        _program(tools / name, 'echo "called: $0"')
    _program(tools / "beside", "echo beside was found")
    (clone / ".venv").mkdir()
    (home / ".config" / "pip").mkdir(parents=True)
    done = subprocess.run(
        ["bash", str(clone / ".ci" / "run")],
        env={
            **{"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(home)},
            **{"UV_OFFLINE": "1", "XDG_CONFIG_HOME": str(home / ".config")},
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.splitlines() == ["uv: ", "beside was found", "CI=true"], done.stderr
    assert done.returncode == 7
