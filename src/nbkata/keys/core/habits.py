"""Which keymap to show: asked for, remembered, or guessed from the terminal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from nbkata.common.core.refusal import Refusal
from nbkata.keys.core.keys import Ide, Platform, System, ide_named, system_named

Name = TypeVar("Name")


@dataclass(frozen=True, slots=True)
class Choice:
    """A place, and how it was found."""

    place: Platform
    # Whether the IDE is no more than a guess, so that the screen says how to change it.
    guessed: bool
    asked: bool  # whether an option named it, so that it is worth remembering


def choice_of(
    ides: Sequence[Ide],
    ide: str,
    system: str,
    remembered: Mapping[str, str],
    environment: Mapping[str, str],
    os_: str,
) -> Choice | Refusal:
    """Options first, then what was asked for before, then the terminal, then the first IDE.

    ``environment`` is the terminal's, ``os_`` is ``sys.platform``.
    """

    def named(word: str) -> Ide | Refusal:
        return ide_named(word, ides)

    wanted_ide = named(ide) if ide else _known(named, remembered.get("ide"))
    wanted_system = system_named(system) if system else _known(system_named, remembered.get("os"))
    if isinstance(wanted_ide, Refusal):
        return wanted_ide
    if isinstance(wanted_system, Refusal):
        return wanted_system
    seen = ide_around(environment, ides)
    place = Platform(wanted_ide or seen or ides[0], wanted_system or system_of(os_))
    return Choice(place, guessed=not (wanted_ide or seen), asked=bool(ide or system))


def ide_around(environment: Mapping[str, str], ides: Iterable[Ide]) -> Ide | None:
    """The IDE whose terminal this is: a terminal inside PyCharm may have been started by VS Code."""
    for ide in reversed(list(ides)):
        for name, beginning in ide.terminal:
            value = environment.get(name, "")
            if value and value.startswith(beginning):
                return ide
    return None


def system_of(platform: str) -> System:
    """From ``sys.platform``; everything unknown is treated as a Linux."""
    return {"darwin": System.MAC, "win32": System.WINDOWS}.get(platform, System.LINUX)


def _known(named: Callable[[str], Name | Refusal], word: str | None) -> Name | None:
    found = named(word) if word else None
    return None if isinstance(found, Refusal) else found  # a memory that was edited is no memory
