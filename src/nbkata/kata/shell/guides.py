"""The steps' guides and hints, with the learner's keys in them."""

from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.guide import Hint, commit_message, hints_in
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.workspace import workspace_folder

KEYS = "{{key:"


def read_hints(kit: Kit, step: Step) -> tuple[Hint, ...] | Refusal:
    """The tiers of a step's hints."""
    path = kit.exercises / step.slug / "hints.md"
    text = _read(path)
    if isinstance(text, Refusal):
        return text
    return hints_in(text) or Refusal("it holds no hints.", str(path), _MEND)


def read_guide(kit: Kit, step: Step) -> str | Refusal:
    """A step's guide, its keys not filled in."""
    return _read(kit.exercises / step.slug / "README.md")


def proposed_commit(kit: Kit, step: Step) -> str:
    """The commit message that the step's guide proposes; else the step's title."""
    guide = read_guide(kit, step)
    return (commit_message(guide) if isinstance(guide, str) else "") or step.title


def with_keys(text: str, kit: Kit, workspace: Path | None) -> str:
    """A guide's text with the keys of the learner's IDE and system."""
    if KEYS not in text:
        return text
    # The keys are read only for texts that name some: most hints do not.
    # pylint: disable-next=import-outside-toplevel
    from nbkata.keys.shell.keymaps import chosen_platform, read_keymaps

    choice = chosen_platform(workspace_folder(kit, workspace), "", "")
    return text if isinstance(choice, Refusal) else read_keymaps().rendered(text, choice.place)


_MEND = "Bring the file back (git checkout), or install the kit again."


def _read(path: Path) -> str | Refusal:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Refusal(f"it cannot be read ({error}).", str(path), _MEND)
