"""The shortcut trainer: the keymaps as data inside one page that needs nothing else."""

import json

from nbkata.keys.core.cheat_sheet import GROUPS
from nbkata.keys.core.keys import Binding, Keymaps, Platform

# Where the page expects its data.
HOLE = "/*KEYMAPS*/null"


def trainer_page(template: str, keymaps: Keymaps, place: Platform) -> str:
    """The page, beginning with the keymap of ``place``."""
    document = {
        "start": place.slug,
        "groups": GROUPS,
        "maps": {
            each.slug: {"title": each.title, "cards": _cards(keymaps, each)}
            for each in keymaps.places
        },
    }
    text = json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")
    return template.replace(HOLE, text)


def _cards(keymaps: Keymaps, place: Platform) -> list[dict[str, object]]:
    """One card an action. Without a default key, it is a card to read and mark oneself."""
    return [
        {
            "action": binding.action,
            "title": keymaps.actions[binding.action].title,
            "group": keymaps.actions[binding.action].group,
            "keys": list(dict.fromkeys(binding.keys)),
            "reserved": list(binding.reserved),
            "shown": keymaps.shown(binding.action, place),
            "note": _note(keymaps, binding),
            "extension": binding.needs_extension,
            "confidence": binding.confidence.value,
        }
        for binding in keymaps.of(place)
    ]


def _note(keymaps: Keymaps, binding: Binding) -> str:
    by_desktop = keymaps.shown(binding.action, binding.place) if binding.variants else ""
    return ". ".join(filter(None, (by_desktop, binding.note)))
