"""What is proven of a step beside its lights: guide, hints and listings, format, stray files, size."""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import black

from nbkata.authoring.core.proof import (
    Looked,
    StepProof,
    guide_problems,
    lights_proof,
    missing_listings,
)
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.checkpoint import KINDS, NOTES, checkpoint_files
from nbkata.kata.shell.kit import Kit

LEAST_WRONG_STATES = 4


def step_proof(
    kit: Kit, step: Step, found: Mapping[str, Looked], complaints: Mapping[tuple[str, str], str]
) -> StepProof:
    """By its name in what was ``found``; ``complaints`` are of its wrong states, by step and name."""
    place = kit.kata.steps.index(step)
    before = kit.kata.steps[place - 1] if place else None
    behaviour, fails, passes, problems = lights_proof(
        kit.kata, step, found[before.slug if before else ""], found
    )
    own = [message for (slug, _), message in complaints.items() if slug == step.slug]
    problems += [message for message in own if message]
    if len(own) < LEAST_WRONG_STATES:
        problems.append(f"{step.slug}: {len(own)} wrong states, not {LEAST_WRONG_STATES} or more.")
    guide, hints = (
        (kit.exercises / step.slug / name).read_text(encoding="utf-8")
        for name in ("README.md", "hints.md")
    )
    files = checkpoint_files(kit.solutions / step.slug)
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files.values())
    written = guide_problems(step.slug, guide, hints)
    absent = missing_listings(guide + hints, _sources(files.values()) + texts)
    unformatted = [name for name, path in files.items() if not _is_formatted(path)]
    problems += written
    problems += [f"{step.slug}: this listing is not in the checkpoint: {line}" for line in absent]
    problems += [f"{step.slug}: {name} is not formatted." for name in unformatted]
    problems += _stray(kit, step, files)
    return StepProof(
        slug=step.slug,
        behaviour=behaviour,
        fails_before=fails,
        passes_after=passes,
        wrong_states=(sum(not message for message in own), len(own)),
        hints=not written,
        listings=not absent,
        formatted=not unformatted,
        diff_lines=_diff_lines(kit, before, step),
        problems=tuple(problems),
    )


def _stray(kit: Kit, step: Step, files: Mapping[str, Path]) -> list[str]:
    """Files that do not belong into a checkpoint, and the notes where they are missing."""
    problems = [
        f"{step.slug}: {name} does not belong into a checkpoint."
        for name in files
        if not name.startswith(("notebooks/", "src/", "tests/", "review/"))
        and name != "BUGS.md"
        or not name.endswith(KINDS)
    ]
    if not (kit.solutions / step.slug / NOTES).is_file():
        problems.append(f"{step.slug}: there is no {NOTES} that says why it looks so.")
    return problems


def _is_formatted(path: Path) -> bool:
    if path.suffix != ".py":
        return True
    text = path.read_text(encoding="utf-8")
    return bool(black.format_str(text, mode=black.Mode(line_length=100)) == text)


def _sources(paths: Iterable[Path]) -> str:
    """The cells' code of the notebooks among these files, as lines."""
    lines = []
    for path in paths:
        if path.suffix == ".ipynb":
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                lines.append("".join(cell["source"]))
    return "\n".join(lines) + "\n"


def _diff_lines(kit: Kit, before: Step | None, step: Step) -> int:
    """Lines of code and tests that differ from the checkpoint before, indentation aside."""
    old = checkpoint_files(kit.solutions / before.slug) if before else kit.start_files
    new = checkpoint_files(kit.solutions / step.slug)
    names = {n for n in (*old, *new) if n.endswith((".py", ".ipynb", ".md")) and "data/" not in n}
    return sum(_changed(_lines(old.get(name)), _lines(new.get(name))) for name in names)


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    text = _sources([path]) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


def _changed(old: Sequence[str], new: Sequence[str]) -> int:
    return sum(line[:2] in ("- ", "+ ") for line in difflib.ndiff(old, new))
