"""Findings in the forms that people and machines read."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbkata.common.core.counting import counted
from nbkata.common.core.github import annotation
from nbkata.smells.core.documentation import SmellDoc
from nbkata.smells.core.finding import Finding, Smells, Unread
from nbkata.smells.core.symbols import Smell

_LEVELS = {1: "note", 2: "warning", 3: "error"}
_COMMANDS = {"note": "notice", "warning": "warning", "error": "error"}

# For (path, cell, line) in a notebook, the line of the .ipynb file itself.
FileRows = Mapping[tuple[str, int | None, int], int]


def as_json(results: Sequence[Smells]) -> str:
    """The document that DESIGN promises for ``smells --format json``."""
    document = {
        "findings": [_fields(one, "symbol", "message") for it in results for one in it.findings],
        "errors": [_fields(one, "message") for it in results for one in it.unread],
    }
    return json.dumps(document, indent=1)


def _fields(one: Finding | Unread, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("path", "cell", "line", *names)}


def as_github(results: Sequence[Smells], docs: Mapping[Smell, SmellDoc], rows: FileRows) -> str:
    """Workflow commands that GitHub shows beside the lines of a pull request."""
    lines = []
    for result in results:
        for finding in result.findings:
            level = _COMMANDS[_LEVELS[docs[finding.symbol].harm]]
            row = rows.get((finding.path, finding.cell, finding.line), finding.line)
            place = {"file": finding.path, "line": row, "title": finding.symbol.value}
            lines.append(annotation(level, _with_cell(finding), **place))
        for unread in result.unread:
            lines.append(annotation("error", str(unread), file=unread.path))
    return "\n".join(lines)


def as_sarif(
    results: Sequence[Smells], docs: Mapping[Smell, SmellDoc], rows: FileRows, version: str
) -> str:
    """SARIF 2.1.0, with the cell as a logical location."""
    order = {smell: number for number, smell in enumerate(docs)}
    driver = {
        "name": "nbkata",
        "version": version,
        "rules": [_rule(doc) for doc in docs.values()],
    }
    run = {
        "tool": {"driver": driver},
        "results": [
            _sarif_result(finding, order, docs, rows)
            for result in results
            for finding in result.findings
        ],
        "invocations": [
            {
                "executionSuccessful": not any(result.unread for result in results),
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": str(unread)}}
                    for result in results
                    for unread in result.unread
                ],
            }
        ],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    document = {"$schema": schema, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1)


def _rule(doc: SmellDoc) -> dict[str, Any]:
    return {
        "id": doc.smell.message_id,
        "name": doc.smell.value,
        "shortDescription": {"text": doc.what},
        "fullDescription": {"text": f"{doc.what} {doc.why}"},
        "help": {"text": doc.explained()},
        "defaultConfiguration": {"level": _LEVELS[doc.harm]},
    }


def _sarif_result(
    finding: Finding, order: Mapping[Smell, int], docs: Mapping[Smell, SmellDoc], rows: FileRows
) -> dict[str, Any]:
    doc = docs[finding.symbol]
    row = rows.get((finding.path, finding.cell, finding.line), finding.line)
    uri = finding.path.replace("\\", "/").replace("%", "%25").replace(" ", "%20")
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": row}}
    }
    if finding.cell is not None:
        location["logicalLocations"] = [{"name": f"cell {finding.cell}", "kind": "module"}]
    return {
        "ruleId": doc.smell.message_id,
        "ruleIndex": order[finding.symbol],
        "level": _LEVELS[doc.harm],
        "message": {"text": _with_cell(finding)},
        "locations": [location],
    }


def _with_cell(finding: Finding) -> str:
    if finding.cell is None:
        return finding.message
    return f"cell {finding.cell}, line {finding.line}: {finding.message}"


def file_rows(
    path: str, raw: str, sources: Mapping[int, str]
) -> dict[tuple[str, int | None, int], int]:
    """Where each line of each cell is in the .ipynb file, as Jupyter writes it.

    A cell written in another way (all on one line) is left out.
    """
    raw_lines = [line.strip().removesuffix(",") for line in raw.split("\n")]
    places: dict[str, list[int]] = {}
    for number, line in enumerate(raw_lines):
        places.setdefault(line, []).append(number)
    found: dict[tuple[str, int | None, int], int] = {}
    start = 0
    for cell, source in sources.items():
        if not source:
            continue
        for ascii_only in (False, True):
            texts = [
                json.dumps(line, ensure_ascii=ascii_only)
                for line in source.splitlines(keepends=True)
            ]
            at = next(
                (
                    number
                    for number in places.get(texts[0], ())
                    if number >= start and raw_lines[number : number + len(texts)] == texts
                ),
                None,
            )
            if at is not None:
                start = at + len(texts)
                for offset in range(len(texts)):
                    found[path, cell, offset + 1] = at + offset + 1
                break
    return found


def summary(results: Sequence[Smells]) -> str:
    """One sentence on everything."""
    counts = Counter(finding.symbol for result in results for finding in result.findings)
    files = sum(bool(result.findings) or not result.unread for result in results)
    where = counted(files, "file")
    if results and not files:
        return "Nothing could be read."
    if not counts:
        return f"No smells in {where}."
    total = sum(counts.values())
    kinds = counted(len(counts), "kind")
    return f"{counted(total, 'finding')} of {kinds} in {where}."


def by_place(findings: Sequence[Finding]) -> Iterator[tuple[Finding, list[Finding]]]:
    """Findings of one line together, so that its source is shown once."""
    group: list[Finding] = []
    for finding in findings:
        if group and (finding.cell, finding.line) != (group[0].cell, group[0].line):
            yield group[0], group
            group = []
        group.append(finding)
    if group:
        yield group[0], group
