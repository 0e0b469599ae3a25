"""Pages and pictures from Jinja2 templates, which are in the folders of the rooms that show them.

A page extends ``common/page.html``: its palette, its rules on what a page may fetch (nothing), and its print.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

PACKAGE = Path(__file__).parents[2]


def render(template: str, **values: Any) -> str:
    """Return the template filled in: ``report/report.html``. Every value is escaped."""
    return _templates().get_template(template).render(values)


def markdown(text: str, is_inline: bool = False) -> str:
    """Return Markdown, or a paragraph of it, as HTML: HTML in it is text, links to files are plain."""
    # pylint: disable-next=import-outside-toplevel # only for those who read guides and hints on a page
    from markdown_it import MarkdownIt

    text = re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]+\)", r"\1", text)
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    rendered: str = reader.renderInline(text) if is_inline else reader.render(text)
    return rendered


@cache
def _templates() -> "Environment":
    # pylint: disable-next=import-outside-toplevel # 40 ms, and most commands write no page
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # and in the order it was given
    return found
