"""The pages under docs/: what they name is there."""

import re
from pathlib import Path

import pytest
from bench_scaling import BEGIN, END, PAGE, simulate, table
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


def test_the_figures_on_scaling_are_those_of_the_simulation():
    figures = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert figures == table(), "python benchmarks/bench_scaling.py --write"


def test_the_simulation_adds_up():
    tasks = [10.0] * 64
    free = simulate(tasks, 4, client_s=0)
    assert (free.hours * 3600, free.efficiency, free.again) == (
        pytest.approx(160),
        pytest.approx(1),
        0,
    )
    fed = simulate(tasks, 64, client_s=1)  # the last one is handed out after 64 s
    assert fed.hours * 3600 == pytest.approx(74)
    lossy = simulate(tasks, 4, client_s=0, loss_hours=0.02, machine=2, start_s=5)
    assert 0 < lossy.machines_lost <= lossy.again
    assert lossy.hours > free.hours and lossy.efficiency < 1
