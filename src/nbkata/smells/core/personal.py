"""Personal data on screen: outputs that show who somebody is."""

import re
from collections.abc import Iterator

from nbkata.notebook.core.notebook import Cell, Output
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.personal_names import NAME_COLUMN, SURE_COLUMN
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.view import View

# Characters of one output that are read; a longer one has shown enough by then.
_LOOKED_AT = 200_000
_TITLED = re.compile(
    r"\b[A-Z][\w'’-]+, (?:Mrs?|Miss|Ms|Master|Dr|Rev|Sir|Lady|Col|Capt|Major|Mlle|Mme|Don)\.? "
    r"|\b(?:Mrs?|Miss|Ms|Dr)\. [A-Z][a-z]+ [A-Z][a-z]+"
)
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.(?:[\w-]+\.)*[a-zA-Z]{2,}\b")
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\d{1,3}[ .-]\(?\d{1,4}\)?[ .-]\d{2,4}[ .-]\d{2,4}(?:[ .-]\d{2,4})?"
    r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4})(?![\w.])"
)
_HEADER = re.compile(r"<th[^>]*>(.*?)</th>", re.DOTALL)
_CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)


def personal_data_shown(view: View) -> Iterator[Spot]:
    """An output with people's names, e-mail addresses, phone numbers, or columns so named."""
    cells = [block.cell for block in view.blocks if block.cell is not None]
    people_named = any(_TITLED.search(text) for cell in cells for _, text in _texts(cell))
    for position, block in enumerate(view.blocks):
        what = _what_is_shown(block.cell, people_named) if block.cell is not None else ""
        if not what:
            continue
        node = view.last_statement.get(position)
        line = block.first if node is None else node.lineno or block.first
        message = (
            f"the output shows {what}: whoever gets the notebook gets them too. "
            "Clear it, and look at columns that name nobody."
        )
        yield Spot(Smell.PERSONAL_DATA_SHOWN, line, message, line)


def _what_is_shown(cell: Cell, people_named: bool) -> str:
    for output, text in _texts(cell):
        if _TITLED.search(text):
            return "people's names"
        if _EMAIL.search(text):
            return "e-mail addresses"
        if _PHONE.search(text):
            return "phone numbers"
        shown = _personal_column(output, text, people_named)
        if shown:
            return f"the column {shown}"
    return ""


def _texts(cell: Cell) -> Iterator[tuple[Output, str]]:
    for output in cell.outputs:
        if output.stream != "stderr":
            yield output, output.text[:_LOOKED_AT]
            if output.html:
                yield output, _plain(output.html[:_LOOKED_AT])


def _plain(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").replace("&amp;", "&")


def _personal_column(output: Output, text: str, people_named: bool) -> str:
    """The first column with values in it that is named like a person's detail.

    ``df.info()`` and ``df.isnull().sum()`` list such names down the side, without a value.
    """
    if output.html:
        html = output.html[:_LOOKED_AT]
        headers = [_plain(header).strip() for header in _HEADER.findall(html.split("</thead>")[0])]
        words = any(re.search(r"[^\W\d]{2}", _plain(value)) for value in _CELL.findall(html))
        headers = headers if words and "</thead>" in html else []
    else:
        headers = _printed_headers(text)
    for header in headers:
        if SURE_COLUMN.fullmatch(header) or (people_named and NAME_COLUMN.fullmatch(header)):
            return header
    return ""


def _printed_headers(text: str) -> list[str]:
    """The columns of a printed frame whose rows have texts; a printed Series has none."""
    first, _, rest = text.strip().partition("\n")
    headers = re.split(r"\s{2,}", first.strip())
    if not rest or _A_VALUE.fullmatch(headers[-1]):
        return []
    if re.match(r"\s*\d+\s.*[^\W\d]{2}", rest):
        return headers + first.split()  # columns may stand one space apart
    return headers if re.search(r"\n\s*[\w'’-]*[^\W\d]{2}.*\n", text) else []


_A_VALUE = re.compile(r"[\d.,%]+|NaN|object|bool|category|(u?int|float|datetime)\d\d.*")
