"""The pull requests of a kata, as files; and what the learner answered."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cache import Kind, cache_folder
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.diff.shell.sides import Side
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.checkpoint import checkpoint_files, replace_files
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.workspace import Workspace, create_workspace, write
from nbkata.review.core.answers import answers_from_text, answers_to_text
from nbkata.review.core.patch import patched
from nbkata.review.core.pull_request import PullRequest, Reason, pull_request_from_toml
from nbkata.workspace.core.writes import Write

# In the folder of the step that they belong to; two files each, ``03-name.toml`` and ``.patch``.
FOLDER = "pull-requests"
# Beside them: what their assertions import.
IMPORTS = "imports.py"
ANSWERS = "review/answers.json"
AGAIN = "Bring the file back (git checkout) and run again."


class Reviews(NamedTuple):
    """A step, and the pull requests that are reviewed in it."""

    step: Step
    requests: tuple[PullRequest, ...]


def reviews(kit: Kit) -> Reviews | Refusal:
    """Those of the kata."""
    for step in kit.kata.steps:
        folder = kit.exercises / step.slug / FOLDER
        try:
            found = [
                pull_request_from_toml(
                    int(path.name.partition("-")[0]),
                    path.read_text(encoding="utf-8"),
                    path.with_suffix(".patch").read_text(encoding="utf-8"),
                    (folder / IMPORTS).read_text(encoding="utf-8"),
                )
                for path in sorted(folder.glob("*.toml"))
            ]
        except (OSError, ValueError) as error:
            return Refusal(f"a pull request cannot be read ({error}).", str(folder), AGAIN)
        if found:
            return Reviews(step, tuple(found))
    return Refusal("this kata has no pull requests to review.", "", "nbkata status")


def sides(kit: Kit, request: PullRequest) -> tuple[Side, Side]:
    """The checkpoint, and what the pull request makes of it. Raises ``ValueError`` if it does not fit."""
    before = checkpoint_files(kit.solutions / request.on)
    texts = {name: path.read_text(encoding="utf-8") for name, path in before.items()}
    changed = patched(texts, request.patch)
    home = cache_folder(Kind.REVIEW) / hashlib.sha256(repr(changed).encode()).hexdigest()[:16]
    for name, text in changed.items():
        write_atomically(home / name, text.encode("utf-8"))
    after = before | {name: home / name for name in changed}
    return Side(request.on, before), Side(f"pull-request-{request.number}", after)


@contextmanager
def laid_out(kit: Kit, files: dict[str, Path]) -> Iterator[Path]:
    """A throw-away workspace that holds these files of the learner's, and the kit's data."""
    with TemporaryFolder() as folder:
        place = create_workspace(Path(folder, "workspace"), kit).path
        replace_files(files, place)
        yield place


def written_out(kit: Kit, request: PullRequest, place: Path) -> Path | Refusal:
    """A workspace at a new place that holds the code, the tests and the data with it."""
    if place.exists():
        what = "this place is taken."
        return Refusal(what, shown_path(place), "Name a folder that is not there: --out DIR")
    try:
        made = create_workspace(place, kit).path
        replace_files(sides(kit, request)[1].files, made)
    except OSError as error:
        what = f"it cannot be written ({error.strerror or error})."
        return Refusal(what, shown_path(place), "Name another folder: --out DIR")
    return made


def answers(workspace: Path) -> dict[int, Reason | None] | Refusal:
    """What was answered so far."""
    path = workspace / ANSWERS
    try:
        return answers_from_text(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        what = f"the answers cannot be read ({error})."
        return Refusal(what, shown_path(path), "nbkata undo --list shows what can be brought back.")


def answer(
    kit: Kit,
    workspace: Workspace,
    number: int,
    reason: Reason | None,
    tell: Callable[[str], None],
) -> dict[int, Reason | None] | Refusal:
    """Keep one answer, so that `nbkata undo` takes it back. Returns all of them."""
    known = answers(workspace.path)
    if isinstance(known, Refusal):
        return known
    if number in known:
        what = f"pull request {number} is answered, and the first answer counts."
        return Refusal(what, next_step=f"See what came of it: nbkata review {number}")
    known[number] = reason
    content = answers_to_text(known).encode("utf-8")
    done = write(
        workspace,
        Write(f"review {number}", {ANSWERS: content}),
        workspace.step(kit.kata).slug,
        tell,
    )
    return done if isinstance(done, Refusal) else known
