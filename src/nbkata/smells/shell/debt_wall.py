"""The debt wall as a page or a picture."""

from collections.abc import Sequence
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.pages import render
from nbkata.smells.core import wall_layout
from nbkata.smells.core.finding import Smells
from nbkata.smells.core.wall import FORMULA, FORMULA_READ, Note, Zone, notes_of
from nbkata.smells.shell.catalogue import read_catalogue
from nbkata.workspace.shell.outputs import Kind, write_output


def write_wall(path: Path, results: Sequence[Smells]) -> Path | Refusal:
    """An ``.html`` page or an ``.svg`` picture of everything that was found."""
    draw = {".html": as_html, ".htm": as_html, ".svg": as_svg}.get(path.suffix.lower())
    if draw is None:
        what = "the wall is drawn as .html or .svg."
        return Refusal(what, str(path), "Give the file one of these endings.")
    read = [result for result in results if result.findings or not result.unread]
    name = Path(read[0].path).name if len(read) == 1 else f"{len(read)} files"
    page = draw(notes_of(results, read_catalogue()), f"Technical debt of {name}")
    kind = Kind.PICTURE if draw is as_svg else Kind.PAGE
    return write_output(path, page.encode("utf-8", "backslashreplace"), kind) or path


def as_svg(notes: Sequence[Note], title: str) -> str:
    """The picture alone, for a slide or a printer."""
    style = render("smells/wall_style.css")
    return render("smells/wall.svg", **wall_values(notes), title=title, style=style)


def as_html(notes: Sequence[Note], title: str) -> str:
    """The picture, the same as a table, and where the numbers come from."""
    values = wall_values(notes)
    return render(
        "smells/wall.html", **values, title=title, formula=FORMULA, formula_read=FORMULA_READ
    )


def wall_values(notes: Sequence[Note]) -> dict[str, object]:
    """What the templates of the wall are filled in with, in the order of the table."""
    order = list(Zone)
    ordered = sorted(notes, key=lambda n: (not n.comes_first, order.index(n.zone), -n.value))
    return {"notes": ordered, "wall": wall_layout.hang(notes), "layout": wall_layout}
