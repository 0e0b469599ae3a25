"""The shortcut trainer: the keymaps as data for its page."""

from nbkata.keys.core.cheat_sheet import GROUPS
from nbkata.keys.core.keys import Binding, Keymaps, Platform


def trainer_cards(keymaps: Keymaps, place: Platform) -> dict[str, object]:
    """The cards of all keymaps; ``place`` is the one to begin with."""
    return {
        "start": place.slug,
        "groups": GROUPS,
        "maps": {
            each.slug: {"title": each.title, "cards": _cards(keymaps, each)}
            for each in keymaps.places
        },
    }


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
