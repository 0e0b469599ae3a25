"""The keys of one IDE on one system, on one printed page."""

from html import escape

from nbkata.common.core.page import HEAD
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

STYLE = """
@page { size: A4 portrait; margin: 9mm 10mm; }
:root { color-scheme: light dark; --ink: #1b2430; --dim: #5b6775; --line: #d6dce3; --paper: #fff;
  --key: #f2f5f8; --accent: #0f5e8c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --dim: #9aa7b5; --line: #35404d;
  --paper: #151b23; --key: #222c38; --accent: #7cc4ee; } }
@media print { :root { --ink: #111; --dim: #555; --line: #ccc; --paper: #fff; --key: #fff;
  --accent: #0f5e8c; } }
* { box-sizing: border-box; }
body { font: 12px/1.32 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: var(--ink);
  background: var(--paper); margin: 0 auto; max-width: 190mm; padding: 6mm 0; }
@media print { body { padding: 0; max-width: none; font-size: 9.4pt; line-height: 1.28; } }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 1em;
  border-bottom: 2px solid var(--accent); padding-bottom: 1mm; margin-bottom: 3mm; }
h1 { font-size: 1.65em; margin: 0; } header span { color: var(--dim); }
main { columns: 2; column-gap: 8mm; }
@media screen and (max-width: 600px) { main { columns: 1; } body { padding: 4vw; } }
section { margin: 0 0 2.8mm; } tr { break-inside: avoid; }
tbody tr:first-child { break-before: avoid; }
h2 { font-size: 1.06em; color: var(--accent); margin: 0 0 .4mm; break-after: avoid; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: baseline; padding: .75mm 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: 400; padding-right: 2mm; width: 46%; }
kbd { font: 600 .93em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  background: var(--key); border: 1px solid var(--line); border-radius: 3px; padding: 0 .4em;
  white-space: nowrap; }
small { color: var(--dim); font-size: .88em; } sup { color: var(--dim); line-height: 0; margin-left: .15em; }
footer { color: var(--dim); font-size: .88em; border-top: 1px solid var(--line); padding-top: 1mm; }
"""


def cheat_sheet(keymaps: Keymaps, place: Platform) -> str:
    """A complete HTML page, one A4 page when printed."""
    sections = "\n".join(_section(keymaps, place, group) for group in GROUPS)
    title = f"{escape(place.title)}: the keys"
    return f"""<!doctype html>
<html lang="en">
<head>
{HEAD}
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<header><h1>{escape(place.title)}</h1><span>nbkata, default keys</span></header>
<main>
{sections}
</main>
<footer>{_legend(keymaps.of(place), place)}</footer>
</body>
</html>
"""


def _section(keymaps: Keymaps, place: Platform, group: str) -> str:
    rows = "\n".join(
        _row(keymaps, keymaps.bindings[name, place])
        for name, action in keymaps.actions.items()
        if action.group == group
    )
    return f"<section><h2>{GROUPS[group]}</h2><table>\n{rows}\n</table></section>"


def _row(keymaps: Keymaps, binding: Binding) -> str:
    action = keymaps.actions[binding.action]
    marks = "?" if binding.confidence is not Confidence.HIGH else ""
    marks += "+" if binding.needs_extension else ""
    sign = f"<sup>{marks}</sup>" if marks else ""
    title = f"{escape(action.title)}{sign}"
    return f'<tr data-action="{binding.action}"><th scope="row">{title}</th><td>{_keys(keymaps, binding)}</td></tr>'


def _keys(keymaps: Keymaps, binding: Binding) -> str:
    menu = escape(
        keymaps.rendered(
            keymaps.actions[binding.action].menu.get(binding.place.ide.slug, ""), binding.place
        )
    )
    if not binding.keys:
        return f"<small>{menu}</small>"
    keys = " ".join(_kbd(key) for key in binding.keys)
    if not binding.variants or len(set(binding.variants.values())) == 1:
        return keys
    desktops: dict[tuple[str, ...], list[str]] = {}
    for desktop, variant in binding.variants.items():
        desktops.setdefault(variant, []).append(desktop)
    return "<br>".join(
        f"{' '.join(map(_kbd, variant)) or f'<small>{menu}</small>'} "
        f"<small>{', '.join(names)}</small>"
        for variant, names in desktops.items()
    )


def _kbd(key: str) -> str:
    return f"<kbd>{escape(key)}</kbd>"


def _legend(bindings: tuple[Binding, ...], place: Platform) -> str:
    words = ["Two keys parted by a space are pressed one after the other."]
    if place.system is System.MAC:
        words.append("Alt is the Option key, Cmd the Command key.")
    if any(b.needs_extension for b in bindings):
        words.append("+ needs an extension: nbkata drill keys ACTION tells which.")
    if any(b.confidence is not Confidence.HIGH for b in bindings):
        words.append("? was not read from the editor's source, or depends on the desktop.")
    if any(b.variants for b in bindings):
        words.append("XWin, GNOME and KDE are PyCharm's keymaps for Linux desktops.")
    return escape(" ".join(words))
