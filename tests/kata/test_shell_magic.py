"""`%kata` in a notebook."""

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from support.builders import notebook_of, write_json

from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.kata import Step
from nbkata.kata.core.lights import Light
from nbkata.kata.shell.kit import load_kit
from nbkata.kata.shell.magic import Answer, answer
from nbkata.kata.shell.workspace import Workspace, create_workspace
from nbkata.notebook.core.run import Executed
from nbkata.notebook.shell.run_notebook import run_notebook

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture(name="workspace", scope="module")
def fixture_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """With a notebook of one line."""
    kit = load_kit()
    assert not isinstance(kit, Refusal)
    workspace = create_workspace(tmp_path_factory.mktemp("magic") / "a b é", kit)
    write_json(workspace.path / "notebooks" / "titanic.ipynb", notebook_of("x = 1"))
    return workspace


@pytest.fixture(name="shell")
def fixture_shell(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """IPython as a notebook of the workspace has it."""
    monkeypatch.chdir(workspace.path / "notebooks")
    monkeypatch.setenv("IPYTHONDIR", str(workspace.path.parent / "ipython"))
    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "nbkata")
    return shell


def asked(shell: InteractiveShell, line: str) -> Answer:
    """What the notebook is given for ``%kata line``."""
    answer = shell.run_line_magic("kata", line)
    assert isinstance(answer, Answer)
    return answer


def test_check_shows_both_lights_of_the_saved_notebook_as_a_table(shell: InteractiveShell):
    answer = asked(shell, "check")
    html = answer.html
    assert "<b>00 Run it</b> (step 00 of 14, about 10 minutes)" in html
    assert html.count(">red</td>") == 2
    assert (
        "The saved notebook was not run from top to bottom: cell 0 (x = 1) was never run." in html
    )
    assert "Fix it, save, <code>%kata check</code> again." in html
    assert "<code>%kata hint</code> gives a hint." in html
    assert repr(answer).startswith("00  Run it\nbehaviour red: ")


def test_status_shows_what_check_shows_and_what_to_do(shell: InteractiveShell):
    for line in ("status", ""):
        html = asked(shell, line).html
        assert "<b>00 Run it</b> (step 00 of 14, about 10 minutes)" in html
        assert html.count("<tr>") == 2 and "<ol><li>" in html
        assert (
            "When it is done: save, <code>%kata check</code>." in html
            and "nbkata check" not in html
        )


def test_a_hint_is_rendered_and_names_the_command_for_the_next_one(shell: InteractiveShell):
    first = asked(shell, "hint").html
    assert (
        "<b>Hint 1 of 3: nudge</b>" in first
        and "2 more, each says more than the last: <code>%kata hint</code>" in first
    )
    assert "<ol>\n<li>Restart the kernel" in asked(shell, "hint").html
    assert "The solution: <code>%kata solution 00 --peek</code>" in asked(shell, "hint").html


def test_commands_in_the_answers_of_all_others_work_in_a_notebook(shell: InteractiveShell):
    guide = asked(shell, "guide 05")
    assert "%kata check" in guide.text and "nbkata check" not in guide.text
    assert '<pre role="alert"' in asked(shell, "solution 05").html
    assert "%kata hint says a little; %kata solution 05 --peek says all." in asked(
        shell, "solution 05"
    ).text.replace("\n", " ")


def test_a_word_that_it_does_not_know_is_answered_with_those_it_does(shell: InteractiveShell):
    html = asked(shell, "chekc").html
    assert '<pre role="alert"' in html and "%kata check, %kata hint, %kata status" in html


def test_a_refusal_is_shown_as_an_alert(shell: InteractiveShell):
    html = asked(shell, "check 44").html
    assert '<pre role="alert"' in html and "there is no step &#39;44&#39;" in html


def test_without_a_workspace_it_says_how_to_make_one(shell: InteractiveShell, tmp_path: Path):
    words = asked(shell, f"status --workspace '{tmp_path}'").html.split()
    assert "there is no workspace here. Make one: nbkata start" in " ".join(words)


def test_in_a_kernel_the_answer_is_html(workspace: Workspace):
    document = notebook_of("%load_ext nbkata", "%kata status")
    run = run_notebook(document, workspace.path / "notebooks", timeout_s=120)
    assert isinstance(run, Executed)
    (output,) = run.document["cells"][1]["outputs"]
    assert "<b>00 Run it</b>" in "".join(output["data"]["text/html"])


def test_what_a_learner_wrote_is_shown_and_not_run():
    step = Step("00-run", "Run <it>", 10, "Goal", ())
    lights = (("behaviour", Light(False, ("<script>",))), ("shape", None))
    html = answer(step, step, lights).html
    assert "<script>" not in html and "&lt;script&gt;" in html and "Run &lt;it&gt;" in html
    assert "not yet" in html
    hint = {"tier": 1, "of": 1, "title": "<i>", "text": "<script>alert(1)</script>"}
    assert "<script>" not in answer(step, step, hints=[hint]).html
