"""The run sheet and the clock as pages."""

from collections.abc import Mapping, Sequence

from nbkata.common.shell.pages import render
from nbkata.facilitate.core.run_sheet import Kind, Part, clock_time
from nbkata.facilitate.core.teaching import Teaching, first_sentence
from nbkata.kata.core.kata import Kata


def run_sheet_page(
    kata: Kata, parts: Sequence[Part], start: str, taught: Mapping[str, Teaching]
) -> str:
    """One sheet to print: a row a part, with what to say, show and ask."""
    rows = [
        (
            clock_time(start, part.begins),
            clock_time(start, part.ends),
            part,
            taught[part.steps[0].slug] if part.is_walked else None,
        )
        for part in parts
    ]
    return render("facilitate/run_sheet.html", kata=kata, rows=rows, first_sentence=first_sentence)


def clock_page(
    kata: Kata, parts: Sequence[Part], start: str, taught: Mapping[str, Teaching]
) -> str:
    """The page for the projector; its script turns the parts by the browser's clock."""
    hour, minute = map(int, start.split(":"))
    document = {
        "start": 60 * hour + minute,
        "parts": [
            {
                "title": part.title,
                "begins": part.begins,
                "ends": part.ends,
                "rests": part.kind in (Kind.BREAK, Kind.LUNCH),
                "goal": taught[part.steps[0].slug].say if part.is_walked else "",
                "works": part.is_walked,
            }
            for part in parts
        ],
    }
    return render("facilitate/clock.html", kata=kata, document=document)
