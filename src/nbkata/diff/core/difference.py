"""What differs between two sets of files: lines of texts, cells of notebooks."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nbkata.notebook.core.notebook import Cell, CellKind

# Equal lines that are shown before and after a difference.
CONTEXT = 3
# What a person wrote is shown whole if it is new or gone; data and a gone notebook's cells are
# counted.
_SHOWN_WHOLE = (".py", ".ipynb", ".md", ".toml", ".txt", ".cfg", ".ini")

# The old and the new cell's index, in order; none if there is no such cell.
Pairs = Sequence[tuple[int | None, int | None]]
PairCells = Callable[[Sequence[Cell], Sequence[Cell]], Pairs]


class Kind(StrEnum):
    """What became of a file or cell."""

    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is compared."""

    text: str = ""  # with ``\n`` for every line end, whatever the file has. Of a notebook: empty.
    # Of a notebook; what its cells show is no part of the comparison.
    cells: tuple[Cell, ...] | None = None
    unshown: str = ""  # why there is no text: ``binary, 12 kB``
    digest: str = ""  # of the bytes, where there is no text


@dataclass(frozen=True, slots=True)
class Row:
    """A line on both sides; none if a side has no such line. Equal ones are context."""

    old_line: int | None
    old: str | None
    new_line: int | None
    new: str | None

    @property
    def is_context(self) -> bool:
        """Whether both sides say the same."""
        return self.old == self.new


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together."""

    title: str  # of a notebook's cell: ``cell 7, changed``; otherwise empty
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that differs."""

    name: str  # with forward slashes, on both sides
    kind: Kind
    old: Content | None
    new: Content | None
    blocks: tuple[Block, ...] = ()
    note: str = ""  # what is said in place of lines

    @property
    def is_data(self) -> bool:
        """Whether it is no text that a person wrote."""
        return not self.name.endswith(_SHOWN_WHOLE)

    @property
    def added(self) -> int:
        """Lines that the new side has and the old has not."""
        return self._count(lambda row: row.new)

    @property
    def removed(self) -> int:
        """Lines that the old side has and the new has not."""
        return self._count(lambda row: row.old)

    def _count(self, side: Callable[[Row], str | None]) -> int:
        rows = (row for block in self.blocks for row in block.rows if not row.is_context)
        return sum(side(row) is not None for row in rows)


def changes(
    old: Mapping[str, Content], new: Mapping[str, Content], pair_cells: PairCells
) -> tuple[FileChange, ...]:
    """The files that differ, by name. A file that only one side has is new or gone."""
    found = (_change(name, old.get(name), new.get(name), pair_cells) for name in {*old, *new})
    return tuple(sorted(filter(None, found), key=lambda change: change.name))


def _change(
    name: str, old: Content | None, new: Content | None, pair_cells: PairCells
) -> FileChange | None:
    kind = Kind.NEW if old is None else Kind.GONE if new is None else Kind.CHANGED
    sides = [side for side in (old, new) if side is not None]
    if any(side.unshown for side in sides):
        if old is not None and new is not None and old.digest == new.digest:
            return None
        notes = (side.unshown or f"{side.text.count(chr(10)):,} lines" for side in sides)
        return FileChange(name, kind, old, new, note=", ".join(notes))
    if all(side.cells is not None for side in sides):
        cells = [() if side is None else side.cells or () for side in (old, new)]
        if kind is Kind.GONE:
            return FileChange(name, kind, old, new, note=f"{len(cells[0])} cells")
        blocks = _cell_blocks(cells[0], cells[1], pair_cells)
        return FileChange(name, kind, old, new, blocks) if blocks or kind != Kind.CHANGED else None
    texts = ["" if side is None else as_text(side) for side in (old, new)]
    if texts[0] == texts[1] and kind is Kind.CHANGED:
        return None
    if kind is not Kind.CHANGED and not name.endswith(_SHOWN_WHOLE):
        count = sum(text.count("\n") for text in texts)
        return FileChange(name, kind, old, new, note=f"{count:,} lines of data")
    return FileChange(name, kind, old, new, line_blocks(texts[0], texts[1]))


def as_text(content: Content) -> str:
    """The text; of a notebook its code, as a script would hold it."""
    if content.cells is None:
        return content.text
    code = (cell.source for cell in content.cells if cell.kind is CellKind.CODE)
    return "\n\n".join(source.rstrip("\n") for source in code if source.strip()) + "\n"


def with_conversion(found: Sequence[FileChange]) -> tuple[FileChange, ...]:
    """Where a notebook gave way to a script, how the script differs from the notebook's code."""
    gone = [c for c in found if c.kind is Kind.GONE and c.old is not None and c.old.cells]
    new = [c for c in found if c.kind is Kind.NEW and c.name.endswith(".py") and "src/" in c.name]
    if len(gone) != 1 or len(new) != 1 or gone[0].old is None or new[0].new is None:
        return tuple(found)
    blocks = line_blocks(as_text(gone[0].old), as_text(new[0].new))
    name = f"{gone[0].name} -> {new[0].name}"
    converted = FileChange(name, Kind.CHANGED, gone[0].old, new[0].new, blocks, "its code")
    return (converted, *(c for c in found if c not in (gone[0], new[0])))


def line_blocks(old: str, new: str, title: str = "") -> tuple[Block, ...]:
    """The differences of two texts, each with the equal lines around it."""
    before, after = old.splitlines(), new.splitlines()
    groups = difflib.SequenceMatcher(None, before, after).get_grouped_opcodes(CONTEXT)
    blocks = tuple(Block(title, tuple(_rows(group, before, after))) for group in groups)
    if not blocks and old != new:
        row = Row(len(before), "(no line end after the last line)", len(after), "(a line end)")
        turned = row if new.endswith("\n") else Row(row.old_line, row.new, row.new_line, row.old)
        return (Block(title, (turned,)),)
    return blocks


def _rows(
    group: Iterable[tuple[str, int, int, int, int]], before: Sequence[str], after: Sequence[str]
) -> Iterable[Row]:
    for _, old_from, old_to, new_from, new_to in group:
        for step in range(max(old_to - old_from, new_to - new_from)):
            old, new = old_from + step, new_from + step
            yield Row(
                old + 1 if old < old_to else None,
                before[old] if old < old_to else None,
                new + 1 if new < new_to else None,
                after[new] if new < new_to else None,
            )


def _cell_blocks(
    old: Sequence[Cell], new: Sequence[Cell], pair_cells: PairCells
) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for before, after in pair_cells(old, new):
        if before is None and after is not None:
            blocks += _whole_cell(new[after], Kind.NEW)
        elif after is None and before is not None:
            blocks += _whole_cell(old[before], Kind.GONE)
        elif before is not None and after is not None:
            moved = f" (cell {before} before)" if before != after else ""
            title = f"cell {after}{moved}, changed"
            blocks += line_blocks(old[before].source, new[after].source, title)
    return tuple(blocks)


def _whole_cell(cell: Cell, kind: Kind) -> tuple[Block, ...]:
    kinds = "" if cell.kind is CellKind.CODE else f" ({cell.kind.value})"
    title = f"cell {cell.index}{kinds}, {kind.value}"
    rows = tuple(
        Row(None, None, number, line) if kind is Kind.NEW else Row(number, line, None, None)
        for number, line in enumerate(cell.source.splitlines(), start=1)
    )
    return (Block(title, rows),)


def unified(change: FileChange, old_label: str, new_label: str) -> str:
    """As ``diff -u`` writes it, so that ``patch -p1`` can read it; cells and big files are named.

    ``patch`` skips what is named, since no ``---`` line begins it.
    """
    if any(side is not None and side.unshown for side in (change.old, change.new)):
        return f"Files differ and are not shown: {change.name} ({change.note})\n"
    if all(side is None or side.cells is not None for side in (change.old, change.new)):
        return _cell_lines(change)
    texts = ["" if side is None else as_text(side) for side in (change.old, change.new)]
    lines = difflib.unified_diff(
        texts[0].splitlines(keepends=True),
        texts[1].splitlines(keepends=True),
        f"{old_label}/{change.name}" if change.old is not None else "/dev/null",
        f"{new_label}/{change.name}" if change.new is not None else "/dev/null",
        n=CONTEXT,
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _cell_lines(change: FileChange) -> str:
    note = f" ({change.note})" if change.note else ""
    messages = [f"Notebook {change.name}: {change.kind.value}{note}"]
    for block in change.blocks:
        messages.append(f"  {block.title}")
        messages += [f"  {sign} {line}".rstrip() for sign, line in signed_lines(block)]
    return "\n".join(messages) + "\n"


def signed_lines(block: Block) -> Iterable[tuple[str, str]]:
    """Its lines under each other, each with ``-``, ``+`` or a space: old ones before new ones."""
    olds: list[str] = []
    news: list[str] = []
    for row in block.rows:
        if row.is_context:
            yield from _signed(olds, news)
            yield " ", row.old or ""
            olds, news = [], []
            continue
        olds += [] if row.old is None else [row.old]
        news += [] if row.new is None else [row.new]
    yield from _signed(olds, news)


def _signed(olds: Iterable[str], news: Iterable[str]) -> Iterable[tuple[str, str]]:
    yield from [("-", line) for line in olds]
    yield from [("+", line) for line in news]


def sums(found: Sequence[FileChange]) -> str:
    """``3 files, 12 lines added, 4 removed``."""
    files = "1 file" if len(found) == 1 else f"{len(found)} files"
    added, removed = sum(c.added for c in found), sum(c.removed for c in found)
    return f"{files}, {added} {'line' if added == 1 else 'lines'} added, {removed} removed"
