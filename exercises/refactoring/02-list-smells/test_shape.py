"""Step 02: every kind of smell is named where it is, and nothing is named that is not there."""

import re
from dataclasses import replace
from difflib import SequenceMatcher
from os.path import commonprefix
from textwrap import shorten

from nbkata.notebook.core.notebook import CellKind
from nbkata.smells.core.annotate import annotations_in, compare_annotations, unknown_kinds
from nbkata.smells.core.find import smells_in
from nbkata.smells.core.source import source_of_notebook
from nbkata.smells.core.symbols import NOISE, Smell

AT_MOST = 6
"""Kinds named in one message: enough for the next ten minutes."""
ARGUABLE = {
    Smell.MAGIC_NUMBER: r"\b\d",
    Smell.EXPOSED_INTERNALS: r"\] = ",
    Smell.DUPLICATE_RESPONSIBILITY: r"\.(fillna|map|drop|replace)\(",
    Smell.OVERLOADED_NAME: r"^\s*(\w+) ?= ?\1\b",
    Smell.RESULT_DISCARDED: "inplace",
    Smell.DEPRECATED_API: "inplace",
    Smell.NO_FUNCTIONS: "",
    Smell.UNTITLED_NOTEBOOK: "",
}
"""By kind, what is in the line below a comment that people may well agree with, found or not."""

MARK = re.compile(r"\[code.?smells?\]|#\s*code.?smell", re.IGNORECASE)
MARK_IN_TEXT = re.compile(r"\[code.?smells?\]", re.IGNORECASE)


def compared(notebook, kata):
    source = source_of_notebook(notebook, kata.notebook)
    comparison = compare_annotations(source, smells_in(source).findings)
    asked = [one for one in comparison.missed if one.symbol not in NOISE]
    found = [one for one in comparison.found if one.symbol not in NOISE]
    return replace(comparison, found=tuple(found), missed=tuple(asked))


def test_every_mark_is_in_a_line_of_its_own_in_the_code(notebook, kata):
    read = {
        (place.cell, place.line)
        for place in annotations_in(source_of_notebook(notebook, kata.notebook))
    }
    for cell in notebook.cells:
        mark = MARK if cell.kind is CellKind.CODE else MARK_IN_TEXT
        for number, line in enumerate(cell.source.splitlines(), start=1):
            assert not mark.search(line) or (cell.index, number) in read, (
                f"Cell {cell.index}, line {number}: '{shorten(line, 60, placeholder=' …')}' is not read as a mark. Write "
                "it into the code, in a line of its own above the line that smells: "
                "# [code smell] kind: your reason"
            )


def test_no_smell_is_fixed_yet(notebook, notebook_before, kata):
    source = source_of_notebook(notebook, kata.notebook)
    there = {found.symbol for found in smells_in(source).findings}
    there |= {symbol for place in annotations_in(source) for symbol in place.symbols}
    before = compared(notebook_before, kata)
    last_first = sorted((*before.missed, *before.found), key=lambda one: one.cell, reverse=True)
    gone = {found.symbol: found for found in last_first if found.symbol not in there}
    messages = [
        f"{symbol} is gone: it was in cell {found.cell} when the step began. This step names smells "
        "and fixes none: bring it back, and name it."
        for symbol, found in list(reversed(gone.items()))[:3]
    ]
    assert not messages, "\n".join(messages)


def test_every_kind_of_smell_is_named_at_least_once(notebook, notebook_before, kata):
    before = compared(notebook_before, kata)
    asked = {finding.symbol for finding in (*before.missed, *before.found)}
    comparison = compared(notebook, kata)
    named = {finding.symbol for finding in comparison.found} | {
        symbol
        for place in comparison.false_alarms
        if is_arguable(place, notebook.cells[place.cell].source.splitlines())
        for symbol in place.symbols
    }
    unnamed = {}
    for finding in comparison.missed:
        # A notebook that is edited, and not run again yet, has a kind of its own: it goes as it came.
        if finding.symbol not in named and finding.symbol in asked:
            unnamed.setdefault(finding.symbol, finding)
    first = [
        f"{symbol}: cell {finding.cell}, line {finding.line} "
        f"({shorten(code_at(notebook.cells[finding.cell].source, finding.line), 60, placeholder=' …')})"
        for symbol, finding in list(unnamed.items())[:AT_MOST]
    ]
    more = f"\nAnd {len(unnamed) - AT_MOST} more kinds." if len(unnamed) > AT_MOST else ""
    assert not unnamed, (
        f"You have named {len(named)} of {len(named) + len(unnamed)} kinds of smell. Not yet, with "
        "a place where each is:\n" + "\n".join(first) + more
    )


def code_at(source, number):
    """The line, or below a comment the first line of code; that a mark is there already says nothing."""
    lines = [
        re.sub(r"#\s*\[?code.?smell.*", "", line).strip() for line in source.splitlines()[number - 1 :]
    ]
    return next((line for line in lines if line and not line.startswith("#")), "")


def test_every_kind_that_is_named_exists(notebook, kata):
    unknown = unknown_kinds(annotations_in(source_of_notebook(notebook, kata.notebook)))
    if not unknown:
        return
    messages = [
        f"Cell {one.place.cell}, line {one.place.line}: there is no kind {one.kind}."
        + (f" Did you mean {one.nearest}?" if one.nearest else "")
        for one in unknown[:3]
    ]
    if not all(one.nearest for one in unknown[:3]):
        messages[-1] += f" There are: {', '.join(sorted(kind for kind in Smell if kind not in NOISE))}."
    raise AssertionError("\n".join(messages))


def test_every_comment_says_why(notebook, kata):
    bare = [
        place
        for place in annotations_in(source_of_notebook(notebook, kata.notebook))
        if not reason_of(place)
    ]
    places = [f"Cell {one.cell}, line {one.line}: # [code smell] {one.words}" for one in bare[:3]]
    more = f"\nAnd {len(bare) - 3} more." if len(bare) > 3 else ""
    assert not bare, (
        "A kind alone says what, and not why. Write your own reason behind it, after a colon:\n"
        + "\n".join(places)
        + more
    )


def reason_of(place):
    """What a comment says beside the names of its kinds."""
    words = place.words.lower()
    for symbol in place.symbols:
        words = words.replace(symbol, "").replace(symbol.replace("-", " "), "")
    return words.strip(" :,;.-")


def test_nothing_is_named_that_is_not_there(notebook, kata):
    wrong = [
        place
        for place in compared(notebook, kata).false_alarms
        if not is_arguable(place, notebook.cells[place.cell].source.splitlines())
    ]
    messages = [
        f"Cell {place.cell}, line {place.line} says '{place.words[:60]}', and that smell is not in "
        "this cell. Move the comment to where it is, or name what you meant."
        for place in wrong[:3]
    ]
    assert not wrong, "\n".join(messages)


def is_arguable(place, lines):
    """Whether it is a matter of taste if the line below smells, or a matter of the whole notebook."""
    below = next((line for line in lines[place.line :] if not line.lstrip().startswith("#")), "")
    return all(re.search(ARGUABLE.get(symbol, "$^"), below) for symbol in place.symbols)


def test_no_line_of_code_changed(notebook, notebook_before):
    before, after = list(code_lines(notebook_before)), list(code_lines(notebook))
    texts = [text for _, _, text in before], [text for _, _, text in after]
    changes = SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
    for what, was, _, now, _ in (change for change in changes if change[0] != "equal"):
        if what == "delete":
            cell, _, text = before[was]
            raise AssertionError(
                f"Cell {cell}: '{text[:60]}' is gone. This step adds comments and nothing else: bring the "
                "line back; its turn comes."
            )
        cell, line, text = after[now]
        old = before[was][2] if what == "replace" else ""
        message = f"says '{near_change(text, old)}', and " if old else f"is new: '{text[:60]}'."
        raise AssertionError(
            f"Cell {cell}, line {line} {message}"
            + (f"it was '{near_change(old, text)}'." if old else "")
            + " This step adds comments and nothing else: "
            + ("change the line back; its turn comes." if old else "delete the line.")
        )


def near_change(line, other):
    """At most 60 characters of the line, with the first that differs from the other."""
    start = max(0, len(commonprefix((line, other))) - 40)
    return ("…" if start else "") + line[start : start + 60]


def code_lines(notebook):
    """Cell, line and text of each line of code; comments are free, and so is %cd for cd."""
    for cell in notebook.code_cells:
        for number, line in enumerate(cell.source.splitlines(), start=1):
            code = re.sub(r"(^|\s+)#.*$", "", line).rstrip()
            if code:
                yield cell.index, number, re.sub(r"^%cd ", "cd ", code)
