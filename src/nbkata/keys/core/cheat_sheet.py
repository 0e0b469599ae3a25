"""The keys of one IDE on one system, in the groups and lines of a printed page."""

from dataclasses import dataclass

from nbkata.keys.core.keys import Binding, Confidence, Keymaps, Platform, System

# The actions' groups, in the order of the page.
GROUPS = {
    "find": "Find",
    "read": "Read",
    "write": "Write",
    "refactor": "Refactor",
    "run": "Run and debug",
    "window": "Windows and tabs",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One action: its keys, with the desktops where these are they, or the menu to look in."""

    action: str
    title: str
    marks: str
    keys: tuple[tuple[tuple[str, ...], str], ...]
    menu: str


def lines(keymaps: Keymaps, place: Platform, group: str) -> list[Line]:
    """Of the actions of a group."""
    found = [
        (action, keymaps.bindings[name, place])
        for name, action in keymaps.actions.items()
        if action.group == group
    ]
    return [
        Line(
            binding.action, action.title,
            "?" * (binding.confidence is not Confidence.HIGH) + "+" * bool(binding.needs_extension),
            _keys(binding), keymaps.rendered(action.menu.get(place.ide.slug, ""), place),
        )
        for action, binding in found
    ]  # fmt: skip


def _keys(binding: Binding) -> tuple[tuple[tuple[str, ...], str], ...]:
    if not binding.keys:
        return (((), ""),)
    if not binding.variants or len(set(binding.variants.values())) == 1:
        return ((tuple(binding.keys), ""),)
    desktops: dict[tuple[str, ...], list[str]] = {}
    for desktop, variant in binding.variants.items():
        desktops.setdefault(variant, []).append(desktop)
    return tuple((variant, ", ".join(names)) for variant, names in desktops.items())


def legend(bindings: tuple[Binding, ...], place: Platform) -> str:
    """What the signs of the page mean."""
    words = ["Two keys parted by a space are pressed one after the other."]
    if place.system is System.MAC:
        words.append("Alt is the Option key, Cmd the Command key.")
    if any(b.needs_extension for b in bindings):
        words.append("+ needs an extension: nbkata drill keys ACTION tells which.")
    if any(b.confidence is not Confidence.HIGH for b in bindings):
        words.append("? was not read from the editor's source, or depends on the desktop.")
    if any(b.variants for b in bindings):
        words.append("XWin, GNOME and KDE are PyCharm's keymaps for Linux desktops.")
    return " ".join(words)
