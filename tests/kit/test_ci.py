"""CI sees what a newcomer sees, even on a machine that has more."""

import os
import re
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


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_every_action_is_pinned_by_commit_and_says_of_which_version() -> None:
    used = [
        line.strip().removeprefix("- ")
        for path in WORKFLOWS
        for line in path.read_text(encoding="utf-8").splitlines()
        if "uses:" in line
    ]
    assert len(used) >= 7
    for line in used:
        assert re.fullmatch(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    assert "package-ecosystem: github-actions" in (ROOT / ".github" / "dependabot.yml").read_text(
        encoding="utf-8"
    )


def test_the_lock_is_audited_without_being_installed_and_no_workflow_may_write() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in WORKFLOWS}
    audit = "pip-audit --requirement requirements.lock --require-hashes --disable-pip"
    assert audit in texts["audit.yml"] and "schedule:" in texts["audit.yml"]
    for name, text in texts.items():
        assert "permissions:\n  contents: read" in text and "write" not in text, name
        assert text.count("actions/checkout@") == text.count("persist-credentials: false"), name
