"""`nbkata drill keys`, `cheat-sheet` and `trainer`: the keys themselves."""

import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.keys.core.cheat_sheet import GROUPS
from nbkata.keys.core.habits import Choice
from nbkata.keys.core.keys import Binding, Confidence, Keymaps, Platform, as_rows
from nbkata.keys.shell.key_pages import write_cheat_sheet, write_trainer
from nbkata.keys.shell.keymaps import read_keymaps
from nbkata.terminal import screen
from nbkata.terminal.written import wrote
from nbkata.workspace.shell.outputs import page_path


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Whose keys, and whether an option said so."""

    choice: Choice
    by_ide: bool
    by_system: bool

    def places(self) -> list[Platform]:
        """All that the options leave."""
        mine = self.choice.place
        return [
            place
            for place in read_keymaps().places
            if (place.ide == mine.ide or not self.by_ide)
            and (place.system is mine.system or not self.by_system)
        ]


def run(
    what: str, name: str, narrowed: Narrowed, as_json: bool, show: bool, home: Path | None
) -> int:
    """One of the three; a page without a name goes into the workspace ``home``."""
    if what == "keys":
        return _keys(name, narrowed, as_json)
    if what == "cheat-sheet":
        place = narrowed.choice.place
        path = Path(name) if name else page_path(f"nbkata-keys-{place.slug}.html", home)
        written = or_refuse(write_cheat_sheet(path, read_keymaps(), place))
    else:
        path = Path(name) if name else page_path("nbkata-trainer.html", home)
        written = or_refuse(write_trainer(path, read_keymaps(), narrowed.choice.place))
    return wrote(written, show)


def _keys(name: str, narrowed: Narrowed, as_json: bool) -> int:
    keymaps = read_keymaps()
    actions = or_refuse(_actions(name, keymaps))
    if as_json:
        rows = [b for p in narrowed.places() for b in keymaps.of(p) if b.action in actions]
        print(json.dumps(as_rows(rows)))
        return 0
    place = narrowed.choice.place
    screen.out.print(Text(place.title, "bold"))
    screen.out.print(_table(keymaps, place, actions))
    message = (
        "? not read from the source; + needs an extension. nbkata drill keys ACTION says more."
    )
    if len(actions) == 1:
        for line in _more(keymaps.bindings[actions[0], place]):
            screen.out.print(Padding(Text(line), (0, 2)))
        return 0
    screen.out.print(Padding(Text(message, "dim"), (1, 2, 0, 2)))
    if narrowed.choice.guessed:
        hint = "Not yours? nbkata drill --ide pycharm, or --os mac: that is remembered."
        screen.out.print(Padding(Text(hint, "dim"), (0, 2)))
    return 0


def _actions(name: str, keymaps: Keymaps) -> list[str] | Refusal:
    if not name:
        return list(keymaps.actions)
    word = name.strip().lower().replace("-", "_").replace(" ", "_")
    found = [action for action in keymaps.actions if action == word]
    found = found or [action for action in keymaps.actions if word in action]
    if found:
        return found
    near = get_close_matches(word, keymaps.actions, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    return Refusal(f"there is no action {name!r}.", "", f"{meant}nbkata drill keys lists them.")


def _table(keymaps: Keymaps, place: Platform, actions: list[str]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=1)
    table.add_column(max_width=30)
    table.add_column(ratio=1)
    for group, title in GROUPS.items():
        mine = [a for a in actions if keymaps.actions[a].group == group]
        if mine and len(actions) > 1:
            table.add_row("", Text(title, "bold cyan"), "")
        for action in mine:
            binding = keymaps.bindings[action, place]
            shown = Text(keymaps.shown(action, place), "" if binding.keys else "dim")
            table.add_row(_mark(binding), Text(keymaps.actions[action].title), shown)
    return Padding(table, (0, 2))


def _mark(binding: Binding) -> str:
    if binding.confidence is not Confidence.HIGH:
        return "?"
    return "+" if binding.needs_extension else ""


def _more(binding: Binding) -> list[str]:
    lines = [binding.note, f"confidence: {binding.confidence}", f"source: {binding.source}"]
    if binding.needs_extension:
        lines.insert(1, f"needs: {binding.needs_extension}")
    return [line for line in lines if line]
