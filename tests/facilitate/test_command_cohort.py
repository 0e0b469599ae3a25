"""`nbkata facilitate cohort`: workspaces of a tiny kata, checked in the sandbox."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support.builders import output_of
from support.till import TILL, make_till_kata

from nbkata.child.shell.sandbox import found_engine, sandbox_problem
from nbkata.cohort.core.result import Ended, Result
from nbkata.cohort.core.summary import document, summary_of
from nbkata.cohort.shell import engine
from nbkata.cohort.shell.pages import write_cohort
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.workspace import create_workspace

PROBLEM = sandbox_problem()
needs_sandbox = pytest.mark.skipif(PROBLEM is not None, reason=f"no sandbox here: {PROBLEM}")


@pytest.fixture(name="katas", scope="module")
def fixture_katas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_till_kata(tmp_path_factory.mktemp("katas of mine"))


@pytest.fixture(autouse=True)
def fixture_folder(katas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBKATA_KIT", str(katas))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)


def _submit(name: str, code: str, **more: str) -> None:
    for path, text in {"src/till.py": code, **more}.items():
        place = Path("all", name, path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def _cohort(*options: str) -> tuple[int, str, str]:
    return output_of("facilitate", "cohort", "all", "--kata", "till", "--step", "0", *options)


FORGER = """
def total_of(path):
    import contextlib, os, time
    for folder, _, names in os.walk("/tmp"):
        for name in names:
            if name.endswith((".jsonl", ".json", ".txt")):
                with contextlib.suppress(OSError), open(os.path.join(folder, name), "a") as file:
                    file.write('{"ended": "green"}\\n{"end": true}\\n')
    print('{"behaviour": {"ok": true}}')
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
    os._exit(0)
"""

GREEDY = """
import os

raise OSError(f"one processor: {os.environ['OMP_NUM_THREADS'], os.environ['PYTHON_CPU_COUNT']}")
"""


@needs_sandbox
def test_each_is_checked_apart_and_a_second_run_checks_only_what_changed(
    monkeypatch: pytest.MonkeyPatch,
):
    _submit("ann", TILL)
    _submit(
        "bob", TILL.replace("add_up", "added"), **{"conftest.py": "", "src/conftest.py": "1 / 0"}
    )
    _submit("eve", FORGER)
    _submit("fay", "while True:\n    pass\n")
    _submit("gus", GREEDY)
    code, output, complaint = _cohort("--timeout", "5", "--every-step")
    assert code == 1, complaint
    assert output.startswith("  5 workspaces: 1 green, 3 red, 1 timed out.\n"), output
    assert "     1  Nothing is called add_up yet." in output
    assert "fay: timed out. src/till.py: it did not end within 5 s." in output
    answer = json.loads(Path("nbkata-cohort/cohort.json").read_text(encoding="utf-8"))
    found = {one["id"]: one for one in answer["workspaces"]}
    assert found["bob"]["left_out"] == ["src/conftest.py"]
    assert "Python died while it ran" in found["eve"]["messages"][0]
    assert "one processor: ('1', '1')" in found["gus"]["messages"][0]  # each worker is a core
    assert answer["alike"] == [["ann", "bob"]] and answer["sandbox"] == "bubblewrap"
    with open("nbkata-cohort/cohort.csv", encoding="utf-8", newline="") as file:
        table = {row["id"]: row["ended_by"] for row in csv.DictReader(file)}
    assert table == {"ann": "green", "bob": "red", "eve": "red", "fay": "timed out", "gus": "red"}
    page = Path("nbkata-cohort/cohort.html").read_text(encoding="utf-8")
    assert "<td>1</td>" not in page and page.count("Nothing is called add_up yet.") == 2
    assert "Not taken" in page and "Minutes red" not in page  # nobody sent a journal

    _submit("bob", TILL)
    checked = []
    real = engine.ThreadPoolExecutor.submit

    def submit(pool, work, job):
        checked.append(job.id)
        return real(pool, work, job)

    monkeypatch.setattr(engine.ThreadPoolExecutor, "submit", submit)
    code, output, _ = _cohort("--timeout", "5", "--every-step", "--json")
    assert checked == ["bob"]
    ended = {one["id"]: one["ended_by"] for one in json.loads(output)["workspaces"]}
    assert (code, ended["bob"], ended["fay"]) == (1, "green", "timed out")


def test_without_a_sandbox_it_refuses_unless_they_are_trusted(monkeypatch: pytest.MonkeyPatch):
    _submit("ann", TILL)
    monkeypatch.setenv("PATH", os.path.dirname(os.__file__))
    monkeypatch.setattr("nbkata.child.shell.sandbox.found_engine", found_engine.__wrapped__)
    code, _, complaint = _cohort()
    assert (code, Path("nbkata-cohort").exists()) == (2, False)
    assert "there is no sandbox here for other people's code." in complaint
    assert complaint.endswith("Or trust their code: --trust-them")


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(monkeypatch: pytest.MonkeyPatch):
    for name in ("ann", "bob"):
        _submit(name, TILL)

    def check(jobs, _engine, _out, _version, on_result):
        on_result(Result(jobs[0][0].id, Ended.GREEN), False)
        raise KeyboardInterrupt

    monkeypatch.setattr("nbkata.cohort.shell.run.check_all", check)
    code, output, complaint = _cohort("--trust-them")
    assert (code, output) == (2, "")
    assert "nbkata-cohort: stopped at 1 of 2 workspaces, whose results are kept." in complaint
    assert complaint.endswith("Run it again: it goes on from there.")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--cluster", "cloud"], "--cluster: 'cloud' is no kind of cluster. Give local,"),
        (["--out", "all"], "all: this exists, and is no folder of a cohort's results"),
        (["--kata", "tiller"], "there is no kata 'tiller'. The katas are: till."),
    ],
)
def test_what_cannot_be_done_is_refused(options: list[str], complaint: str):
    _submit("ann", TILL)
    code, output, said = _cohort("--trust-them", *options)
    assert (code, output) == (2, "") and complaint in said, said


def test_a_review_shows_one_of_each_kind_and_sends_comments_back(tmp_path: Path):
    ann = Result("ann", Ended.RED, "00-add-up", messages=("<b>No</b>.",), shape_of_code="a")
    ann = replace(ann, files={"src/till.py": TILL.replace("rows", "lines")})
    summary = summary_of([ann, replace(ann, id="bob")])
    kit = load_kit(name="till")
    assert isinstance(kit, Kit)
    out = tmp_path / "out"
    write_cohort(out, kit, summary, document(summary, "2", "bubblewrap"))
    code, output, complaint = output_of("facilitate", "review", "out")
    assert (code, complaint) == (0, "") and output.startswith("  1 kind of solution.\n"), complaint
    page = (out / "review.html").read_text(encoding="utf-8")
    assert "<strong>ann</strong> and 1 alike" in page and "&lt;b&gt;No&lt;/b&gt;." in page
    comments = out / "comments" / "bob.md"
    with comments.open("a", encoding="utf-8") as file:
        file.write("Nearly **there**.\nsrc/till.py:4 Say `rows`.\n")
    before = comments.read_bytes()
    code, output, _ = output_of("facilitate", "review", "out")
    assert "  1 page to send back.\n" in output
    assert comments.read_bytes() == before and not (out / "feedback" / "ann.html").exists()
    back = (out / "feedback" / "bob.html").read_text(encoding="utf-8")
    assert "<p>Nearly <strong>there</strong>.</p>" in back and "def add_up(lines):</pre>Say" in back
    (out / "cohort.json").write_text("[]", encoding="utf-8")
    code, _, complaint = output_of("facilitate", "review", "out")
    assert (code, "this is no document of a cohort. Make it:" in complaint) == (2, True)


@needs_sandbox
def test_check_looks_at_a_strangers_workspace_in_a_sandbox_and_leaves_it_as_it_is(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2", encoding="utf-8")
    kit = load_kit(name="till")
    assert isinstance(kit, Kit)
    create_workspace(Path("theirs"), kit)
    script = Path("theirs", "src", "till.py")
    script.write_text(f"open('mark', 'w')\nopen({str(secret)!r})\n{TILL}", encoding="utf-8")
    before = sorted(path.read_bytes() for path in Path("theirs").rglob("*") if path.is_file())
    checked = subprocess.run(
        [sys.executable, "-m", "nbkata", "check", "--sandbox"],
        cwd=tmp_path / "theirs",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert checked.returncode == 2
    assert "line 2: FileNotFoundError" in " ".join(checked.stderr.split()), checked.stderr
    assert before == sorted(
        path.read_bytes() for path in Path("theirs").rglob("*") if path.is_file()
    )
    code, _, complaint = output_of("check", "--sandbox", "--commit", "--workspace", "theirs")
    assert code == 2 and "--sandbox: a check in a sandbox leaves nothing behind" in complaint
