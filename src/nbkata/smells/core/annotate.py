"""``# [code smell] symbol: message`` above each place, once, in code that runs as before."""

import ast
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from nbkata.smells.core.finding import Finding
from nbkata.smells.core.second_places import SecondPlaces
from nbkata.smells.core.source import Block, Source, SourceKind
from nbkata.smells.core.symbols import Smell

MARK = "# [code smell]"
# How alike two kinds must be for one to be the other misspelt: 1 is the same word.
CLOSE = 0.75
_HASH_COMMENTS = re.compile(r"%%(bash|sh|script|perl|ruby|R|r|julia|python\w*|pypy|system)?\b")
_ANNOTATION = re.compile(r"\s*#\s*\[code smell\]\s*(?P<said>.*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Annotated:
    """What annotating gave."""

    # The new source of each block that changed, by the block's place among the blocks.
    sources: Mapping[int, str]
    added: int
    # Findings in cells of another language, which has no such comments.
    nowhere: tuple[Finding, ...] = ()


def annotated(source: Source, findings: Sequence[Finding]) -> Annotated:
    """Each finding written above its statement, at the code's indentation.

    Below a cell magic, never inside a text of several lines, and not where it is already.
    """
    by_block = _by_block(source, findings)
    sources: dict[int, str] = {}
    added = 0
    nowhere: list[Finding] = []
    for position, found in by_block.items():
        block = source.blocks[position]
        lines = block.source.split("\n")
        if lines[0].startswith("%%") and not block.python.text.strip():
            if not _HASH_COMMENTS.match(lines[0]):
                nowhere += found
                continue
        new = _inserted(block, lines, source, found)
        if len(new) > len(lines):
            if len(lines) == 1:
                new[-1] = _with_explicit_magic(block, new[-1])
            sources[position] = "\n".join(new)
            added += len(new) - len(lines)
    return Annotated(sources, added, tuple(nowhere))


def annotated_text(source: Source, text: str, result: Annotated) -> str:
    """A script's text with its changed blocks put in."""
    if source.kind is SourceKind.MODULE:
        return result.sources.get(0, text)
    lines = text.replace("\r\n", "\n").split("\n")
    for position in sorted(result.sources, reverse=True):
        block = source.blocks[position]
        lines[block.first - 1 : block.last] = result.sources[position].split("\n")
    return "\n".join(lines)


def _with_explicit_magic(block: Block, line: str) -> str:
    """``cd ..`` is a magic only while it is its cell's one line; ``%cd ..`` always is."""
    implied = block.python.magics and re.match(r"[a-z]", block.python.magics[0][1])
    plain = not re.search(r"\?|=\s*[!%]", line)
    return f"%{line.lstrip()}" if implied and plain else line


def _by_block(source: Source, findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    places = {block.index: number for number, block in enumerate(source.blocks)}
    result: dict[int, list[Finding]] = {}
    for finding in findings:
        if source.kind is SourceKind.NOTEBOOK and finding.cell in places:
            position = places[finding.cell]
        else:
            block = source.block_at(max(1, finding.row)) or source.blocks[0]
            position = source.blocks.index(block)
        result.setdefault(position, []).append(finding)
    return result


def _inserted(block: Block, lines: list[str], source: Source, findings: list[Finding]) -> list[str]:
    starts = _statement_starts(block.python.text)
    additions: dict[int, list[str]] = {}
    for finding in findings:
        inside = finding.row - block.first + 1
        if source.kind is SourceKind.NOTEBOOK and finding.cell == block.index:
            inside = finding.line
        target = starts.get(max(1, inside), max(1, inside))
        target = min(_past_magic_and_marks(lines, target), len(lines))
        if finding.symbol in _symbols_above(lines, target, additions.get(target, [])):
            continue
        indent = re.match(r"\s*", lines[target - 1]) if lines[target - 1].strip() else None
        comment = f"{indent[0] if indent else ''}{MARK} {finding.symbol.value}: {finding.message}"
        additions.setdefault(target, []).append(comment)
    result: list[str] = []
    for number, line in enumerate(lines, start=1):
        result += additions.get(number, [])
        result.append(line)
    if block.source.startswith("%%") and len(lines) == 1:
        result = [lines[0], *result[:-1]]
    return result


def _statement_starts(text: str) -> dict[int, int]:
    """For each line that continues a statement, the line on which to stand above it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return {}
    starts: dict[int, int] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body and isinstance(body, list) else node.end_lineno or first
        for line in range(first + 1, max(last, node.lineno) + 1):
            starts[line] = first
    return {line: _root(starts, line) for line in starts}


def _root(starts: Mapping[int, int], line: int) -> int:
    while line in starts:
        line = starts[line]
    return line


def _past_magic_and_marks(lines: Sequence[str], target: int) -> int:
    """Below a cell magic, and below annotations that stand there already."""
    first = next((number for number, line in enumerate(lines, start=1) if line.strip()), 1)
    if lines[first - 1].startswith("%%") and target <= first:
        target = first + 1
    while target < len(lines) and _ANNOTATION.match(lines[target - 1]):
        target += 1
    return target


def _symbols_above(lines: Sequence[str], target: int, added: Iterable[str]) -> set[Smell]:
    found = list(added)
    number = min(target, len(lines))
    if _ANNOTATION.match(lines[number - 1]):
        found.append(lines[number - 1])
    while number >= 2 and lines[number - 2].lstrip().startswith("#"):
        number -= 1
        found.append(lines[number - 1])
    words = (_ANNOTATION.match(line) for line in found)
    return {smell for match in words if match for smell in _named(match["said"])}


def _named(words: str) -> list[Smell]:
    """The smells that an annotation names, however it spells them: ``Magic number, dead_code: why``."""
    kinds = re.split(r",|&|\+|\band\b", words.partition(":")[0])
    spelt = [re.sub(r"[\s_]+", "-", kind.strip().lower()) for kind in kinds]
    return [smell for smell in Smell if any(re.match(rf"{smell}s?\b", one) for one in spelt)]


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation that a person wrote."""

    cell: int | None
    line: int
    words: str
    # None if it names no smell of the catalogue, but tells of one in free words.
    symbols: tuple[Smell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A person's annotations against what is there."""

    found: tuple[Finding, ...]
    missed: tuple[Finding, ...]
    false_alarms: tuple[Annotation, ...]  # annotations that name a smell which their cell has not

    @property
    def recall(self) -> float:
        """The share of places found, 1.0 where nothing is to be found."""
        total = len(self.found) + len(self.missed)
        return len(self.found) / total if total else 1.0


def annotations_in(source: Source) -> list[Annotation]:
    """Every ``# [code smell] …`` comment, in any cell."""
    return [
        Annotation(
            block.index if source.kind is SourceKind.NOTEBOOK else None,
            number if source.kind is SourceKind.NOTEBOOK else block.first + number - 1,
            match["said"].strip(),
            tuple(_named(match["said"])),
        )
        for block in source.blocks
        for number, line in enumerate(block.source.split("\n"), start=1)
        for match in [_ANNOTATION.match(line)]
        if match
    ]


@dataclass(frozen=True, slots=True)
class UnknownKind:
    """An annotation that names a kind which the catalogue has not."""

    place: Annotation
    kind: str
    nearest: Smell | None  # what it may mean


def unknown_kinds(places: Iterable[Annotation]) -> tuple[UnknownKind, ...]:
    """The annotations ``kind: reason`` whose kind is none; several free words are nobody's kind."""
    found = []
    for place in places:
        kind, colon, _ = place.words.partition(":")
        spelt = re.sub(r"[\s_]+", "-", kind.strip().lower())
        if not place.symbols and colon and re.fullmatch(r"[a-z]+(-[a-z]+){0,3}", spelt):
            nearest = [Smell(one) for one in get_close_matches(spelt, list(Smell), 1, CLOSE)]
            if nearest or not re.search(r"\s", kind.strip()):
                found.append(UnknownKind(place, kind.strip(), next(iter(nearest), None)))
    return tuple(found)


def compare_annotations(source: Source, findings: Sequence[Finding]) -> Comparison:
    """Each smell of a cell counts once, wherever in the cell the person wrote it.

    An annotation in free words, without a symbol, finds what begins on the lines below it. A smell
    of two places may be named at either.
    """
    places = annotations_in(source)
    second = SecondPlaces(source.text)
    at_other = {
        place: [
            finding
            for symbol in place.symbols
            for row in _rows_below(source, place)
            for finding in second.of(symbol, row, findings)
        ]
        for place in places
    }
    named = {(place.cell, symbol) for place in places for symbol in place.symbols}
    named |= {(one.cell, one.symbol) for found in at_other.values() for one in found}
    free = {(p.cell, line) for p in places if not p.symbols for line in _below(source, p)}
    one_each = {(finding.cell, finding.symbol): finding for finding in reversed(findings)}
    found: list[Finding] = []
    missed: list[Finding] = []
    for key, finding in sorted(one_each.items(), key=lambda item: item[1].row):
        hit = key in named or (finding.cell, finding.line) in free
        (found if hit else missed).append(finding)
    false = [
        place
        for place in places
        if place.symbols and not at_other[place]
        if not any((place.cell, symbol) in one_each for symbol in place.symbols)
    ]
    return Comparison(tuple(found), tuple(missed), tuple(false))


def _rows_below(source: Source, place: Annotation) -> list[int]:
    """The same in the joined text."""
    cells = source.kind is SourceKind.NOTEBOOK
    first = {block.index if cells else None: block.first for block in source.blocks}
    before = first[place.cell] - 1 if cells else 0
    return [before + line for line in _below(source, place)]


def _below(source: Source, place: Annotation) -> list[int]:
    """The lines that an annotation may mean: the first code below it."""
    for block in source.blocks:
        own = block.index == place.cell or source.kind is not SourceKind.NOTEBOOK
        offset = 1 if source.kind is SourceKind.NOTEBOOK else block.first
        lines = block.source.split("\n")
        if not own or not offset <= place.line < offset + len(lines):
            continue
        for number in range(place.line - offset + 1, len(lines)):
            if lines[number].strip() and not _ANNOTATION.match(lines[number]):
                return [number + offset]
    return []
