"""What the kit's pages share: one file that fetches nothing, light and dark, to be printed too."""

from html import escape

GENERATOR = '<meta name="generator" content="nbkata">'

# A page fetches nothing and runs nothing, whatever the notebook wrote into it.
_RULES = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
HEAD = f"""<meta charset="utf-8">
{GENERATOR}
<meta http-equiv="Content-Security-Policy" content="{_RULES}">
<meta name="viewport" content="width=device-width, initial-scale=1">"""

_LIGHT = """
  --ground: #faf8f3; --paper: #ffffff; --ink: #22262b; --faint: #5c6570; --line: #d9d4c7;
  --blue: #1f5fa8; --amber: #b45f06; --green: #1e7a43; --red: #b3261e; --gone: #fdecea; --new: #e8f5ea;
"""
_DARK = """
  --ground: #16191d; --paper: #1d2126; --ink: #e9e6df; --faint: #a5acb5; --line: #3a4048;
  --blue: #7fb3ee; --amber: #f2b45f; --green: #7fcf9a; --red: #f2938b; --gone: #3a2220; --new: #1c3325;
"""
_BASE = """
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
    font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
  main { max-width: 1500px; margin: 0 auto; padding: 1.2rem 1rem 3rem; }
  h1 { font-size: 1.6rem; margin: 0 0 .3rem; line-height: 1.25; }
  h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
  p { max-width: 75ch; margin: .4rem 0; }
  .faint { color: var(--faint); }
  code, pre, .lines { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
  @media print { :root { --ground: #fff; } main { padding: 0; max-width: none; }
    * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def page(title: str, style: str, body: str) -> str:
    """A whole document. ``style`` and ``body`` are used as they are, the title is escaped."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
{HEAD}
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>
:root {{{_LIGHT}}}
@media screen and (prefers-color-scheme: dark) {{ :root {{{_DARK}}} }}
{_BASE}{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
