"""Step 03: a plain Python script, formatted, with nothing of the notebook left in it."""

import ast
import re
from textwrap import shorten

import black
import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.walk import files_in, visible
from nbkata.notebook.shell.notebook_files import read_python_notebook
from nbkata.shape_tests.shell.shape_checks import the_first

LEFTOVERS = (
    (r"get_ipython\(\)", "calls IPython", "Ask what the line was for; do that in Python, or not."),
    (r"^\s*[%!]", "is a magic line", "Python does not know it: write it in Python, or delete it."),
    (r"^# In\s?\[", "is a cell's number", "Nobody numbers cells any more: delete the line."),
    (
        r"^# %% |^# %%$|^# [+-]$|^# \+ [\[{]",
        "marks a cell",
        "There are no cells any more: delete the line.",
    ),
    (
        r"^#\s+jupyter:\s*$",
        "is the header of a notebook",
        "There is no notebook any more: delete it, from # --- to # ---.",
    ),
    (r"^#\s*(%|!)\w", "is a magic line in a comment", "It does nothing: delete it."),
    (r"^#!", "says how a shell starts it", "Nobody starts it like that: delete the line."),
    (r"^#.*coding[:=]", "names an encoding", "Python reads UTF-8 anyway: delete the line."),
    (
        r"^\s*# \[code smell\]\s*(ipython-only|empty-cell|untitled-notebook)",
        "marks a smell that only a notebook has",
        "What it stood above is gone: delete it.",
    ),
    (
        r"^\s*(from|import) IPython\b",
        "imports what shows cells",
        "A script prints: delete the line, and what needs it.",
    ),
    (
        r"^\s*(os\.)?chdir\([\"']\.\.",
        "steps into another folder",
        "A script is started from the workspace's folder: delete the line.",
    ),
    (r"^# #+ ", "is a heading in Markdown", "Make it a plain comment, or delete it."),
)


def scripts(workspace):
    found = list(files_in(workspace / "src", visible, ".py"))
    assert found, "There is no script in src/ yet. Convert the notebook to src/train.py."
    return found


def test_nothing_of_the_notebook_is_left(workspace):
    found = {}
    for path in scripts(workspace):
        for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
            for pattern, what, fix in LEFTOVERS:
                if re.search(pattern, line):
                    place = f"{path.relative_to(workspace).as_posix()}, line {number}"
                    shown = shorten(line, 60, placeholder=" …")
                    found.setdefault((what, fix), []).append(f"{place} {what} ({shown})")
                    break
    messages = [
        f"{places[0]}{f', and {len(places) - 1} more like it' if places[1:] else ''}. {fix}"
        for (_, fix), places in found.items()
    ]
    assert not messages, the_first(messages)


def test_black_has_nothing_to_do(workspace):
    for path in [*scripts(workspace), *files_in(workspace / "tests", visible, ".py")]:
        text = path.read_text(encoding="utf-8-sig")
        shown = path.relative_to(workspace).as_posix()
        try:
            formatted = black.format_str(text, mode=black.Mode(line_length=100))
        except black.InvalidInput as error:
            raise AssertionError(f"{shown} is not Python yet: {error}. Run it first.") from None
        assert formatted == text, (
            f"{shown} is not formatted. Run: black src tests. Formatted before and after every "
            "step, a diff shows what you changed and nothing else."
        )


def test_the_notebook_is_not_kept_beside_the_script(workspace, kata, request):
    name = kata.notebook.rpartition("/")[2]
    notebooks = list(files_in(workspace, visible, ".ipynb"))
    others = [
        path
        for path in files_in(workspace, visible, ".py")
        if path.relative_to(workspace).parts[0] not in ("src", "tests")
    ]
    old = set()
    if [path for path in notebooks if path.name != name] + others:
        old = lines_of(request.getfixturevalue("notebook_before"))
    copies = [path for path in notebooks if path.name == name or is_copy(notebook_lines(path), old)]
    for path in others:
        text = path.read_text("utf-8", "replace")
        is_converted = re.search(r"^# %%|get_ipython\(", text, re.MULTILINE)
        if path.parent == workspace and is_converted or is_copy(code_lines(text), old):
            copies.append(path)
    shown = ", ".join(path.relative_to(workspace).as_posix() for path in copies)
    assert not copies, (
        f"{shown} {'is' if len(copies) == 1 else 'are'} still there. Two files that say the same drift "
        f"apart, and nobody knows which is true: delete {'it' if len(copies) == 1 else 'them'}. git and "
        "the kit keep the old one."
    )


def is_copy(lines, old):
    """Whether most of the old lines are among them."""
    return len(lines & old) > len(old) / 2


def notebook_lines(path):
    found = read_python_notebook(path)
    return set() if isinstance(found, Refusal) else lines_of(found)


def lines_of(notebook):
    return set().union(*(code_lines(cell.source) for cell in notebook.code_cells))


def code_lines(text):
    """The lines of code, however they are indented and quoted."""
    lines = (line.strip().replace("'", '"') for line in text.splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def test_the_script_shows_its_answer(workspace, kata):
    nodes, prints = nodes_in(workspace), prints_in(workspace)
    assert prints, (
        "The script shows nothing: no value in it is printed, and a name alone on a line is shown by "
        "notebooks only. Print the answer that it is for."
    )
    if any(isinstance(node, ast.FunctionDef) for node in nodes):
        return  # from step 04 on the answer is what the function gives back
    answers = set(kata.shown)
    for node in nodes:  # what is made of the answer, and what goes over it
        if isinstance(node, ast.Assign) and names_in(node.value) & answers:
            answers |= set().union(*map(names_in, node.targets))
        elif isinstance(node, ast.For) and names_in(node.iter) & answers:
            answers |= names_in(node.target)
    assert any(names_in(call) & answers for call in prints), (
        f"The script prints something, but not {kata.shown[0]}: that is the answer that it is for."
    )


def names_in(node):
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def nodes_in(workspace):
    return [
        node
        for path in scripts(workspace)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8-sig")))
    ]


def prints_in(workspace):
    """The calls of print that show more than words."""
    return [
        node
        for node in nodes_in(workspace)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
        and not all(isinstance(argument, ast.Constant) for argument in node.args)
    ]


def test_no_name_is_alone_on_a_line(workspace):
    if not prints_in(workspace):
        pytest.skip("said by the test before")
    for path in scripts(workspace):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8-sig"))):
            assert not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Name), (
                f"{path.relative_to(workspace).as_posix()}, line {node.lineno}: {node.value.id} alone on "
                "a line shows nothing in a script. Print it, or delete the line."
            )
