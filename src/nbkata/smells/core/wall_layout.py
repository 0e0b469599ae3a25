"""Where the notes hang: near their value and effort, in their zone, none over another."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, hypot, log

from nbkata.smells.core.wall import Note, Zone

WIDTH = 1600
LEFT, TOP, RIGHT = 70, 70, 1580
# Below the zones, for the name of the axis.
MARGIN = 60
NOTE_WIDTH, NOTE_HEIGHT = 236, 100
# Characters of a smell's name that one line of a note has room for.
_NAME = 21
HARMS = ((1, "costs readers time"), (2, "costs whoever changes it"), (3, "wrong results or leaks"))
ADVICE = {
    Zone.LOW_HANGING: "do these first",
    Zone.INVESTMENT: "plan these, one at a time",
    Zone.QUICK_WIN: "take them along when you pass by",
    Zone.NO_GO: "leave these until they hurt more",
}
# By the name that the palette of the pages has for it.
FILLS = {
    Zone.LOW_HANGING: "green-soft",
    Zone.INVESTMENT: "blue-soft",
    Zone.QUICK_WIN: "amber-soft",
    Zone.NO_GO: "paper",
}
# From the highest value down; in each the lower effort first.
_ROWS = ((Zone.LOW_HANGING, Zone.INVESTMENT), (Zone.QUICK_WIN, Zone.NO_GO))
# Room for a zone's name.
_HEAD = 46
_GAP = 10
_STEP = 14


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the wall."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Box", gap: float = _GAP) -> bool:
        """Whether the two are nearer to each other than the gap."""
        return (
            self.x < other.x + other.width + gap
            and other.x < self.x + self.width + gap
            and self.y < other.y + other.height + gap
            and other.y < self.y + self.height + gap
        )


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall as high as its notes need: value upwards, effort to the right."""

    zones: dict[Zone, Box]
    placed: tuple[tuple[Note, Box], ...]

    @property
    def bottom(self) -> float:
        """Of the lowest zones."""
        return max(box.y + box.height for box in self.zones.values())

    @property
    def height(self) -> float:
        """Of the whole picture."""
        return self.bottom + MARGIN


def name_lines(name: str) -> list[str]:
    """A smell's name in one line, or cut in two at a hyphen."""
    if len(name) <= _NAME:
        return [name]
    cut = name.rfind("-", 0, _NAME) + 1
    return [name[:cut], name[cut:]]


def hang(notes: Sequence[Note]) -> Wall:
    """Each note with its place; a row of zones is as high as the fuller one needs."""
    zones: dict[Zone, Box] = {}
    placed: list[tuple[Note, Box]] = []
    widths, y = _widths(notes), float(TOP)
    for row in _ROWS:
        rows_of_notes = 2
        for zone, width in zip(row, widths, strict=True):
            inside = sum(note.zone is zone for note in notes)
            rows_of_notes = max(rows_of_notes, ceil(inside / (width // (NOTE_WIDTH + _GAP))))
        height, boxes = float(_HEAD + rows_of_notes * (NOTE_HEIGHT + _GAP)), None
        while boxes is None:
            for zone, x, width in zip(row, (LEFT, LEFT + widths[0]), widths, strict=True):
                zones[zone] = Box(x, y, width, height)
            boxes = _row_hung({zone: zones[zone] for zone in row}, notes)
            height += NOTE_HEIGHT
        placed += boxes
        y += zones[row[0]].height
    return Wall(zones, tuple(placed))


def _widths(notes: Sequence[Note]) -> tuple[float, float]:
    """Of the zones of low and of high effort: the one with more notes gets more room."""
    low = sum(note.zone in (row[0] for row in _ROWS) for note in notes)
    share = min(max(low / len(notes), 0.35), 0.66) if notes else 0.5
    return share * (RIGHT - LEFT), (1 - share) * (RIGHT - LEFT)


def _row_hung(zones: dict[Zone, Box], notes: Sequence[Note]) -> list[tuple[Note, Box]] | None:
    """The notes of these zones, each with its place; nothing if there is no room."""
    placed: list[tuple[Note, Box]] = []
    for zone, area in zones.items():
        inside = [note for note in notes if note.zone is zone]
        boxes = _hung_in(area, inside)
        if boxes is None:
            return None
        placed += zip(inside, boxes, strict=True)
    return placed


def _hung_in(area: Box, notes: Sequence[Note]) -> list[Box] | None:
    if not notes:
        return []
    across = _scale([note.effort for note in notes])
    upwards = _scale([note.value for note in notes])
    boxes: list[Box] = []
    for x_share, y_share in zip(across, upwards, strict=True):
        x = area.x + _GAP + x_share * (area.width - NOTE_WIDTH - 2 * _GAP)
        y = area.y + _HEAD + (1 - y_share) * (area.height - NOTE_HEIGHT - _HEAD - _GAP)
        box = _nearest_free(Box(x, y, NOTE_WIDTH, NOTE_HEIGHT), area, boxes)
        if box is None:
            return None
        boxes.append(box)
    return boxes


def _scale(values: Sequence[float]) -> list[float]:
    """0 to 1 by logarithm: twice as much is the same way anywhere."""
    low, high = log(min(values)), log(max(values))
    return [(log(value) - low) / (high - low) if high > low else 0.5 for value in values]


def _nearest_free(wanted: Box, area: Box, taken: Sequence[Box]) -> Box | None:
    columns = _ticks(area.x + _GAP, area.x + area.width - wanted.width - _GAP)
    rows = _ticks(area.y + _HEAD, area.y + area.height - wanted.height - _GAP)
    places = [Box(x, y, wanted.width, wanted.height) for x in columns for y in rows]
    places.append(wanted)
    places.sort(key=lambda box: hypot(box.x - wanted.x, box.y - wanted.y))
    return next((b for b in places if not any(b.overlaps(other) for other in taken)), None)


def _ticks(start: float, end: float) -> list[float]:
    return [start + step * _STEP for step in range(int((end - start) // _STEP) + 1)]
