"""The README: its generated parts are up to date, and what it names is there.

`python tests/kit/test_readme.py` writes the generated parts anew.
"""

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

from rich.console import Console
from rich.text import Text
from support.builders import ROOT

from nbkata.cli import COMMANDS, overview
from nbkata.kata.commands._step_lines import lights, step_title, todo
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.terminal import plain
from nbkata.terminal.screen import text_of

README = ROOT / "README.md"
PICTURE = ROOT / ".github" / "two-lights.svg"

SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" role="img" \
xmlns="http://www.w3.org/2000/svg"><title>Two lights: behaviour green, shape red</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; \
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>{lines}</defs>
<rect width="100%" height="100%" rx="8" fill="#1b1f27"/>
<g transform="translate(9, 9)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def kit() -> Kit:
    found = load_kit()
    assert isinstance(found, Kit)
    return found


class Terminal(io.StringIO):
    """Where colours are shown."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def picture() -> str:
    """The screen of step 01 with one light green and one red."""
    kata = kit().kata
    behaviour = Light(True, ("52 cells ran in 2 s; the 6 results are as they were",))
    shape = Light(False, ("Cell 12, line 3 still prints something: print(df.shape)",))
    console = Console(record=True, width=80, file=io.StringIO(), color_system="truecolor")
    console.print(Text("$ nbkata check", "dim"))
    with redirect_stdout(Terminal()):
        lines = [*step_title(kata.steps[1], kata), *lights(behaviour, shape)]
        lines += todo(kata.steps[1].todo)
        commands = {"guide": "nbkata guide", "hint": "nbkata hint", "then": "nbkata check"}
        lines += plain.pointers(**commands)
    console.print(text_of(lines))
    return console.export_svg(title="", code_format=SVG, unique_id="lights")


def generated(text: str) -> str:
    """The README with its generated parts as they should be."""
    steps = [
        f"[{step.number} {step.title}](exercises/refactoring/{step.slug}/README.md)"
        for step in kit().kata.steps
    ]
    hours = sum(step.minutes for step in kit().kata.steps) / 60
    pairs = [", ".join(pair) for pair in zip(steps[::2], steps[1::2], strict=True)]
    table = ",\n".join(pairs) + f".\nAbout {hours:.0f} hours in all."
    text = filled(text, "steps", table)
    return filled(text, "help", f"```text\n{overview()}\n```")


def filled(text: str, name: str, content: str) -> str:
    """The text with new content between two markers."""
    start, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    before, rest = text.split(start)
    return before + start + content + end + rest.split(end)[1]


def test_the_generated_parts_are_up_to_date():
    text = README.read_text(encoding="utf-8")
    assert text == generated(text), "run: python tests/kit/test_readme.py"


def test_the_picture_is_what_the_screen_shows():
    assert PICTURE.read_text(encoding="utf-8") == picture(), "run: python tests/kit/test_readme.py"


def test_it_has_at_most_100_lines():
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 100


def test_every_folder_and_file_it_names_is_there():
    named = re.findall(r"`([\w./-]+/)`|\]\(([\w./-]+)\)", README.read_text(encoding="utf-8"))
    places = {first or second for first, second in named} - {"workspace/", ".venv"}
    assert {"notebooks/", "exercises/", "solutions/", "src/", "tests/"} <= places
    inside_src = {"core/", "shell/"}
    missing = [p for p in places - inside_src if not (ROOT / p).exists()]
    assert not missing
    assert all((ROOT / "src" / "nbkata" / "kata" / place).is_dir() for place in inside_src)


def test_every_command_it_names_exists():
    text = README.read_text(encoding="utf-8")
    assert set(re.findall(r"`nbkata (\w+)", text)) <= set(COMMANDS)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    README.write_text(generated(README.read_text("utf-8")), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{Path(README.name)} and {PICTURE.name} are up to date\n")
