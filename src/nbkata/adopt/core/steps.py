"""The generic steps of an adopted notebook, as its own ``kata.toml``."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from nbkata.extract.core.candidate import Candidate


@dataclass(frozen=True, slots=True)
class Generic:
    """One of the steps; its guide and shape test travel with the kit."""

    slug: str
    title: str
    minutes: int
    goal: str
    todo: tuple[str, ...]


STEPS = (
    Generic(
        "00-net",
        "The net holds",
        15,
        "The script does what the notebook did, and the tests pass.",
        (
            "Read PLAN.md.",
            "Run pytest.",
            "Break a number in src/ on purpose; see a test fail; undo.",
        ),
    ),
    Generic(
        "01-noise",
        "Remove the noise",
        20,
        "No print, display or plot is left in src/; the results are the same.",
        (
            "Find what only shows something; nbkata check names the first lines.",
            "Delete a handful, pytest, commit.",
        ),
    ),
    Generic(
        "02-dead-code",
        "Remove the dead code",
        20,
        "All that is computed reaches a result.",
        ("From the results backwards: what do you never meet?", "Delete it, pytest, commit."),
    ),
    Generic(
        "03-first-function",
        "The first function",
        25,
        "One step of the work is a pure function with a unit test.",
        ("Write its test first, in tests/test_features.py.", "Cut its lines out, call it, pytest."),
    ),
    Generic(
        "04-two-more",
        "Two more",
        40,
        "Three steps of the work are pure functions with unit tests.",
        ("Test first, then cut and call, pytest, commit.", "Then the other one."),
    ),
    Generic(
        "05-core-and-shell",
        "A functional core, an imperative shell",
        45,
        "What computes is pure and in modules of its own; one thin file reads and saves.",
        ("Move the functions into modules that say what they are about.", "nbkata purity src"),
    ),
)


def steps_for(functions: int) -> tuple[Generic, ...]:
    """The steps that so many functions are enough for."""
    needed = {"03-first-function": 1, "04-two-more": 3, "05-core-and-shell": 1}
    return tuple(step for step in STEPS if functions >= needed.get(step.slug, 0))


def kata_toml(
    notebook: str,
    module: str,
    has_seam: bool,
    results: Sequence[str],
    functions: Sequence[Candidate],
) -> str:
    """The text of the file; the first functions to extract stand in the steps that ask for them."""
    lines = [
        "# The steps of this workspace, as nbkata adopt wrote them. It is yours: a result that",
        "# interests nobody may leave `results`, a step may get another title or be taken out.",
        "",
        "[kata]",
        f"title = {_text(f'From {notebook} to a functional core')}",
        f"notebook = {_text(f'notebooks/{module}.ipynb')}",
        "shown = []",
        "",
        "[[behaviour]]",
        f"since = {_text(STEPS[0].slug)}",
        f"run = {_text('seam' if has_seam else 'script')}",
        f"file = {_text(f'src/{module}.py')}",
        *(['seam = "run"', 'takes = "data"'] if has_seam else []),
        'golden = "golden.json"',
        f"results = [{', '.join(map(_text, results))}]",
    ]
    for step in steps_for(len(functions)):
        todo = [*_named(step.slug, functions), *step.todo]
        lines += ["", "[[step]]", f"slug = {_text(step.slug)}", f"title = {_text(step.title)}"]
        lines += [f"minutes = {step.minutes}", f"goal = {_text(step.goal)}", "todo = ["]
        lines += [*(f"  {_text(line)}," for line in todo), "]"]
    return "\n".join(lines) + "\n"


def _named(slug: str, functions: Sequence[Candidate]) -> list[str]:
    chosen = functions[:1] if slug == "03-first-function" else functions[1:3]
    if slug not in ("03-first-function", "04-two-more"):
        return []
    return [f"Extract {item.signature}." for item in chosen]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")
