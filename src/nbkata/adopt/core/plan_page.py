"""plan.html: the plan as one page, with the debt wall; nothing in it is fetched from elsewhere."""

from collections.abc import Iterator
from html import escape

from nbkata.adopt.core.adoption import Adoption
from nbkata.adopt.core.plan import (
    FEWEST_JUDGED,
    FUNCTIONS,
    determinism,
    fetched,
    first_warnings,
    in_and_out,
    order,
    share,
    strength_line,
    test_title,
    watched,
)
from nbkata.common.core.page import HEAD
from nbkata.extract.core.codegen import first_test, function_source
from nbkata.smells.core.wall_page import as_svg


def plan_page(adoption: Adoption) -> str:
    """The HTML document."""
    wall = as_svg(adoption.wall, f"Technical debt of {adoption.notebook}") if adoption.wall else ""
    sections = [
        _checklist(adoption),
        _facts(adoption),
        _section("The order to pay the debts", _numbered(order(adoption))),
        _section(
            "Its debts", f'<div class="frame">{wall.partition("?>")[2]}</div>' if wall else ""
        ),
        _functions(adoption),
        _watch(adoption),
    ]
    title = escape(f"The plan for {adoption.notebook}")
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{HEAD}\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{_tiles(adoption)}\n" + "\n".join(filter(None, sections)) + "\n"
        "</main>\n</body>\n</html>\n"
    )


def _tiles(adoption: Adoption) -> str:
    found = adoption.strength
    flakes = f"{found.flakes} of {found.runs}" if found and found.runs else "not measured"
    strength = share(found) if found and found.total else "not measured"
    caught = adoption.no_strength
    if found:
        caught = f"{found.caught} of {found.total} planted changes caught"
        caught = caught if found.total else strength_line(adoption)
    runs = f"{adoption.seconds:.1f} s" if adoption.runs else "not yet"
    warnings = " ".join(first_warnings(adoption)).replace("**", "")
    good = adoption.runs and not warnings
    same = {True: "the same", False: "differs", None: "not known"}[adoption.reproduces]
    tiles = (
        ("runs", runs, warnings or f"{adoption.code_cells} code cells", good),
        (
            "the script",
            same,
            adoption.difference or "compared after every cell",
            bool(adoption.reproduces),
        ),
        (
            "strength of the tests",
            strength,
            caught or "needs a run",
            bool(found and found.total >= FEWEST_JUDGED and found.percent >= 90),
        ),
        (
            "failures with nothing changed",
            flakes,
            "runs of the tests",
            bool(found and not found.flakes),
        ),
    )
    items = "".join(
        f'<li class="{"good" if good else "open"}"><span>{escape(name)}</span>'
        f"<strong>{escape(value)}</strong><small>{escape(small)}</small></li>"
        for name, value, small, good in tiles
    )
    return f'<ul class="tiles">{items}</ul>'


def _checklist(adoption: Adoption) -> str:
    if not adoption.checklist:
        return ""
    items = "".join(
        f"<li>{escape(str(item))}<br><code>{escape(item.command)}</code></li>"
        for item in adoption.checklist
    )
    return _section("What is missing", f'<ul class="missing">{items}</ul>')


def _facts(adoption: Adoption) -> str:
    rows = [
        ("from", adoption.kind),
        ("cells", f"{adoption.cells}, {adoption.code_cells} with code"),
        ("reads", ", ".join(adoption.reads) or "no file"),
        ("writes", ", ".join(adoption.writes) or "no file"),
    ]
    if adoption.fetches:
        rows.append(("fetches", fetched(adoption)))
    if adoption.runs:
        rows += [("determinism", determinism(adoption)), ("the net", strength_line(adoption))]
    rows += [("note", note) for note in adoption.notes]
    text = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    return _section("What it is", f"<dl>{text}</dl>")


def _functions(adoption: Adoption) -> str:
    if adoption.flow is None or not adoption.flow.candidates:
        return ""
    parts = ['<p>The data flow is drawn in <a href="flow.html">flow.html</a>.</p>']
    for item in adoption.flow.candidates[:FUNCTIONS]:
        source = function_source(item, adoption.flow.code)
        test = first_test(item, adoption.examples.get(item.name), "features")
        parts.append(
            f"<h3>{escape(item.name)}</h3><p>{escape(in_and_out(item))}</p>"
            f'<div class="pair"><figure><figcaption>the function</figcaption><pre>{escape(source)}</pre>'
            f"</figure><figure><figcaption>{test_title(test)}</figcaption><pre>{escape(test)}</pre></figure></div>"
        )
    return _section("The first functions to extract", "\n".join(parts))


def _watch(adoption: Adoption) -> str:
    rows = "".join(
        f"<tr><th>{escape(word)}</th><td>cell&nbsp;{finding.cell}, line&nbsp;{finding.line}</td>"
        f"<td>{escape(finding.message)}</td></tr>"
        for word, finding in watched(adoption)
    )
    if not rows:
        return _section("What to watch out for", "<p>Nothing was found that changes results.</p>")
    return _section("What to watch out for", f'<div class="scroll"><table>{rows}</table></div>')


def _section(title: str, inner: str) -> str:
    return f"<section><h2>{escape(title)}</h2>\n{inner}\n</section>" if inner else ""


def _numbered(lines: Iterator[str]) -> str:
    return "<ol>" + "".join(f"<li>{_code(escape(line))}</li>" for line in lines) + "</ol>"


def _code(text: str) -> str:
    """Backticks of Markdown as code."""
    parts = text.split("`")
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))


_STYLE = """
  :root { --ground: #faf8f3; --paper: #ffffff; --ink: #22262b; --faint: #5c6570; --line: #d8d3c6;
    --good: #1b7f3b; --open: #a35200; --link: #1d4ed8; }
  @media screen and (prefers-color-scheme: dark) { :root { --ground: #16191d; --paper: #1f2429;
    --ink: #e9e6df; --faint: #a5acb5; --line: #4a5058; --good: #6fcf8a; --open: #f0a95c; --link: #9db8ff; } }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
    font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
  main { max-width: 1180px; margin: 0 auto; padding: 1rem; }
  h1 { font-size: 1.6rem; margin: .4rem 0 1rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .6rem; }
  h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; font-family: ui-monospace, Menlo, Consolas, monospace; }
  a { color: var(--link); } p, li, dd { max-width: 85ch; }
  .tiles { list-style: none; display: grid; gap: .7rem; padding: 0; margin: 0;
    grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); }
  .tiles li { background: var(--paper); border: 1px solid var(--line); border-left: .35rem solid var(--open);
    border-radius: .4rem; padding: .6rem .8rem; display: flex; flex-direction: column; }
  .tiles li.good { border-left-color: var(--good); }
  .tiles span, .tiles small { color: var(--faint); overflow-wrap: anywhere; } .tiles strong { font-size: 1.5rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0; }
  dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
  .missing li { margin-bottom: .6rem; }
  code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .88em; }
  code { background: var(--paper); border: 1px solid var(--line); border-radius: .25rem; padding: 0 .25rem;
    overflow-wrap: anywhere; }
  pre { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem;
    margin: 0; overflow-x: auto; }
  .pair { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); }
  figure { margin: 0; min-width: 0; } figcaption { color: var(--faint); font-size: .9rem; }
  .frame { overflow-x: auto; } svg { display: block; width: 100%; min-width: 900px; height: auto; }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
  @media print { .frame, .scroll, pre { overflow: visible; } pre { white-space: pre-wrap; } svg { min-width: 0; } }
"""
