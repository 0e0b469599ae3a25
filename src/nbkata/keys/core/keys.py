"""Which keys do what: the default keymaps of some IDEs on three systems.

The data, the IDEs among them, is ``keys/keymaps.json``; a place is one IDE on one system, and each
action has exactly one binding in each place.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from nbkata.common.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Ide:
    """An editor whose keys are known."""

    slug: str  # ``vscode``: as options name it
    name: str  # ``VS Code``: as people name it
    aliases: tuple[str, ...] = ()  # what else it is called after ``--ide``
    programs: tuple[str, ...] = ()  # its names on the command line, the usual one first
    diff: tuple[str, ...] = ()  # the program's option, which two files follow
    how: str = ""  # how its program gets on the PATH; the beginning of a sentence
    # Variables of its own terminal, and what their values begin with.
    terminal: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.slug


class System(StrEnum):
    """An operating system, as far as it decides about keys."""

    MAC = "mac"
    WINDOWS = "windows"
    LINUX = "linux"


SYSTEM_NAMES = {System.MAC: "macOS", System.WINDOWS: "Windows", System.LINUX: "Linux"}


class Confidence(StrEnum):
    """How sure a binding is: read from the source, from a manual, or a guess."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Platform:
    """One keymap: an IDE on a system."""

    ide: Ide
    system: System

    @property
    def title(self) -> str:
        """``PyCharm on macOS``."""
        return f"{self.ide.name} on {SYSTEM_NAMES[self.system]}"

    @property
    def slug(self) -> str:
        """``pycharm-mac``: for file names."""
        return f"{self.ide}-{self.system}"


@dataclass(frozen=True, slots=True)
class Binding:
    """The keys of one action in one place."""

    action: str
    place: Platform
    # ``Ctrl+K Ctrl+I``: chords of one sequence are parted by a space. Empty: no default key.
    keys: tuple[str, ...]
    confidence: Confidence
    source: str
    # By Linux desktop, where it decides: ``{"GNOME": (), "KDE": ("Alt+Shift+Up",)}``.
    variants: Mapping[str, tuple[str, ...]]
    needs_extension: str
    note: str
    reserved: tuple[str, ...]  # of the keys, those that a browser's tab keeps for itself


@dataclass(frozen=True, slots=True)
class Action:
    """What a person wants to do."""

    name: str
    title: str
    group: str
    # By IDE: what does it where there is no default key; may hold ``{{key:…}}``.
    menu: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Keymaps:
    """All of them."""

    actions: Mapping[str, Action]
    bindings: Mapping[tuple[str, Platform], Binding]
    ides: tuple[Ide, ...]  # the first is the one to guess

    @property
    def places(self) -> tuple[Platform, ...]:
        """Every IDE on every system."""
        return tuple(Platform(ide, system) for ide in self.ides for system in System)

    def of(self, place: Platform) -> tuple[Binding, ...]:
        """One keymap, in the order of the actions."""
        return tuple(self.bindings[name, place] for name in self.actions)

    def shown(self, action: str, place: Platform) -> str:
        """``Ctrl+P or Ctrl+E``, or the menu entry; as a sentence holds it of a guide."""
        binding = self.bindings[action, place]
        menu = self.rendered(self.actions[action].menu.get(place.ide.slug, ""), place)
        if not binding.keys:
            return menu
        if not binding.variants:
            return " or ".join(binding.keys)
        desktops: dict[str, list[str]] = {}
        for desktop, keys in binding.variants.items():
            what = " or ".join(keys) or f"no key, but {menu}"
            desktops.setdefault(what, []).append(desktop)
        if len(desktops) == 1:
            return next(iter(desktops))
        return "; ".join(f"{what} ({', '.join(names)})" for what, names in desktops.items())

    def rendered(self, text: str, place: Platform) -> str:
        """A guide's text with its ``{{key:action}}`` placeholders filled in."""
        return PLACEHOLDER.sub(lambda found: self.shown(found[1], place), text)

    def unknown_in(self, text: str) -> tuple[str, ...]:
        """The placeholders of a text that name no action."""
        return tuple(name for name in actions_in(text) if name not in self.actions)


Name = TypeVar("Name")
PLACEHOLDER = re.compile(r"\{\{key:(\w+)\}\}")


def actions_in(text: str) -> tuple[str, ...]:
    """The actions that a guide names, each once, in order."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def keymaps_from(document: Mapping[str, Any]) -> Keymaps:
    """From the parsed data file. Raises ``KeyError`` or ``ValueError`` if it is not whole."""
    actions = {
        entry["action"]: Action(
            entry["action"], entry["title"], entry["group"], entry.get("menu", {})
        )
        for entry in document["actions"]
    }
    ides = {entry["ide"]: _ide(entry) for entry in document["ides"]}
    bindings = {(b.action, b.place): b for b in (_binding(row, ides) for row in document["keys"])}
    keymaps = Keymaps(actions, bindings, tuple(ides.values()))
    missing = {(name, place) for name in actions for place in keymaps.places} ^ set(bindings)
    if missing:
        raise ValueError(f"actions and keys do not match: {sorted(name for name, _ in missing)}")
    return keymaps


def _ide(entry: Mapping[str, Any]) -> Ide:
    lists = {name: tuple(entry.get(name, ())) for name in ("aliases", "programs", "diff")}
    terminal = tuple(entry.get("terminal", {}).items())
    return Ide(entry["ide"], entry["name"], **lists, how=entry["how"], terminal=terminal)


def _binding(row: Mapping[str, Any], ides: Mapping[str, Ide]) -> Binding:
    return Binding(
        action=row["action"],
        place=Platform(ides[row["ide"]], System(row["os"])),
        keys=tuple(row["keys"]),
        confidence=Confidence(row["confidence"]),
        source=row["source"],
        variants={name: tuple(keys) for name, keys in row.get("variants", {}).items()},
        needs_extension=row.get("needs_extension", ""),
        note=row.get("note", ""),
        reserved=tuple(row.get("chromium_tab_reserved", ())),
    )


def as_rows(bindings: Iterable[Binding]) -> list[dict[str, Any]]:
    """The document of ``nbkata drill keys --json``."""
    return [
        {"action": b.action, "ide": b.place.ide.slug, "os": b.place.system.value}
        | {"keys": list(b.keys)}
        for b in bindings
    ]


def ide_named(name: str, ides: Iterable[Ide]) -> Ide | Refusal:
    """``vscode`` or ``pycharm``, and what people call them."""
    slugs = {ide.slug: ide for ide in ides}
    aliases = {alias: ide for ide in slugs.values() for alias in ide.aliases}
    return _named(name, "IDE", slugs, aliases)


def system_named(name: str) -> System | Refusal:
    """``mac``, ``windows`` or ``linux``, and what people call them."""
    known = {"macos": System.MAC, "osx": System.MAC, "darwin": System.MAC}
    known |= {"win": System.WINDOWS, "win32": System.WINDOWS}
    return _named(name, "system", {system.value: system for system in System}, known)


def _named(
    asked: str, what: str, names: Mapping[str, Name], others: Mapping[str, Name]
) -> Name | Refusal:
    word = asked.strip().lower().replace(" ", "-")
    found = names.get(word) or others.get(word)
    if found is not None:
        return found
    option = "--ide" if what == "IDE" else "--os"
    choices = " or ".join(f"{option} {name}" for name in names)
    return Refusal(f"the keys of {asked!r} are not known.", f"{option} {asked}", f"Use {choices}.")
