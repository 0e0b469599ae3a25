"""The lock: whole, without an index, and installable with every pip and Python that is promised.

What asks the package index runs in CI only (``CI`` is set there): a person's ``./go test`` needs
no network.
"""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from nbkata.facilitate.core.pack import PYTHONS, SYSTEMS, marker_values
from nbkata.setup.core.environment import Installer, lock_command

ROOT = Path(__file__).parents[2]
asks_the_index = pytest.mark.skipif(
    not os.environ.get("CI"), reason="asks the package index: runs if CI is set, as in .ci/run"
)


def _declared() -> list[Requirement]:
    document: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = document["dependency-groups"].values()
    lines = [
        *document["build-system"]["requires"],
        *document["project"]["dependencies"],
        *(line for group in groups for line in group),
    ]
    return [Requirement(line) for line in lines]


def _run(*command: str, folder: Path = ROOT) -> tuple[int, str]:
    """Exit code and output, with lines long enough for the index's address in pip's help."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def _blocks() -> list[str]:
    """The lock, cut before each package's name."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return re.split(r"\n(?=[A-Za-z0-9])", text)


def _locked() -> dict[str, list[tuple[Requirement, set[str]]]]:
    """Name -> its requirements with their hashes; several where versions differ by Python."""
    locked: dict[str, list[tuple[Requirement, set[str]]]] = {}
    for block in _blocks():
        line = block.splitlines()[0].removesuffix("\\").strip()
        if not line.startswith("#"):
            requirement = Requirement(line)
            hashes = set(re.findall(r"--hash=(sha256:[0-9a-f]{64})\b", block))
            locked.setdefault(canonicalize_name(requirement.name), []).append((requirement, hashes))
    return locked


@pytest.mark.parametrize("declared", _declared(), ids=str)
def test_the_lock_holds_every_dependency_in_a_version_that_is_allowed(
    declared: Requirement,
) -> None:
    candidates = _locked().get(canonicalize_name(declared.name), [])
    assert candidates, f"{declared.name} is not in requirements.lock; CONTRIBUTING.md, 'The lock'"
    for locked, _ in candidates:
        (pin,) = locked.specifier
        assert pin.operator == "=="
        assert declared.specifier.contains(pin.version), f"{locked} is not {declared}"


def test_the_lock_has_a_hash_for_every_package() -> None:
    bare = [name for name, entries in _locked().items() for _, hashes in entries if not hashes]
    assert len(_locked()) > 100 and not bare, bare


def test_the_lock_names_no_index_and_no_place() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for sign in ("://", "--index-url", "--extra-index-url", "--find-links", " @ ", "file:"):
        assert sign not in text


def test_the_environment_has_all_that_its_packages_ask_for() -> None:
    if _run(sys.executable, "-c", "import pip")[0]:
        pytest.skip("this environment was made without pip (uv can do that)")
    assert _run(sys.executable, "-m", "pip", "check") == (0, "No broken requirements found.\n")


def test_the_lock_keeps_the_extras_that_its_packages_ask_for() -> None:
    """For those who install it by hand, without ``--no-deps``, as far as installed packages tell."""
    locked = {
        name: {extra for requirement, _ in entries for extra in requirement.extras}
        for name, entries in _locked().items()
    }
    asked: dict[str, set[str]] = {}
    for name, extras in locked.items():
        for wanted in _requirements_of(name, extras):
            asked.setdefault(canonicalize_name(wanted.name), set()).update(wanted.extras)
    missing = {name: extras - locked[name] for name, extras in asked.items()}
    assert asked["jsonschema"] == {"format-nongpl"}
    assert not {name: extras for name, extras in missing.items() if extras}


def _requirements_of(name: str, extras: Iterable[str]) -> Iterator[Requirement]:
    """What a package asks for here; nothing if it belongs to another system."""
    try:
        lines = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return
    for requirement in map(Requirement, lines):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def test_the_readme_the_classifiers_and_the_workflow_name_the_same_pythons() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    classified = re.findall(r"Python :: (3\.\d+)", "\n".join(document["project"]["classifiers"]))
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    matrix, *_ = re.findall(r"^ +python: \[(.*)\]$", workflow, re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert classified == list(PYTHONS) == re.findall(r"3\.\d+", matrix)
    assert f"Python {PYTHONS[0]} to {PYTHONS[-1]}" in readme
    assert document["project"]["requires-python"] == f">={PYTHONS[0]}"


@pytest.fixture(name="wheels", scope="module")
def _wheels() -> dict[str, dict[str, str]]:
    """Of each locked package, the index's wheels: file name -> hash as the lock writes it."""
    requests = pytest.importorskip("requests", reason="JupyterLab's requests is not installed")
    _, answer = _run(sys.executable, "-m", "pip", "install", "--help")
    found = re.search(r"Index \(default\s+(\S+?)\)", answer)
    assert found, "pip's help does not name its index"
    headers = {"Accept": "application/vnd.pypi.simple.v1+json"}
    verify = os.environ.get("PIP_CERT") or True

    def ask(name: str) -> dict[str, str]:
        page = requests.get(f"{found[1]}/{name}/", headers=headers, verify=verify, timeout=60)
        page.raise_for_status()
        files = page.json()["files"]
        return {it["filename"]: f"sha256:{it['hashes'].get('sha256')}" for it in files}

    names = list(_locked())
    try:
        with ThreadPoolExecutor(8) as pool:
            return dict(zip(names, pool.map(ask, names), strict=True))
    except (requests.RequestException, ValueError, KeyError) as error:
        pytest.skip(f"the package index does not answer in JSON: {error!r}")


@asks_the_index
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_each_package_has_a_locked_wheel_for_every_python_and_system(
    python: str, system: str, wheels: dict[str, dict[str, str]]
) -> None:
    version = (int(python.split(".")[0]), int(python.split(".")[1]))
    platforms = SYSTEMS[system].platforms
    abi = f"cp{python.replace('.', '')}"
    tags = {*cpython_tags(version, [abi], platforms), *compatible_tags(version, abi, platforms)}
    marker = marker_values(system, python)
    without = [
        str(requirement)
        for name, entries in _locked().items()
        for requirement, hashes in entries
        if (requirement.marker is None or requirement.marker.evaluate(marker))
        and not any(
            digest in hashes and tags & _tags_of(filename)
            for filename, digest in wheels[name].items()
        )
    ]
    assert not without


def _tags_of(filename: str) -> frozenset[Tag]:
    try:
        return parse_wheel_filename(filename)[3]
    except InvalidWheelFilename:  # a source archive, or a wheel from before the names had rules
        return frozenset()


@asks_the_index
@pytest.mark.parametrize("pip", ["pip==22.0", "pip"])
def test_the_whole_lock_installs_with_the_oldest_pip_and_with_the_newest(
    pip: str, tmp_path: Path
) -> None:
    python = tmp_path / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    newer = ("--quiet", "--disable-pip-version-check", "--upgrade", pip)
    for command in (
        (sys.executable, "-m", "venv", str(tmp_path)),
        (str(python), "-m", "pip", "install", *newer),
        (*lock_command(Installer.PIP, "", str(python)), "--no-compile"),
    ):
        code, message = _run(*command)
        assert code == 0, message
    assert _run(str(python), "-m", "pip", "check") == (0, "No broken requirements found.\n")


@asks_the_index
def test_a_wrong_hash_is_refused(tmp_path: Path) -> None:
    entry = next(block for block in _blocks() if block.startswith("six=="))
    wrong = tmp_path / "requirements.lock"
    wrong.write_text(re.sub(r"sha256:\w{64}", "sha256:" + "0" * 64, entry), encoding="utf-8")
    command = lock_command(Installer.PIP, "", sys.executable)
    code, output = _run(
        *command, "--ignore-installed", "--target", str(tmp_path / "here"), folder=tmp_path
    )
    assert code != 0 and "DO NOT MATCH THE HASHES" in output
