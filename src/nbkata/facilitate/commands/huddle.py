"""`nbkata facilitate huddle`: the cards and the agenda of a debt huddle."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.pages import render
from nbkata.common.shell.paths import shown_path
from nbkata.facilitate.core.huddle import AGENDA, Card, card_of, in_order, own_cards
from nbkata.notebook.shell.text_files import read_bytes
from nbkata.smells.core.settings import Settings
from nbkata.smells.core.wall import notes_of
from nbkata.smells.shell.catalogue import read_catalogue
from nbkata.smells.shell.sources import files_asked_for
from nbkata.smells.shell.find import SmellsRequest, find_smells, installed_versions
from nbkata.terminal import screen
from nbkata.terminal.written import OpenOption, wrote
from nbkata.workspace.shell.outputs import write_page


def huddle(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Notebooks, scripts and folders.")
    ],
    own: Annotated[
        Path | None,
        typer.Option("--cards", help="The room's own cards, a line each: value minutes text."),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write cards to print to this file.")] = None,
    show: OpenOption = False,
) -> int:
    """Print the cards of a debt huddle: what the kit finds, and what the room knows.

    Twenty minutes: look at the debts, move the cards, choose one or two to pay.
    """
    cards = or_refuse(_cards(files, own))
    if html is not None:
        name = files[0].name if len(files) == 1 else f"{len(files)} files"
        page = render("facilitate/huddle.html", name=name, cards=cards, agenda=AGENDA)
        written = write_page(html, page)
        return wrote(or_refuse(written), show)
    screen.out.print(_shown(cards), soft_wrap=True)
    return 0


def _cards(files: list[Path], own: Path | None) -> list[Card] | Refusal:
    asked = files_asked_for(files, ())
    results = find_smells(asked.files, SmellsRequest(settings=Settings(installed_versions())))
    unread = [*asked.refused, *(one for result in results for one in result.unread)]
    if unread:
        return Refusal(unread[0].message, unread[0].path)
    cards = [card_of(note) for note in notes_of(results, read_catalogue())]
    if own is not None:
        content = read_bytes(own)
        if isinstance(content, Refusal):
            return content
        written = own_cards(content.decode("utf-8-sig", "replace"))
        if isinstance(written, str):
            example = "Write lines like: 3 20 Nobody knows who makes the input file"
            return Refusal(f"{written}.", shown_path(own), example)
        cards += written
    return in_order(cards)


def _shown(cards: list[Card]) -> Text:
    lines = ["  Debt huddle: 20 minutes", ""]
    lines += [f"  {minutes:2} min  {what}" for minutes, what in AGENDA]
    head = ""
    for card in cards:
        zone = "comes first" if card.comes_first else card.zone.value
        if zone != head:
            head = zone
            lines += ["", f"  {zone}"]
        place = f" ({card.where})" if card.where else ""
        lines.append(f"    {card.minutes:4.0f} min  {card.title}{place}")
    return Text("\n".join([*lines, ""]))
