"""Where the notes hang: near their value and effort, in their zone, none over another."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, log

from nbkata.smells.core.wall import Note, Zone

WIDTH, HEIGHT = 1600, 1000
LEFT, TOP, RIGHT, BOTTOM = 70, 70, 1580, 940
_HEAD = 46
"""Room for a zone's name."""
_GAP = 10
_STEP = 7


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


def zone_box(zone: Zone) -> Box:
    """A zone's quarter of the wall: value upwards, effort to the right."""
    middle_x, middle_y = (LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2
    x = LEFT if zone in (Zone.QUICK_WIN, Zone.LOW_HANGING) else middle_x
    y = TOP if zone in (Zone.QUICK_WIN, Zone.INVESTMENT) else middle_y
    return Box(x, y, middle_x - LEFT, middle_y - TOP)


def hang(notes: Sequence[Note]) -> list[tuple[Note, Box]]:
    """Each note with its place; all smaller where a zone is full."""
    for scale in (1.0, 0.92, 0.85, 0.78, 0.72, 0.66, 0.6):
        placed: list[tuple[Note, Box]] = []
        for zone in Zone:
            inside = [note for note in notes if note.zone is zone]
            boxes = _hung_in(zone, inside, 208 * scale, 84 * scale)
            if boxes is None:
                break
            placed += zip(inside, boxes, strict=True)
        if len(placed) == len(notes):
            return placed
    return placed


def _hung_in(zone: Zone, notes: Sequence[Note], width: float, height: float) -> list[Box] | None:
    area = zone_box(zone)
    if not notes:
        return []
    across = _scale([note.effort for note in notes])
    upwards = _scale([note.value for note in notes])
    boxes: list[Box] = []
    for x_share, y_share in zip(across, upwards, strict=True):
        x = area.x + _GAP + x_share * (area.width - width - 2 * _GAP)
        y = area.y + _HEAD + (1 - y_share) * (area.height - height - _HEAD - _GAP)
        box = _nearest_free(Box(x, y, width, height), area, boxes)
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
