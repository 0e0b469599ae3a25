"""The README: its generated parts are up to date, and what it names is there.

`python tests/kit/test_readme.py` writes the generated parts anew; with `--run` the picture comes from a new run.
"""

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from rich.console import Console
from rich.text import Text
from support.builders import ROOT

from nbkata.cli import COMMANDS, overview
from nbkata.kata.commands._step_lines import lights, step_title, todo
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace
from nbkata.terminal import plain
from nbkata.terminal.screen import text_of

README = ROOT / "README.md"
PICTURE = ROOT / ".github" / "two-lights.svg"
# What a real run said: the picture is drawn from it.
RUN = ROOT / ".github" / "two-lights.json"
# At 400 pixels each character has eight of them.
COLUMNS = 48

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


def real_run(folder: Path) -> None:
    """Keep what the first check of a new workspace says, for the picture."""
    workspace = create_workspace(folder / "workspace", kit()).path
    command = [sys.executable, "-m", "nbkata", "check", "--json"]
    done = subprocess.run(command, cwd=workspace, stdout=subprocess.PIPE, check=False)
    RUN.write_text(json.dumps(json.loads(done.stdout), indent=1) + "\n", encoding="utf-8")


def picture() -> str:
    """The screen of step 00's first check, as narrow as a phone can show it."""
    kata, run = kit().kata, json.loads(RUN.read_text(encoding="utf-8"))
    behaviour = Light(run["behaviour"]["ok"], (run["behaviour"]["message"],))
    shape = Light(run["shape"]["ok"], tuple(run["shape"]["messages"]))
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor")
    console.print(Text("$ nbkata check", "dim"))
    with redirect_stdout(Terminal()), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(COLUMNS))
        lines = [*step_title(kata.steps[0], kata), *lights(behaviour, shape)]
        lines += todo(kata.steps[0].todo)
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
    lines = [", ".join(steps[start : start + 3]) for start in range(0, len(steps), 3)]
    table = ",\n".join(lines) + f".\nAbout {hours:.0f} hours in all."
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
    if "--run" in sys.argv:
        with TemporaryDirectory() as place:
            real_run(Path(place))
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    README.write_text(generated(README.read_text("utf-8")), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{Path(README.name)} and {PICTURE.name} are up to date\n")
