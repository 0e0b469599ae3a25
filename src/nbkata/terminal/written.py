"""What every command says of a page that it has written."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from nbkata.common.core.refusal import Refusal
from nbkata.terminal import screen

OpenOption = Annotated[bool, typer.Option("--open", help="Show the page in your browser.")]


def wrote(path: Path, is_shown: bool, console: screen.PlainConsole = screen.out) -> int:
    """Name the file with its full path, and show it in the browser if asked; returns the exit code."""
    console.print(Text.assemble("Wrote ", (str(path.resolve()), "bold")), soft_wrap=True)
    if not is_shown:
        console.print(Text("Open it in a browser; --open does that.", "dim"))
        return 0
    import webbrowser  # pylint: disable=import-outside-toplevel # 10 ms

    if webbrowser.open(path.resolve().as_uri()):
        return 0
    return screen.refuse(Refusal("no browser could be started.", "", "Open the file by hand."))
