"""The whole promise once, for real: the lock's own wheels, a clone of the pack, and no network.

The wheels come from the package index, so it runs in CI only, as what else asks the index.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from kit.test_lock import asks_the_index
from support.builders import ROOT
from support.offline import offline

from nbkata.setup.core.system import system_name

PYTHON = getattr(sys, "_base_executable", None) or sys.executable


def run(*command: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=1500,
        check=False,
    )


@asks_the_index
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has network namespaces")
def test_the_kit_is_set_up_from_a_pack_in_a_namespace_without_a_network(tmp_path: Path):
    alone = offline()
    kit = _repository(tmp_path / "kit")
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    system = system_name(sys.platform, platform.machine())
    packed = run(
        *(sys.executable, "-P", "-m", "nbkata", "facilitate", "pack", str(tmp_path / "a pack")),
        *("--system", system, "--python", here),
        folder=tmp_path,
        NBKATA_KIT=str(kit),
    )
    assert packed.returncode == 0, packed.stdout
    clone = tmp_path / "a pack" / "nbkata"
    cloned = run("git", "clone", "-q", "nbkata.bundle", "nbkata", folder=clone.parent)
    assert cloned.returncode == 0, cloned.stdout
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python3").symlink_to(PYTHON)
    bare = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path / "home")}
    (tmp_path / "home").mkdir()
    way = [shutil.which(alone[0]) or "", *alone[1:]]
    done = run(*way, "./go", "--from", "..", folder=clone, **bare)
    assert done.returncode == 0, done.stdout
    assert "97 cells ran in " in done.stdout
    ready = run(*way, "./go", "ready", folder=clone, **bare)
    assert ready.returncode == 0 and "a kernel, the first cell and pytest run" in ready.stdout


def _repository(folder: Path) -> Path:
    """A repository of what this clone has: CI's may be shallow, or have files that are not committed."""
    listed = run("git", "ls-files", "-z", folder=ROOT)
    if listed.returncode:
        pytest.skip("this is no git clone")
    for name in filter(None, listed.stdout.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    who = ("-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "commit.gpgsign=false")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "All")):
        done = run("git", *who, *words, folder=folder)
        assert done.returncode == 0, done.stdout
    return folder
