"""What a run of the learner's script or seam ended with, and what to say where it failed."""

from collections.abc import Mapping
from typing import Any

from nbkata.child.core.ended import Failure
from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.kata import Behaviour

AGAIN = "Fix it, then run the command again."
# How `child.shell.bounds.explained` begins to say that a file has grown to its bound.
TOO_MUCH = "printed or wrote more than"


def refusal_of(raised: Mapping[str, Any], behaviour: Behaviour, shown_file: str) -> Refusal:
    """For what the driver's answer calls ``raised``; ``shown_file`` is the file as to be shown."""
    line = raised.get("line")
    where = shown_file + (f", line {line}" if line else "")
    kind, message = raised["kind"], raised["said"].rstrip(".")
    if kind in ("SyntaxError", "IndentationError", "TabError"):
        return Refusal(_with_caret(f"this does not parse: {message}.", raised), where, AGAIN)
    if kind == "SeamMissing":
        return Refusal(
            f"{message}.",
            shown_file,
            f"From step {behaviour.since[:2]} on, {behaviour.seam}({behaviour.takes!r}) gives back "
            f"{', '.join(behaviour.results)}: the guide of that step shows how.",
        )
    if kind == "ModuleNotFoundError":
        return Refusal(
            f"{message}.",
            where,
            "If the module is yours, look for its file in src/ and for a name changed on one side "
            "only. If it is a library, install it in this environment.",
        )
    if kind == "SystemExit":
        return Refusal(f"it ended itself with exit code {message}.", where, AGAIN)
    limit = Failure.TOO_MUCH_OUTPUT if message.startswith(TOO_MUCH) else ""
    limit = Failure.OUT_OF_MEMORY if kind.endswith("MemoryError") else limit
    return Refusal(f"{kind}: {message}." if message else f"{kind}.", where, AGAIN, limit)


def not_there(behaviour: Behaviour, shown_file: str, elsewhere: str) -> Refusal:
    """The file to run is missing; ``elsewhere`` is a file that holds the seam, or empty."""
    if elsewhere:
        return Refusal(
            f"there is no such file, but {elsewhere} has a function {behaviour.seam}.",
            shown_file,
            "The tests import it from where the guide put it: move it back, or keep a file of that "
            f"name that says: from {_module(elsewhere)} import {behaviour.seam}",
        )
    what = f"there is no such file, and from step {behaviour.since[:2]} on it is what is run."
    return Refusal(what, shown_file, f"The guide of step {behaviour.since[:2]} makes it.")


def timed_out(shown_file: str, timeout_s: int) -> Refusal:
    """The run did not end in time."""
    what = f"it did not end within {timeout_s} s."
    longer = "Look for an endless loop, or give it longer: --timeout SECONDS."
    return Refusal(what, shown_file, longer, Failure.TIMED_OUT)


def not_started(shown_file: str, why: str) -> Refusal:
    """There was no sandbox for it; the code is not to blame."""
    return Refusal(f"{why}.", shown_file, "Run the command again.", Failure.NOT_STARTED)


def died(shown_file: str, limit: str = "") -> Refusal:
    """The process ended without an answer."""
    what = "Python died while it ran (out of memory, or the code ended it with os._exit)."
    look = "Look at what the code does, then run the command again."
    return Refusal(what, shown_file, look, limit)


def _with_caret(what: str, raised: Mapping[str, Any]) -> str:
    text, column = raised.get("text") or "", raised.get("column") or 1
    if not text.strip():
        return what
    stripped = text.lstrip()
    place = max(column - 1 - (len(text) - len(stripped)), 0)
    return f"{what}\n    {stripped}\n    {' ' * place}^\n"


def _module(file: str) -> str:
    return file.replace("\\", "/").rsplit("/", maxsplit=1)[-1].removesuffix(".py")
