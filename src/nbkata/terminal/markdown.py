"""Markdown on a terminal: rendered, no wider than reads with ease, in a pager if it is long.

In a pipe and on a terminal without cursor (``TERM=dumb``) it is plain lines, as `as_lines` fills them.
"""

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbkata.terminal import plain
from nbkata.terminal.filled import as_lines

if TYPE_CHECKING:
    from rich.markdown import Markdown

# Leaves at once if all of it fits, keeps colours, and leaves the text on the screen.
PAGER = ("less", "-FRX")
# A terminal cannot follow a link to a file beside the guide.
_FILE_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]+\)")


def show_markdown(text: str, after: Sequence[str], indent: int = 0) -> None:
    """Print it, ``indent`` columns in, and plain lines after it."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        lines = as_lines(text, plain.width() - indent)
        plain.show([*(" " * indent + line for line in lines), *after])
        return
    # pylint: disable=import-outside-toplevel # nobody waits for rich in a pipe
    from rich.padding import Padding
    from rich.theme import Theme

    from nbkata.terminal.screen import out

    shown = Padding(_rendered(_FILE_LINK.sub(r"\1", text)), (0, 0, 0, indent))
    with out.use_theme(Theme(STYLES)):
        if sys.platform == "win32":  # old consoles know no codes, and nobody has less
            out.print(shown, width=plain.width())
            plain.show(after)
            return
        with out.capture() as captured:
            out.print(shown, width=plain.width())
    lines = [line.rstrip() for line in captured.get().rstrip("\n").split("\n")]
    page([*lines, *map(plain.cleaned, after)])


STYLES = {
    "markdown.h1": "bold",
    "markdown.h2": "bold cyan",
    "markdown.h3": "bold",
    "markdown.code": "cyan",
    "markdown.link_url": "underline",
}


def _rendered(text: str) -> "Markdown":
    # pylint: disable=import-outside-toplevel # nobody waits for rich in a pipe
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.markdown import Heading, Markdown

    class Left(Heading):
        """As text of the page has it: at the left, with air above."""

        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            self.text.justify = "left"
            yield self.text

    class Page(Markdown):
        """With headings that stand at the left."""

        elements = {**Markdown.elements, "heading_open": Left}

    return Page(text, code_theme="ansi_dark", hyperlinks=False)


def page(lines: Sequence[str]) -> None:
    """Print them; in a pager if there are more than the terminal shows and somebody can turn pages."""
    # pylint: disable=import-outside-toplevel # hint is typed often, and mostly short
    import shutil
    import subprocess

    less = shutil.which(PAGER[0])
    encoding = sys.stdout.encoding or "ascii"
    text = "".join(f"{line}\n" for line in lines).encode(encoding, "replace")
    if len(lines) < shutil.get_terminal_size().lines or not less or not sys.stdin.isatty():
        sys.stdout.write(text.decode(encoding))
    else:
        sys.stdout.flush()
        subprocess.run([less, *PAGER[1:]], input=text, check=False)
