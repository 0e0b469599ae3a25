"""The pages under docs/: what they name is there."""

import re
from pathlib import Path

import pytest
from support.builders import ROOT, output_of

from nbkata.cli import COMMANDS, WORDS_OF

PAGES = sorted((ROOT / "docs").glob("*.md"))


def commands_in(text: str) -> set[str]:
    """What a page asks to type, in a line of code or in a block."""
    return {
        found.strip() for found in re.findall(r"(?:^\s*|`)(nbkata [^`\n]+)", text, re.MULTILINE)
    }


def test_each_command_and_option_of_the_pages_exists():
    asked = {command for page in PAGES for command in commands_in(page.read_text("utf-8"))}
    helps: dict[str, str] = {}
    for command in asked:
        words = command.split()[1:]
        assert words[0] in COMMANDS, command
        name = words[:2] if words[0] in WORDS_OF else words[:1]
        if tuple(name) not in helps:
            code, helps[tuple(name)], _ = output_of(*name, "-h")
            assert code == 0, command
        for option in (word for word in words if word.startswith("--")):
            assert option in helps[tuple(name)], command
    assert len(helps) >= 15


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda path: path.name)
def test_each_link_to_a_file_leads_somewhere(page: Path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_the_readme_has_a_door_for_everybody_on_its_first_screen():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    doors = text.partition("## Four doors\n")[2].partition("\n## ")[0]
    linked = re.findall(r"\]\(([^)]+)\)", doors)
    assert linked == [
        "docs/taking-part.md",
        "docs/facilitating.md",
        "docs/your-notebook.md",
        "CONTRIBUTING.md",
    ]
    assert text[: text.index(doors)].count("\n") < 20
