"""An offline pack: what is in it, and whether it fits this clone and this machine. Standard library only."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from nbkata.common.core.command_line import quoted
from nbkata.common.core.refusal import Refusal

MANIFEST = "pack.json"
SUMS = "SHA256SUMS"
WHEELS = "wheels"
BUNDLE = "nbkata.bundle"
# What `go` runs; run by a Python that the kit is proven on, it takes that one.
BOOTSTRAP = "src/nbkata/setup/shell/bootstrap.py"
ASK = "Ask who made the pack for one that fits this machine."


@dataclass(frozen=True, slots=True)
class Target:
    """A system and a Python that the pack has wheels for."""

    system: str  # as `system_name` calls it
    python: str  # ``3.13``
    wheels: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # packages that the index had no wheel of

    def __str__(self) -> str:
        return f"Python {self.python} on {self.system}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a pack says about itself."""

    commit: str
    lock: str  # SHA-256 of requirements.lock
    targets: tuple[Target, ...] = ()

    def as_text(self) -> str:
        """For the file `MANIFEST`."""
        return json.dumps(asdict(self), indent=1) + "\n"


def manifest_from(text: str) -> Manifest | None:
    """The manifest in a file; None if it is another kind of file, or torn."""
    try:
        document = json.loads(text)
        targets = tuple(
            Target(
                str(it["system"]), str(it["python"]), _names(it["wheels"]), _names(it["missing"])
            )
            for it in document["targets"]
        )
        return Manifest(str(document["commit"]), str(document["lock"]), targets)
    except (ValueError, TypeError, LookupError):
        return None


def _names(listed: list[str]) -> tuple[str, ...]:
    return tuple(str(name) for name in listed)


def sums_text(digests: Mapping[str, str]) -> str:
    """By path in the pack; as `sha256sum -c` reads it."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))


def sums_from(text: str) -> dict[str, str] | None:
    """SHA-256 by path; None if a line is none, or leads out of the pack."""
    digests = {}
    for line in text.splitlines():
        found = re.fullmatch(r"([0-9a-f]{64}) [ *]([^\\:]+)", line)
        if not found or PurePosixPath(found[2]).is_absolute() or ".." in found[2].split("/"):
            return None
        digests[found[2]] = found[1]
    return digests


def target_for(
    manifest: Manifest, lock: str, system: str, python: str, where: str
) -> Target | Refusal:
    """The part of a pack for this machine; ``lock`` is the digest of this clone's."""
    if manifest.lock != lock:
        what = "this pack was made for another version of the kit than this clone."
        return Refusal(what, where, f"Clone its own: git clone {BUNDLE}")
    target = next(
        (it for it in manifest.targets if (it.system, it.python) == (system, python)), None
    )
    if target and not target.missing:
        return target
    if target:
        what = f"this pack has no wheel of {', '.join(target.missing)} for {target}."
    else:
        has = ", ".join(map(str, manifest.targets)) or "none"
        what = f"this pack has no wheels for Python {python} on {system}; it has {has}."
    others = [it.python for it in manifest.targets if it.system == system and not it.missing]
    with_other = f"python{others[-1]} {BOOTSTRAP} --from {where}" if others else ""
    next_step = f"If Python {others[-1]} is here, run: {with_other}" if others else ASK
    return Refusal(what, where, next_step)


def damaged_refusal(damaged: list[str], where: str) -> Refusal:
    """What to do about files that are not there or not what they were."""
    shown = ", ".join(damaged[:SHOWN]) + (", …" if len(damaged) > SHOWN else "")
    files = "1 file is" if len(damaged) == 1 else f"{len(damaged)} files are"
    what = f"{files} damaged or missing: {shown}. Nothing was installed."
    return Refusal(what, where, "Copy the pack again, whole.")


SHOWN = 3


def not_whole_refusal(where: str) -> Refusal:
    """What to do about a folder that is no pack, or one that was never finished."""
    what = f"this is no offline pack: it has no {MANIFEST} and {SUMS} that can be read."
    return Refusal(what, where, f"Make one: nbkata facilitate pack {quoted(where)}")
