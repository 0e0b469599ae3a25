"""The blocks that learners sent from `./go ready`, and what they have in common.

A mail may quote, wrap or cut a block, and anybody may have written it. So nothing of its words is
passed on as advice: a line counts if it begins with a sentence that the kit knows, and the fix is
the kit's own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nbkata.setup.core.ready import ASK, FAULTS, FIX, ITEMS, OK, READY_TEXT, TITLE, fix_of
from nbkata.setup.core.system import family_of

# Of one file, a mailbox of a large course.
MOST_BLOCKS = 1000
LONGEST_SHOWN = 60
# Into which a mail may wrap one line of a block.
MOST_LINES = 8
_HEAD = re.compile(rf"{TITLE} #([0-9a-f]{{6}}) ([\w.-]{{1,40}}):")
_LINE = re.compile(rf"({'|'.join(ITEMS)})\s+({OK}|{FIX}|{ASK})\b\s*(.*)")
_QUOTED = re.compile(r"^[>|\s]+")
# What `go` itself prints on a machine without any Python, which can print no block.
_NO_PYTHON = "found no Python here"
FAMILY_NAMES = {"windows": "Windows", "macos": "macOS", "linux": "Linux"}


@dataclass(frozen=True, slots=True)
class Machine:
    """One block."""

    where: str  # the file and line that it begins at
    tag: str  # differs from block to block, and names nobody
    system: str
    faults: tuple[str, ...] = ()  # names in `FAULTS`
    unknown: tuple[str, ...] = ()  # lines that are no ``ok`` and no sentence of the kit, cut
    lacking: tuple[str, ...] = ()  # items that the block should have and has not

    @property
    def status(self) -> str:
        """Who has to do something: ASK, FIX, or nobody; a block that was cut off is to be asked for."""
        statuses = {FAULTS[fault].status for fault in self.faults}
        statuses |= {FIX} if self.unknown or self.lacking else set()
        return ASK if ASK in statuses else FIX if FIX in statuses else READY_TEXT

    @property
    def findings(self) -> str:
        """What is wrong, in one line."""
        texts = [FAULTS[fault].sentence for fault in self.faults]
        texts += [f"not known: {text}" for text in self.unknown]
        if self.lacking:
            texts.append(f"cut off, ask for it again: {', '.join(self.lacking)}")
        return "; ".join(texts)


def machines_in(text: str, name: str) -> list[Machine]:
    """Every block of a text, each once; ``name`` is the file's."""
    lines = [_QUOTED.sub("", line).strip() for line in text.splitlines()]
    heads = [place for place, line in enumerate(lines) if _is_head(line)]
    found: dict[Machine, str] = {}
    for head, end in pairwise([*heads, len(lines)]):
        found.setdefault(_machine(lines[head:end]), f"{name}, line {head + 1}")
    return [replace(machine, where=where) for machine, where in found.items()]


def _is_head(line: str) -> bool:
    return bool(_HEAD.search(line)) or _NO_PYTHON in line


def _machine(lines: Sequence[str]) -> Machine:
    head = _HEAD.search(lines[0])
    if not head:
        return Machine("", "", "unknown", ("no-python",))
    texts = _items_in(lines[1:])
    wrong = {item: text for item, (status, text) in texts.items() if status != OK}
    faults = {item: _fault_in(text) for item, text in wrong.items()}
    return Machine(
        where="",
        tag=head[1],
        system=head[2],
        faults=tuple(fault for fault in faults.values() if fault),
        unknown=tuple(
            f"{item} {text}"[:LONGEST_SHOWN] for item, text in wrong.items() if not faults[item]
        ),
        lacking=tuple(item for item in ITEMS if item not in texts),
    )


def _items_in(lines: Iterable[str]) -> dict[str, tuple[str, str]]:
    """By item, its status and its text, which a mail may have wrapped."""
    found: dict[str, list[str]] = {}
    item = ""
    for line in lines:
        begins = _LINE.match(line)
        if begins and begins[1] not in found:
            item = begins[1]
            found[item] = [begins[2], begins[3]]
        elif not line:
            item = ""
        elif item and len(found[item]) < MOST_LINES:
            found[item].append(line)
    return {
        item: (status, " ".join(" ".join(texts).split()))
        for item, (status, *texts) in found.items()
    }


def _fault_in(text: str) -> str:
    """The fault whose sentence the text begins with, the longest one."""
    fitting = [name for name in FAULTS if text.startswith(_sentence(name))]
    return max(fitting, key=lambda name: len(_sentence(name)), default="")


def _sentence(fault: str) -> str:
    return str(FAULTS[fault].sentence)


def worst_first(machines: Iterable[Machine]) -> list[Machine]:
    """Those that the organizer must help, those with something to fix, those that are ready."""
    order = {ASK: 0, FIX: 1, READY_TEXT: 2}
    return sorted(machines, key=lambda it: (order[it.status], -len(it.faults), it.system, it.where))


def common_lines(machines: Sequence[Machine]) -> list[str]:
    """Of each fault that several machines share: how many, and the fix on each of their systems."""
    counts = Counter(fault for machine in machines for fault in set(machine.faults))
    lines = []
    for fault, count in counts.most_common():
        if count < 2 and len(machines) > 1:
            break
        lines.append(f"On {count} of {len(machines)}: {_sentence(fault)}.")
        families = {family_of(machine.system) for machine in machines if fault in machine.faults}
        fixes: dict[str, list[str]] = {}
        for family in sorted(families):
            fixes.setdefault(fix_of(fault, family), []).append(FAMILY_NAMES.get(family, family))
        if len(fixes) == 1:
            lines += [f"  {fix}" for fix in fixes]
        else:
            lines += [f"  {', '.join(names)}: {fix}" for fix, names in fixes.items()]
    return lines


def summary(machines: Sequence[Machine]) -> str:
    """How many of each kind."""
    counts = Counter(machine.status for machine in machines)
    number = "1 machine" if len(machines) == 1 else f"{len(machines)} machines"
    ready = f"{counts[READY_TEXT]} ready"
    return f"{number}: {counts[ASK]} yours to help, {counts[FIX]} theirs to fix, {ready}."


def table_lines(machines: Sequence[Machine]) -> list[str]:
    """One line each."""
    rows = [
        (it.status, f"#{it.tag}" if it.tag else "", it.where, it.system, it.findings)
        for it in machines
    ]
    widths = [max((len(row[place]) for row in rows), default=0) for place in range(4)]
    return [
        "  ".join([*(f"{row[place]:<{widths[place]}}" for place in range(4)), row[4]]).rstrip()
        for row in rows
    ]
