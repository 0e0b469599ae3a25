"""Reviewing a cohort: one of each kind of solution beside the kit's, and comments that go back."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from nbkata.cohort.core.result import Ended, Result, result_from_json
from nbkata.cohort.core.review import HEAD, Comments, comments_in, groups_of
from nbkata.cohort.shell.pages import DOCUMENT
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import write_atomically
from nbkata.common.shell.pages import markdown, render
from nbkata.common.shell.paths import shown_path
from nbkata.diff.core.coloured import Hunk, hunks
from nbkata.diff.core.difference import Content, FileChange, changes
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.checkpoint import checkpoint_files, start_of
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.workspace.shell.outputs import write_page

Changes = list[tuple[FileChange, list[Hunk]]]


class Reviewed(NamedTuple):
    """What was written."""

    page: Path
    groups: int
    comments: Path  # the folder of comment files
    feedback: tuple[Path, ...]  # the pages that go back


class _Cohort(NamedTuple):
    kit: Kit
    results: dict[str, Result]
    alike: list[list[str]]


def review_cohort(folder: Path) -> Reviewed | Refusal:
    """Write a page for each kind of solution, a comment file for each workspace that has none, and
    a page for each workspace with comments.
    """
    found = _read(folder)
    if isinstance(found, Refusal):
        return found
    shown, comments, feedback = [], folder / "comments", []
    try:
        comments.mkdir(exist_ok=True)
        for name, result in found.results.items():
            head = HEAD.format(name=name, folder=shown_path(folder))
            place = comments / f"{name}.md"
            if not place.exists():
                write_atomically(place, head.encode("utf-8", "backslashreplace"))
            said = comments_in(place.read_text(encoding="utf-8", errors="replace"), result.files)
            if said:
                page = _feedback(found.kit, result, said)
                feedback.append(write_page(folder / "feedback" / f"{name}.html", page))
    except OSError as error:
        what = f"it cannot be written ({error.strerror})."
        return Refusal(what, shown_path(folder), "Copy the folder to where you may write.")
    for group in groups_of([*found.results], found.alike):
        result = found.results[group[0]]
        step = found.kit.kata.step(result.step)
        solution = checkpoint_files(found.kit.solutions / result.step)
        diff = _changes(result.files, _texts(solution)) if isinstance(step, Step) else []
        shown.append((group, result, diff))
    page = render("cohort/review.html", groups=shown, kata=found.kit.kata, green=Ended.GREEN)
    for written in (at := write_page(folder / "review.html", page), *feedback):
        if isinstance(written, Refusal):
            return written
    assert isinstance(at, Path)
    pages = tuple(path for path in feedback if isinstance(path, Path))
    return Reviewed(at, len(shown), comments, pages)


def _read(folder: Path) -> _Cohort | Refusal:
    path = folder / DOCUMENT
    again = "Make it: nbkata facilitate cohort PATH… --out DIR"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        kit = load_kit(name=document["kata"])
        if isinstance(kit, Refusal):
            return kit
        results = [_result(one, document["files"]) for one in document["workspaces"]]
        alike = [list(map(str, group)) for group in document["alike"]]
        return _Cohort(kit, {one.id: one for one in results if one.files}, alike)
    except OSError as error:
        return Refusal(f"it cannot be read ({error.strerror}).", shown_path(path), again)
    except (ValueError, LookupError, TypeError, AttributeError):
        return Refusal("this is no document of a cohort.", shown_path(path), again)


def _result(one: Mapping[str, object], files: Mapping[str, object]) -> Result:
    missing = {"notes": [], "steps": {}, "shape_of_code": ""}
    name = str(one["id"])
    if Path(name).name != name:
        raise ValueError(f"no name of a workspace: {name}")
    return result_from_json({**missing, **one, "ended": one["ended_by"], "files": files[name]})


def _feedback(kit: Kit, result: Result, said: Comments) -> str:
    """What goes back to one learner: their own changes in the step, with what is said of them."""
    step = kit.kata.step(result.step)
    before = _texts(start_of(kit, step)) if isinstance(step, Step) else {}
    return render(
        "cohort/feedback.html",
        result=result,
        step=step if isinstance(step, Step) else None,
        general=markdown(said.general),
        lines=said.lines,
        changes=_changes(before, result.files),
    )


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
    sides = [{name: Content(text) for name, text in side.items()} for side in (old, new)]
    found: Sequence[FileChange] = changes(sides[0], sides[1], lambda before, after: [])
    return [(change, list(hunks(change))) for change in found]


def _texts(files: Mapping[str, Path]) -> dict[str, str]:
    found = {}
    for name, path in files.items():
        if name.startswith("src/") and name.endswith(".py"):
            with suppress(OSError, UnicodeDecodeError):
                found[name] = path.read_text(encoding="utf-8")
    return found
