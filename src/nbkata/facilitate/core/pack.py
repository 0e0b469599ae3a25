"""Which wheels of the lock an offline pack needs, for which systems and Pythons."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.tags import mac_platforms

from nbkata.common.core.refusal import Refusal
from nbkata.setup.core.pack import BUNDLE, SUMS, Target

PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
# Those that the kit is proven on; `go` prefers them.
USUAL_PYTHONS = ("3.11", "3.12", "3.13")


@dataclass(frozen=True, slots=True)
class System:
    """A system that the kit is promised for: its wheels' platforms, its answers to markers."""

    platforms: tuple[str, ...]
    marker: Mapping[str, str]


# Debian 10 and Red Hat 8 have glibc 2.28: wheels for it, and for what came before, run there.
_GLIBC_MINOR = 28


def _linux(processor: str) -> System:
    """From the glibc of Debian 10 and Red Hat 8 on."""
    names = [f"manylinux_2_{minor}" for minor in range(_GLIBC_MINOR, 4, -1)]
    names += ["manylinux2014", "manylinux2010", "manylinux1", "linux"]
    marker = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    return System(tuple(f"{name}_{processor}" for name in names), marker)


def _macos(processor: str) -> System:
    marker = {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"}
    return System(tuple(mac_platforms((13, 0), processor)), marker)


# By the names of `nbkata.setup.core.system`.
SYSTEMS: Mapping[str, System] = {
    "linux-x86_64": _linux("x86_64"),
    "linux-arm64": _linux("aarch64"),
    "windows-x86_64": System(
        ("win_amd64",), {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}
    ),
    "macos-x86_64": _macos("x86_64"),
    "macos-arm64": _macos("arm64"),
}


def marker_values(system: str, python: str) -> dict[str, str]:
    """What this Python on this system answers to the markers of the lock."""
    return {
        **SYSTEMS[system].marker,
        **{"python_version": python, "python_full_version": f"{python}.0"},
        **{"implementation_name": "cpython", "platform_python_implementation": "CPython"},
    }


def wanted_targets(systems: Sequence[str], pythons: Sequence[str]) -> tuple[Target, ...] | Refusal:
    """Each system with each Python; all systems and the usual Pythons if none is named."""
    asked = (("--system", systems, tuple(SYSTEMS)), ("--python", pythons, PYTHONS))
    for option, named, known in asked:
        unknown = [name for name in named if name not in known]
        if unknown:
            what = f"the kit is not promised for {', '.join(unknown)}."
            return Refusal(what, option, f"Use some of {', '.join(known)}.")
    return tuple(
        Target(system, python)
        for system in dict.fromkeys(systems or SYSTEMS)
        for python in dict.fromkeys(pythons or USUAL_PYTHONS)
    )


def requirements_for(lock: str, system: str, python: str) -> dict[str, str]:
    """By name, what pip is asked for: the lock's own lines without their marker, which it would take
    for one about the machine that it runs on."""
    values = marker_values(system, python)
    found = {}
    for requirement, hashes in _entries(lock):
        if requirement.marker is None or requirement.marker.evaluate(values):
            requirement.marker = None
            found[requirement.name] = " \\\n    ".join([str(requirement), *hashes]) + "\n"
    return found


def _entries(lock: str) -> Iterator[tuple[Requirement, list[str]]]:
    for block in re.split(r"\n(?=[A-Za-z0-9])", "\n" + lock):
        line = block.strip().splitlines()[0].removesuffix("\\").strip() if block.strip() else "#"
        if not line.startswith("#"):
            yield Requirement(line), re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)


def download_command(
    python: str, target: Target, requirements: str, folder: str
) -> tuple[str, ...]:
    """Loads the wheels of a target into a folder, each checked against the lock."""
    platforms = (it for name in SYSTEMS[target.system].platforms for it in ("--platform", name))
    abi = f"cp{target.python.replace('.', '')}"
    return (
        *(python, "-I", "-m", "pip", "download", "--no-input", "--progress-bar", "off"),
        *("--retries", "3"),  # pip names a lost network only when it tries again
        *("--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--require-hashes"),
        *("--python-version", target.python, "--implementation", "cp"),
        *("--abi", abi, "--abi", "abi3", "--abi", "none", *platforms),
        *("--dest", folder, "-r", requirements),
    )


def wheels_in(output: str) -> tuple[str, ...]:
    """The names of the files that pip says it saved, or had saved before."""
    pattern = r"^\s*(?:Saved|File was already downloaded) .*?([^/\\\s]+\.whl)\s*$"
    return tuple(sorted(re.findall(pattern, output, re.MULTILINE)))


def missing_in(output: str, wanted: Iterable[str]) -> str:
    """The package that pip found no wheel of; nothing if it says something else."""
    found = re.search(r"No matching distribution found for ([\w.-]+?)==", output)
    return next((name for name in wanted if found and name == found[1]), "")


def read_me(targets: Sequence[Target]) -> str:
    """What a learner does with the pack."""
    pythons = ", ".join(dict.fromkeys(target.python for target in targets))
    systems = "\n".join(f"  {name}" for name in dict.fromkeys(it.system for it in targets))
    return f"""nbkata without a network

You need git and one of Python {pythons}, on one of:
{systems}

1. Copy this whole folder to your machine, and open a terminal in it.
2. git clone {BUNDLE} nbkata
3. cd nbkata
4. ./go --from ..        (Windows: .\\go --from ..)

hand-outs/ has the keys of your editor: open the page in a browser, or print it.
{SUMS} holds the checksums: sha256sum -c {SUMS}
"""
