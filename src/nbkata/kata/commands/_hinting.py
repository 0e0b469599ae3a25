"""What `nbkata hint` does. It imports no typer, and rich only for a terminal."""

from pathlib import Path

from nbkata.common.core.refusal import or_refuse
from nbkata.kata.commands._opened import called, opened
from nbkata.kata.core.guide import Hint
from nbkata.kata.core.progress import hints_shown
from nbkata.kata.shell.guides import read_hints, with_keys
from nbkata.kata.shell.workspace import Workspace
from nbkata.terminal import plain
from nbkata.terminal.markdown import show_markdown
from nbkata.workspace.core.journal import Hinted


def run(
    step: str = "", again: bool = False, asked: Path | None = None, as_json: bool = False
) -> int:
    """Show the step's next hint and remember it; with ``again`` all that were shown already."""
    found = opened(asked)
    wanted = found.step(step)
    hints = or_refuse(read_hints(found.kit, wanted))
    seen = hints_shown(wanted, found.workspace.events)
    tier = min(max(seen, 1) if again else seen + 1, len(hints))
    if tier > seen:
        _remember(found.workspace, wanted.slug, tier)
    shown = hints[:tier] if again else hints[tier - 1 : tier]
    if as_json:
        import json  # pylint: disable=import-outside-toplevel # for this alone

        texts = [with_keys(hint.text, found.kit, found.workspace.path) for hint in shown]
        rows = [hint._replace(text=text)._asdict() for hint, text in zip(shown, texts, strict=True)]
        plain.show([json.dumps({"step": wanted.slug, "hints": rows, "left": len(hints) - tier})])
        return 0
    plain.show([f"{wanted.number}  {wanted.title}", ""])
    repeated = seen >= len(hints) and not again
    for hint in shown:
        plain.show([_head(hint), ""])
        after = _foot(tier, len(hints), repeated, wanted.number) if hint is shown[-1] else []
        show_markdown(with_keys(hint.text, found.kit, found.workspace.path), ["", *after], indent=2)
    return 0


def _head(hint: Hint) -> str:
    return plain.coloured(f"Hint {hint.tier} of {hint.of}: {hint.title.lower()}", "1")


def _foot(tier: int, of: int, repeated: bool, number: str) -> list[str]:
    if tier < of:
        left = of - tier
        more = f"{left} more, each says more than the last" if left > 1 else "one more"
        return [f"  {more[0].upper()}{more[1:]}: {called()} hint"]
    message = "There is no further hint" if repeated else "That was the last hint"
    return [f"  {message}. The solution: {called()} solution {number} --peek"]


def _remember(workspace: Workspace, slug: str, tier: int) -> None:
    from nbkata.common.shell.clock import now  # pylint: disable=import-outside-toplevel # datetime

    try:
        workspace.note(Hinted(now(), slug, tier))
    except OSError as error:
        plain.note(
            f"This hint is not remembered: the journal cannot be written ({error.strerror})."
        )
