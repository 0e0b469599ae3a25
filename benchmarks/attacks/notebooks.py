"""Hostile notebooks: whatever is in the file, a command answers with findings or a sentence."""

import json
import os
import random
from collections.abc import Callable, Generator
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

from attacks.trial import Trial

from nbkata.cli import main

ROOT = Path(__file__).parents[2]
COMMANDS = (
    ["smells"],
    ["extract", "--no-run"],
    ["smells", "--format", "json"],
    ["extract", "--json", "--no-run"],
)
VALUES: tuple[Any, ...] = (
    None, True, -1, 1e308, "", "\x1b[2J\x1b]0;t\x07", "\ud800", "[/nope]", "<script>alert(1)</script>",
    [], [[]], {}, {"a": {}}, "%%bash\nrm -rf x", "!ls\n%time x\n", "x = " + "+".join("1" * 900),
    "x = " + "(" * 300, "def f(:\n", "print 'two'", "a\x00b", "#" * 9000, "\u202e", "x\n" * 3000,
    ["import os\n", 5], "f = 1\n\tg = 2", "é = 1 # ☃", "9" * 5000, "class A:\n  x = [y for y in x]",
)  # fmt: skip


def hostile(chance: random.Random, folder: Path) -> Generator[Trial]:
    """The messy notebook with one to four of its parts replaced, or its text torn."""
    text = (ROOT / "notebooks" / "titanic.ipynb").read_text(encoding="utf-8")
    os.chdir(folder)
    path = Path("n.ipynb")
    while True:
        document = json.loads(text)
        cells = chance.sample(document["cells"], 12)
        document["cells"] = cells
        for _ in range(chance.randint(1, 4)):
            _spoil(document, chance)
        content = json.dumps(document)
        if chance.random() < 0.2:
            place = chance.randrange(len(content))
            content = (
                content[:place] + chance.choice(("", "\0", "{", "é" * 50)) + content[place + 9 :]
            )
        path.write_text(content, encoding="utf-8")
        words = chance.choice(COMMANDS)
        yield Trial(faked=_wrong([words[0], str(path), *words[1:]], main))


def _spoil(document: dict[str, Any], chance: random.Random) -> None:
    """Replace one value somewhere in it, or take it away."""
    node: Any = document
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = chance.choice(keys)
        inner = node[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.85:
            node = inner
        elif chance.random() < 0.15:
            del node[key]
            return
        else:
            node[key] = chance.choice(VALUES)
            return


def _wrong(words: list[str], run: Callable[[list[str]], int]) -> str:
    """What is wrong with a command's answer; nothing if it is one."""
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run(words)
    except BaseException as error:  # pylint: disable=broad-exception-caught
        return f"{' '.join(words)}: {type(error).__name__}: {error}"
    said = (out.buffer.getvalue() + err.buffer.getvalue()).decode("utf-8", "replace")
    if code not in (0, 1, 2) or "mistake of its own" in said or "Traceback" in said:
        return f"{' '.join(words)}: exit {code}: {said[-300:]}"
    if "\x1b[2J" in said:
        return f"{' '.join(words)}: an escape reaches the terminal"
    return ""
