"""The wheel: what it carries, and that it works where there is no clone."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.builders import ROOT

from nbkata.kata.shell.kit import IDE_FILES


@pytest.fixture(scope="module", name="site")
def fixture_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked as an installation does it."""
    folder = tmp_path_factory.mktemp("wheel")
    code = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / done.stdout.split()[-1]) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def run(site: Path, cwd: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(site), "COLUMNS": "100", "PYTHONUTF8": "1"}
    environment |= {"GIT_CEILING_DIRECTORIES": str(cwd.parent), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "nbkata", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_it_carries_the_exercises_solutions_notebooks_and_settings(site: Path):
    kit = site / "nbkata" / "kit"
    for folder in ("exercises", "solutions", "notebooks", "docs"):
        tracked = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder],
            cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if tracked.returncode:
            pytest.skip("this is no git clone, so what belongs in a wheel is not known")
        wanted = {name for name in tracked.stdout.split("\0") if name and (ROOT / name).is_file()}
        carried = {p.relative_to(kit).as_posix() for p in (kit / folder).rglob("*") if p.is_file()}
        assert carried == wanted
    for pattern in IDE_FILES:
        names = {path.relative_to(ROOT) for path in ROOT.glob(pattern)}
        assert names and all((kit / name).is_file() for name in names)
    assert not (kit / "tests").exists() and not (kit / "src").exists()


def test_outside_the_clone_it_makes_a_whole_workspace_and_goes_on_in_it(site: Path, tmp_path: Path):
    kit = site / "nbkata" / "kit"
    quicker = "solutions/refactoring/01-remove-noise/notebooks/titanic.ipynb"  # it plots nothing
    (kit / "notebooks" / "titanic.ipynb").write_bytes((kit / quicker).read_bytes())
    done = run(site, tmp_path, "start", "dojo")
    assert done.returncode == 0, done.stderr
    assert "behaviour  green" in done.stdout
    dojo = tmp_path / "dojo"
    for name in (".git", ".gitignore", ".vscode/settings.json", ".idea/misc.xml", "data"):
        assert (dojo / name).exists(), name
    assert "site" not in (dojo / ".vscode" / "settings.json").read_text("utf-8")
    log = subprocess.run(
        ["git", "log", "--format=%s"], cwd=dojo, capture_output=True, encoding="utf-8", check=True
    )
    assert log.stdout == "The notebook as it was met\n"

    assert "Hint 1 of 3" in run(site, dojo, "hint").stdout
    caught_up = run(site, dojo, "catch-up", "06")
    assert caught_up.returncode == 0 and (dojo / "src" / "train.py").is_file()
    assert run(site, dojo, "status").stdout.startswith("06  Extract the titles")
    shown = run(site, dojo, "solution", "05", "--peek").stdout
    assert "site/nbkata/kit/solutions/refactoring/05-dead-code" in shown.replace("\\", "/")
