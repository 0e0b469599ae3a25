"""Adopting: what is decided from the runs, and what is written from that."""

import importlib
import json
import sys
import tomllib
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier
from support.builders import notebook_of, write_json
from support.smell_builders import notebook as smelly

from nbkata.adopt.core.adoption import Adoption

from nbkata.adopt.core.blocked import Blocked, Obstacle
from nbkata.adopt.core.fixes import fixed_sources
from nbkata.adopt.core.obstacles import changed_library, stopped_by
from nbkata.adopt.core.path_plan import Copy
from nbkata.adopt.core.paths import PathUse, Use
from nbkata.adopt.core.plan import plan_text
from nbkata.adopt.core.proof import by_cell, last_statements, without_rows
from nbkata.adopt.core.results import results_of
from nbkata.adopt.core.script import Script
from nbkata.adopt.core.sentences import in_and_out, order, strength_line
from nbkata.adopt.core.steps import STEPS, kata_toml, steps_for
from nbkata.adopt.core.tasks import gate, tasks_text
from nbkata.adopt.core.translate import Translated
from nbkata.adopt.shell.plan_page import plan_page
from nbkata.adopt.shell.data_files import copy_data, find_files
from nbkata.adopt.shell import measuring, proving
from nbkata.adopt.shell.measuring import FEWEST_MUTANTS, MOST_BUSY, affordable, busy
from nbkata.adopt.shell.origin import Origin, read_origin
from nbkata.adopt.shell.pipeline import AdoptRequest, _looked, adopt_into
from nbkata.adopt.shell.proving import MOVES, _held, _results, _seam
from nbkata.adopt.shell.runs import Ran
from nbkata.adopt.shell.workspace import put_in_place
from nbkata.characterize.core.characterize import Plan, Source
from nbkata.characterize.core.characterize import test_file as file_of
from nbkata.common.core.refusal import Refusal
from nbkata.extract.core.codegen import function_source
from nbkata.extract.shell.run import read_flow
from nbkata.extract.core.candidate import Candidate
from nbkata.kata.core.kata import Kata, kata_from_toml
from nbkata.notebook.core.run import Stopped, StopReason
from nbkata.notebook.shell.notebook_files import read_notebook
from nbkata.record.core.record import Column, Fingerprint, Kind, Record, Stage, Unsteady
from nbkata.record.shell.probe import Probe
from nbkata.smells.core.find import smells_in_notebook
from nbkata.smells.core.finding import Finding, Smells
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.wall import notes_of
from nbkata.smells.shell.catalogue import read_catalogue
from nbkata.strength.core.strength import MutantResult, MutantStatus, Strength, of_what_runs

SCRIPT = Script("x = 1\ny = 2\n# %% cell 3\nz = 3\n", ((1, 0), (4, 3)))


def scalar(digest, value="1", kind=Kind.SCALAR, of="int"):
    """A fingerprint."""
    return Fingerprint(kind, of, digest, value=value)


def test_the_scripts_stages_are_the_notebooks_cells():
    assert last_statements(SCRIPT) == (2, 4)
    ran = Record("s.py", (Stage(2, "", {"x": scalar("a")}), Stage(4, "", {"z": scalar("b")})))
    answer = by_cell(ran, SCRIPT, [(0, "d0"), (2, "d2"), (3, "d3")])
    assert [(stage.cell, list(stage.names)) for stage in answer.stages] == [
        (0, ["x"]),
        (2, []),
        (3, ["z"]),
    ]


def test_a_record_without_rows_keeps_numbers_and_no_text_and_masks_personal_columns():
    columns = (
        Column("Name", "str", "d", low="Ann", high="Zoe"),
        Column("Age", "int64", "e", low="1"),
    )
    names = {"t": scalar("a", "'text'", of="str"), "n": scalar("b", "3"),
             "df": Fingerprint(Kind.FRAME, "DataFrame", "c", (2, 2), columns)}  # fmt: skip
    last = without_rows(Record("n", (Stage(0, "", names),))).last
    assert (last["t"].value, last["n"].value) == ("", "3")
    assert [column.low for column in last["df"].columns] == ["", "1"]


def test_results_are_what_a_run_ends_with_but_for_loops_secrets_and_chance():
    last = {
        "df": scalar("a", kind=Kind.FRAME, of="DataFrame"),
        "backup": scalar("a", kind=Kind.FRAME, of="DataFrame"),
        "i": scalar("b"),
        "api_key": scalar("c"),
        "score": scalar("d", "0.9", of="float"),
        "started": scalar("e", "9.0", of="float"),
        "best": scalar("f"),
        "fig": scalar("g", kind=Kind.OBJECT, of="Figure"),
    }
    causes = {"score": "random numbers without a seed", "started": "the clock"}
    found = results_of(last, causes, {"i"}, {"backup", "best"})
    assert found.names == ("best", "df") and found.random == ("score",)
    assert set(found.left_out) == {"api_key", "score", "started", "fig"}
    assert found.left_out["fig"] == "only its type, Figure, is known"


def test_dates_are_results_unless_they_are_of_the_day_on_which_it_is_run():
    dates = {
        name: Fingerprint(Kind.OBJECT, kind, "d", value=shown)
        for name, kind, shown in [
            ("planted", "Timestamp", "Timestamp('2016-10-01 00:00:00')"),
            ("season", "timedelta", "datetime.timedelta(days=243)"),
            ("today", "date", "datetime.date(2026, 11, 27)"),
            ("month", "DateOffset", "<DateOffset: months=1>"),
        ]
    }
    cell = Translated(0, "planted = pd.to_datetime('1-oct-2016')\ntoday = date.today()\n")
    record = Record("", (Stage(0, "", dates),))
    looked = Adoption("a", "a.ipynb", "Jupyter", (), 1, 1, (cell,), ())
    found = _results(looked, record, record)
    assert found.names == ("planted", "season")
    assert found.left_out["today"] == "differs between runs: the clock"


def net_of(**options: Any) -> str:
    """The tests of an adopted notebook."""
    script, here = PurePosixPath("../src/sales.py"), PurePosixPath("..")
    plan = Plan(Source.FUNCTION, script, here, ("a",), (), function="run", keeps_rows=False)
    return file_of(replace(plan, **options))


def test_the_generated_tests_need_nothing_of_nbkata_and_only_what_they_use():
    text = net_of(left_out={"b": "may be a secret"})
    compile(text, "test_characterization.py", "exec")
    assert "import nbkata" not in text and "import runpy" not in text and "<<" not in text
    assert "#   b: may be a secret" in text and "stays_in_its_range" not in text
    seeded = net_of(source=Source.SCRIPT, ranges={"r": (0.0, 1.0)}, is_seeded=True)
    compile(seeded, "test_characterization.py", "exec")
    assert "        seed_all()\n        names = runpy" in seeded and "stays_in_its_range" in seeded


PERSON = """class Person:
    def __init__(self, name, friends):
        self.name, self.friends, self._seen = name, friends, object()

def run():
    return {"ann": Person("Ann", [Person("Bob", {3, 1})]), "nobody": object()}
"""


@pytest.mark.parametrize("keeps_rows", [True, False])
def test_an_instance_of_the_notebooks_own_class_is_held_by_its_public_attributes(
    tmp_path, monkeypatch, keeps_rows: bool
):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "sales.py").write_text(PERSON, encoding="utf-8")
    here = {"__name__": "__main__"}
    exec(PERSON, here)  # pylint: disable=exec-used
    monkeypatch.chdir(tmp_path)
    recorded = [json.loads(Probe().changes(here["run"]()))["names"]]
    text = net_of(values=("ann",), has_instances=True, keeps_rows=keeps_rows)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "generated.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "tests")
    tests: Any = importlib.import_module("generated")
    results, _ = tests.run()
    recorded.append(json.loads(Probe().changes(results))["names"])
    before, digest = tests.as_value(results["ann"]), recorded[0]["ann"]["digest"]
    same = tests.as_value(here["run"]()["ann"])
    results["ann"].friends[0].friends.add(2)
    after, other = tests.as_value(results["ann"]), json.loads(Probe().changes(results))["names"]
    del sys.modules["generated"], sys.modules["sales"]
    assert recorded[0] == recorded[1] and other["ann"]["digest"] != digest
    assert (other["ann"]["kind"], other["nobody"]["kind"]) == ("instance", "object")
    assert before == same != after and set(before) == {"type", "name", "friends"}


@pytest.mark.parametrize(
    "values",
    [
        pd.date_range("2026-01-01", periods=3, tz="Europe/Berlin"),
        pd.Series([1, None, 3], dtype="Int64"),
        pd.Series([0.5, None], dtype="Float64"),
        pd.Series([True, None], dtype="boolean"),
        pd.Series(["a", None], dtype="category"),
        pd.period_range("2026-01", periods=2, freq="M"),
        pd.interval_range(0, 3),
        pd.to_timedelta([1, 2], unit="s"),
        np.array([1 + 2j, 3]),
        np.array(["a", None], dtype=object),
    ],
    ids=lambda values: str(values.dtype),
)
def test_every_type_of_column_has_facts_that_tell_one_change(values):
    net: dict[str, Any] = {"__file__": __file__}
    exec(net_of(), net)  # pylint: disable=exec-used # as pytest imports it
    sums, none, other = (
        net["as_sums"](values),
        net["as_sums"](values[:-1]),
        net["as_sums"](values[1:]),
    )
    assert json.loads(json.dumps(sums)) == sums
    assert sums != none
    told = "sum" if isinstance(values, np.ndarray) else list(sums)[-1]
    assert other[told] != none[told]


def test_the_steps_are_a_kata_that_reads_back():
    functions = [Candidate("f", "value", (), (), (), ())] * 3
    text = kata_toml('my "sales".ipynb', "sales", True, ["df", "score"], functions)
    kata = kata_from_toml(tomllib.loads(text), "kata.toml")
    assert isinstance(kata, Kata)
    assert [step.slug for step in kata.steps] == [step.slug for step in STEPS]
    assert (
        kata.behaviours[0].seam == "run"
        and kata.title == 'From my "sales".ipynb to a functional core'
    )


@pytest.mark.parametrize(("functions", "last"), [(0, "02"), (1, "05"), (2, "05"), (3, "05")])
def test_no_step_asks_for_more_functions_than_were_found(functions: int, last: str):
    slugs = [step.slug for step in steps_for(functions)]
    assert slugs[-1].startswith(last) and ("04-two-more" in slugs) == (functions == 3)


def test_after_a_seed_the_results_are_approved():
    lines = list(order(replace(blocked_adoption(), seeds=("cell 4, line 1: seed it.",))))
    assert "cell 4, line 1: seed it; then approve the results that it gives" in lines[1]


def test_an_empty_notebook_gets_no_order_and_nothing_about_a_core():
    empty = Blocked(Obstacle.EMPTY, "it has no code cells.", "Name a notebook with code in it.")
    nothing = replace(blocked_adoption(), checklist=(empty,), reason=str(empty))
    for text in (plan_text(nothing), plan_page(nothing)):
        assert "functional core" not in text and "The order to pay" not in text
    assert "functional core" not in plan_text(blocked_adoption())
    assert plan_text(nothing).splitlines()[2:] == [
        "**It cannot be adopted**: it has no code cells.",
        "",
        "Name a notebook with code in it.",
    ]


def test_the_plan_points_only_to_files_that_are_there_by_commands_that_a_shell_takes():
    held = replace(blocked_adoption(), checklist=(), reason="", reproduces=True)
    assert "\n## Next\n\n    python src/n.py\n\n---" in plan_text(held)
    stops = plan_text(replace(blocked_adoption(), notebook="My notes.ipynb"))
    assert '\n    nbkata adopt "My notes.ipynb"\n' in stops
    own = plan_text(replace(held, asserts=2))
    assert "\n## Next\n\n    pytest\n\n---" in own
    assert "- Its own asserts are tests now: 2 tests in tests/test_n.py." in own


def test_the_plan_promises_only_first_tests_that_run(tmp_path):
    cells = ["import pandas as pd", "df = pd.read_csv('a.csv')\nn = 3"]
    cells += ["df = df.drop(columns=['Deck'])", "df['Old'] = df['Age'] > 64", "print(df.head())"]
    cells += ["m = [n * i for i in range(n)]\nlast = max(m) + n", "print(last)"]
    flow = read_flow(write_json(tmp_path / "n.ipynb", notebook_of(*cells)))
    assert not isinstance(flow, Refusal)
    planned = replace(blocked_adoption(), flow=flow)
    for text in (plan_text(planned), plan_page(planned)):
        assert "= ..." not in text and "assert list(result.columns) ==" in text
    code = plan_text(planned).partition("## The functions in code")[2]
    assert "`nbkata adopt --with-examples` writes it, with rows of the data." in code
    assert "call it with `n` so small that you know what comes out; assert that." in code


def test_what_its_owner_decides_by_comes_first_and_the_same_is_said_once(tmp_path):
    found = tuple(
        Finding("n.ipynb", n, 1, 1, Smell.NOT_IDEMPOTENT, f"twice {n}") for n in (0, 0, 1, 2, 2)
    )
    cells = [
        "import pandas as pd",
        "df = pd.read_csv('a.csv')",
        "df['Old'] = df['Age'] > 64",
        "print(df)",
    ]
    flow = read_flow(write_json(tmp_path / "n.ipynb", notebook_of(*cells)))
    assert not isinstance(flow, Refusal)
    smells = Smells("n.ipynb", found)
    wall = tuple(notes_of([smells], read_catalogue()))
    text = plan_text(replace(blocked_adoption(), flow=flow, smells=smells, wall=wall))
    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert titles == [
        "What is missing",
        "The order to pay them",
        "The first functions to extract",
        "What to watch out for",
        "Next",
        "Its debts",
        "The functions in code",
        "What it is",
    ]
    assert "- **Hidden state**, cell 0, line 1: twice 0. Likewise cells 1, 2.\n" in text


def test_every_generic_step_has_its_guide_its_hints_and_its_shape_test():
    folder = Path(__file__).parents[2] / "exercises" / "adopted"
    for step in STEPS:
        assert {path.name for path in (folder / step.slug).iterdir()} >= {
            "README.md",
            "hints.md",
            "test_shape.py",
        }
        head = (folder / step.slug / "README.md").read_text(encoding="utf-8").splitlines()
        assert (
            head[0] == f"# {step.slug[:2]} {step.title}"
            and head[2] == f"About {step.minutes} minutes."
        )


def blocked_adoption():
    """Of a notebook that lacks a package."""
    missing = Blocked(Obstacle.PACKAGE, "the package <b> is not installed.", "pip install b", 3, 1)
    return Adoption("n", "n.ipynb", "Colab", (), 4, 3, (), (missing,), reason=str(missing))


def test_the_plan_of_what_does_not_run_is_a_checklist_with_commands():
    text = plan_text(blocked_adoption())
    assert (
        "**It does not run here yet.** cell 3, line 1: the package \\<b> is not installed." in text
    )
    assert (
        "- [ ] cell 3, line 1: the package \\<b> is not installed.\n      `pip install b`" in text
    )
    assert "Make it run" in text


def survivor(line: int, seen_by: str) -> MutantResult:
    return MutantResult("src/n.py", line, "number", "-a\n+b", MutantStatus.SURVIVED, seen_by)


def test_the_gate_names_each_missing_assertion_once_and_opens_at_80_per_cent():
    adoption = replace(blocked_adoption(), reason="", results=("x",))
    assert gate(blocked_adoption()).startswith("There is no net yet: cell 3, line 1: the package")
    assert "is not measured. Measure it first: nbkata strength --target src/n.py" in gate(adoption)
    caught = (replace(survivor(1, ""), status=MutantStatus.CAUGHT),) * 7
    weak = Strength((*caught, survivor(2, "x moved"), survivor(3, "x moved"), survivor(4, "")), 1.0)
    weak = replace(adoption, strength=weak)
    assert gate(weak) == (
        "Your net catches 70 % of the planted changes: let nobody refactor under it, person or "
        "machine, before it has 2 more assertions:"
    )
    text = tasks_text(weak)
    assert "- [ ] src/n.py, line 3: x moved\n- [ ] src/n.py, line 4: no test runs this line" in text
    assert "    nbkata strength --target src/n.py --fail-under 80\n" in text
    strong = replace(adoption, strength=Strength((*caught, survivor(2, "x moved")), 1.0))
    assert gate(strong).endswith("88 % of the planted changes: strong enough to refactor under.")
    assert "[ ]" not in tasks_text(strong)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("df['Old'] = df.Age > df.Old", "Columns Old in, Old out."),
        ("df['Old'] = other + 64", "In: df, other. Columns out: Old."),
    ],
)
def test_a_frame_is_never_called_a_column_that_goes_in(tmp_path, code, told):
    head = "import pandas as pd\ndf = pd.read_csv('a.csv')\nother = pd.read_csv('b.csv')"
    path = write_json(tmp_path / "n.ipynb", notebook_of(head, code, "print(df)"))
    flow = read_flow(path)
    assert not isinstance(flow, Refusal)
    assert in_and_out(flow.candidates[0]).startswith(told)


def test_the_plan_offers_no_function_for_what_it_calls_dead(tmp_path):
    cells = ["import pandas as pd", "df = pd.read_csv('a.csv')", "df['Deck'] = df['Cabin'].str[0]"]
    cells += ["df = df.drop(columns=['Deck'])", "df['Old'] = df['Age'] > 64", "print(df.head())"]
    path = write_json(tmp_path / "n.ipynb", notebook_of(*cells))
    flow, smells = read_flow(path), smells_in_notebook(read_notebook(path))
    assert not isinstance(flow, Refusal)
    dead = {finding.cell for finding in smells.findings if finding.symbol is Smell.DEAD_CODE}
    assert dead == {2}
    functions = {item.name: set(item.cells) for item in flow.candidates}
    assert functions == {"add_old": {4}, "drop_deck": {3}}
    text = plan_text(replace(blocked_adoption(), smells=smells, flow=flow))
    assert "add_old" in text and "add_deck" not in text


@pytest.mark.parametrize(
    ("line", "function"),
    [
        ("new = df.assign(p=lambda d: d.q * d.u).groupby('q').sum()", "compute_new(df)"),
        ("r = model.residuals(df)\nr = r.join(df.drop(columns=['q']))", "compute_r(df)"),
        ("df = df.assign(p=lambda d: d.q * d.u)", "add_p(df)"),
    ],
)
def test_a_frame_that_is_made_or_only_read_is_not_one_that_goes_in_and_comes_out(
    line: str, function: str, tmp_path: Path
):
    cells = ["import pandas as pd\nfrom m import model", "df = pd.read_csv('a.csv')"]
    name = line.partition(" ")[0]
    cells += [line, f"print({name}, df)"]
    flow = read_flow(write_json(tmp_path / "n.ipynb", notebook_of(*cells)))
    assert not isinstance(flow, Refusal)
    (found,) = flow.candidates
    assert found.signature == function and found.returns == (name,)


def test_a_function_makes_a_new_array_where_the_notebook_changed_its_own(tmp_path: Path):
    cells = ["import numpy as np", "X = np.loadtxt('a.csv')\nn = 3"]
    cells += ["X -= min(X) + n\nX *= n or 1\ntop = max(X)", "print(X, top)"]
    flow = read_flow(write_json(tmp_path / "n.ipynb", notebook_of(*cells)))
    assert not isinstance(flow, Refusal)
    (found,) = flow.candidates
    source = function_source(found, flow.code)
    assert "    X = X - (min(X) + n)\n    X = X * (n or 1)\n    return X\n" in source


@pytest.mark.parametrize(("shows", "noise"), [(False, 1), (True, 0)])
def test_what_a_lesson_shows_is_no_debt_of_its_plan(shows: bool, noise: int, tmp_path):
    (tmp_path / "notebooks").mkdir()
    cells = ["import pandas as pd", "df = pd.read_csv('a.csv')", "df.head()\nprint(df)"]
    write_json(tmp_path / "notebooks" / "n.ipynb", notebook_of(*cells))
    looked = _looked(blocked_adoption(), tmp_path, "n", shows)
    smells = [note.smell for note in looked.wall]
    assert smells.count(Smell.PRINT_NOISE) == noise and Smell.HARD_CODED_PATH in smells


def test_what_leaks_or_makes_the_score_untrue_is_paid_first():
    found = [
        Finding("n.ipynb", cell, 1, 1, smell, "…")
        for smell in (
            Smell.PRINT_NOISE,
            Smell.NO_FUNCTIONS,
            Smell.DATA_LEAKAGE,
            Smell.SECRET_IN_CODE,
        )
        for cell in range(12 if smell is Smell.PRINT_NOISE else 1)
    ]
    smells = Smells("n.ipynb", tuple(found))
    wall = tuple(notes_of([smells], read_catalogue()))
    lines = list(order(replace(blocked_adoption(), smells=smells, wall=wall)))
    assert lines[1].startswith("First of all") and "data-leakage (cell 0)" in lines[1]
    assert "secret-in-code (cell 0)" in lines[1]
    assert lines[2:4] == [
        "The low-hanging fruit: print-noise.",
        "Worthy investments, one at a time: no-functions.",
    ]


def test_a_seeds_own_full_stop_is_not_repeated():
    seeds = ("cell 4, line 1: draw from a generator of your own.",)
    assert "of your own; then approve" in plan_text(replace(blocked_adoption(), seeds=seeds))


def test_a_net_that_nothing_could_move_is_not_called_strong():
    runs = replace(blocked_adoption(), checklist=(), reason="", strength=Strength((), 1.0, 50))
    assert "None of 50 planted changes changed a result." in plan_text(runs)
    assert "100 %" not in plan_page(runs)


def mutants(**counts):
    """A measurement with so many of each status."""
    statuses = [MutantStatus(name) for name, count in counts.items() for _ in range(count)]
    return Strength(tuple(MutantResult("n.py", 1, "", "", one) for one in statuses), 1.0)


def test_a_share_of_few_mutants_is_called_what_it_is_and_those_that_do_not_count_are_counted():
    runs = replace(blocked_adoption(), checklist=(), reason="")
    few = plan_text(replace(runs, strength=mutants(caught=9, equal=11, stopped=2)))
    assert "The net caught 9 of 9 planted changes (too few to judge by)" in few
    assert "not counted: 11 that changed nothing recorded, 2 that stopped the code" in few
    assert "100 %" not in plan_page(replace(runs, strength=mutants(caught=9)))
    assert "(90 %)" in plan_text(replace(runs, strength=mutants(caught=18, survived=2)))


def test_one_of_anything_is_not_called_several():
    alone = replace(mutants(caught=1, stopped=1), flakes=1, runs=1)
    runs = replace(blocked_adoption(), checklist=(), reason="", code_cells=1, strength=alone)
    assert "It runs: 1 code cell in" in plan_text(runs) and "1 code cell<" in plan_page(runs)
    assert "1 that stopped the code; unchanged, it failed 1 time in 1 run." in plan_text(runs)


def test_the_plan_tells_what_the_tests_do_not_hold_and_why():
    runs = replace(blocked_adoption(), checklist=(), reason="", results=("df",))
    assert "## What the tests do not hold" not in plan_text(runs)
    left = {"fig": "only its type, Figure, is known", "key": "may be a secret"}
    text = plan_text(
        replace(runs, left_out=left, unheld=("cell 2, line 1: printed in a function",))
    )
    held = text[text.index("## What the tests do not hold") :]
    assert (
        "- `fig`: only its type, Figure, is known." in held and "- `key`: may be a secret." in held
    )
    assert "- cell 2, line 1: printed in a function." in held


def test_changed_results_and_lost_writes_are_on_the_first_tile():
    lost = Finding("n.ipynb", 3, 2, 1, Smell.CHAINED_ASSIGNMENT, "…")
    cells = (Translated(2, "print(score)"), Translated(4, "print(luck)"))
    runs = replace(
        blocked_adoption(),
        checklist=(),
        reason="",
        smells=Smells("n.ipynb", (lost,)),
        translated=cells,
        changed=((2, "0.81 is now 0.79"), (4, "1 is now 2")),
        unsteady=(Unsteady(4, "luck", "", "random numbers without a seed"),),
    )
    assert "**Changed since it was saved**: cell 2: 0.81 is now 0.79." in plan_text(runs)
    assert "**Lost writes**: cell 3, line 2: under copy-on-write" in plan_text(runs)
    tile = plan_page(runs).partition("<li")[2].partition("</li>")[0]
    assert "0.81 is now 0.79" in tile and "Lost writes" in tile and "1 is now 2" not in tile


def test_how_long_a_search_took_is_no_result_of_it():
    net: dict[str, Any] = {"__file__": __file__}
    exec(net_of(), net)  # pylint: disable=exec-used # as pytest imports it
    table, target = np.arange(40.0).reshape(20, 2), np.arange(20) > 9
    tree = DecisionTreeClassifier(random_state=1)
    search = GridSearchCV(tree, {"max_depth": [1, 2]}, cv=2).fit(table, target)
    value = net["as_value"](search)
    assert "refit_time_" not in value and "best_score_" in value


def test_the_page_escapes_what_it_shows():
    page = plan_page(blocked_adoption())
    assert "the package &lt;b&gt; is not installed" in page and "<b>" not in page


HOMES = {
    "cells.py": ("# %%\nx = 1\n\n# %% [markdown]\n# # T\n\n# %%\ny = 2\n", "VS Code cells", 2),
    "n.md": ("# T\n\n```python\nx = 1\n```\n", "Markdown (jupytext)", 1),
    "d.py": (
        "# Databricks notebook source\n# MAGIC %md\n# MAGIC # T\n\n# COMMAND ----------\n\nx = 1\n",
        "Databricks",
        1,
    ),
}


@pytest.mark.parametrize("name", HOMES)
def test_a_notebook_is_read_from_where_it_lives(tmp_path, name):
    text, kind, code_cells = HOMES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    home = read_origin(tmp_path / name)
    assert isinstance(home, Origin)
    assert (home.kind, len(home.notebook.code_cells)) == (kind, code_cells)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ipynb", b"{", "not JSON"),
        ("b.ipynb", b'{"nbformat": 4, "metadata": {}, "cells": 1}', "no list of cells"),
        ("c.ipynb", b"", "empty"),
        ("d.py", b"\xff\xfe", "not UTF-8"),
        ("e.jl", b"x = 1", "this is Julia"),
        ("f.ipynb", None, "no such file"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    refused = read_origin(tmp_path / name)
    assert isinstance(refused, Refusal) and message in str(refused)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"kernelspec": {"name": "ir", "language": "R"}}, "this notebook is in R,"),
        ({"kernelspec": {"name": "julia-1.9", "language": "julia"}}, "this notebook is in Julia,"),
    ],
)
def test_a_notebook_in_another_language_is_refused_and_nothing_is_written(
    tmp_path, document, reason
):
    notebook = {**notebook_of("x <- 1"), "metadata": document}
    path = write_json(tmp_path / "n.ipynb", notebook)
    (tmp_path / "out").mkdir()
    refused = adopt_into(AdoptRequest(path), tmp_path / "out", lambda _: None)
    assert isinstance(refused, Refusal) and refused.what.startswith(reason)
    assert not list((tmp_path / "out").iterdir())


def test_data_is_found_by_the_end_of_its_path_and_copied(tmp_path):
    home, given = tmp_path / "home", tmp_path / "given" / "titanic"
    home.mkdir()
    given.mkdir(parents=True)
    (given / "train.csv").write_text("a\n1\n", encoding="utf-8")
    use = PathUse("../input/titanic/train.csv", "../input/titanic/train.csv", 0, 1, Use.READ)
    found, folders = find_files([use], home, [given.parent])
    assert found == {use.text: str((given / "train.csv").resolve())} and not folders
    copy_data([Copy(found[use.text], "data/train.csv")], tmp_path / "work", None)
    assert (tmp_path / "work" / "data" / "train.csv").read_text(encoding="utf-8") == "a\n1\n"


def test_a_sample_of_rows_is_spread_evenly_and_keeps_quoted_lines_whole(tmp_path):
    rows = "".join(f'{n},"two\nlines"\n' for n in range(10))
    (tmp_path / "a.csv").write_text("n,t\n" + rows, encoding="utf-8", newline="")
    notes = copy_data([Copy(str(tmp_path / "a.csv"), "data/a.csv")], tmp_path / "work", 5)
    text = (tmp_path / "work" / "data" / "a.csv").read_text(encoding="utf-8")
    assert text == "n,t\n" + "".join(f'{n},"two\nlines"\n' for n in range(0, 10, 2))
    assert notes == ["data/a.csv holds every 2. row of 10."]


def test_a_result_that_moves_with_nothing_changed_is_held_no_more(monkeypatch):
    red = "tests/t.py::test_value_is_as_approved[b] fails before anything was changed (Failed: …)."
    moved = ("test_table_is_as_approved[c]", "test_random_result_stays_in_its_range[luck]")
    flaky = Strength((), 1.0, flakes=2, runs=20, flaky=tuple(f"t.py::{one}" for one in moved))
    told = iter((red, flaky, Strength((), 1.0, runs=20)))
    monkeypatch.setattr(proving, "_with_net", lambda adoption, *_: (adoption, 1.0))
    monkeypatch.setattr(proving, "_with_functions", lambda adoption, *_: adoption)
    monkeypatch.setattr(proving, "measured", lambda *_: next(told))
    context = SimpleNamespace(say=print, started=0, building="", stages=None)
    ranges = {"luck": (0.0, 1.0), "chance": (0.0, 1.0)}
    held = replace(blocked_adoption(), results=("a", "b", "c"), ranges=ranges)
    record = Record("n", ())
    built = _held(held, Ran(record), record, context)
    assert built.adoption.results == ("a",) and built.adoption.strength.runs == 20
    assert built.adoption.left_out == {"b": MOVES, "c": MOVES, "luck": MOVES}
    assert [*built.adoption.ranges] == ["chance"]


def test_the_seam_returns_what_is_held_by_a_range_as_well(tmp_path):
    (tmp_path / "data").mkdir()
    held = replace(blocked_adoption(), results=("a",), ranges={"luck": (0.0, 1.0)})
    context = SimpleNamespace(building=tmp_path, titles={})
    code = _seam(held, [Translated(0, "a, luck = 1, draw()")], context)
    assert '"a": a,' in code.replace("'", '"') and '"luck": luck,' in code.replace("'", '"')


def test_a_machine_that_others_keep_busy_is_given_more_time(monkeypatch):
    computed = iter(range(1000))
    monkeypatch.setattr(measuring.time, "thread_time", lambda: next(computed) * 0.01)
    for waited, slower in ((0.1, 1), (0.3, 3), (60, MOST_BUSY)):
        clock = iter((5, 5 + waited))
        monkeypatch.setattr(measuring.time, "perf_counter", lambda clock=clock: next(clock))
        assert busy() == pytest.approx(slower)


def test_quick_tests_are_run_often_and_slow_ones_leave_time_for_the_script_alone():
    assert affordable(50, 0.2, 2) == (20, 200)
    runs, mutants = affordable(60, 2, 2)
    assert runs == 15 and 10 < mutants < 50
    assert affordable(60, 20, 2)[1] < FEWEST_MUTANTS


def test_the_document_is_what_design_promises():
    answer = json.loads(json.dumps(blocked_adoption().as_json("out")))
    assert {"runs", "reason", "script_reproduces", "strength", "out"} <= set(answer)
    assert (answer["runs"], answer["script_reproduces"], answer["strength"]) == (False, None, None)


def test_tags_and_links_of_the_notebooks_own_texts_are_text_in_the_plan():
    hostile = replace(
        blocked_adoption(),
        notebook="<img src=x>\n# [mine](http://x).ipynb",
        reason="KeyError: ['a'] `[b]` <script>\n```",
        reads=("a`<b>`.csv",),
    )
    text = plan_text(hostile)
    assert "# The plan for \\<img src=x> # \\[mine](http://x).ipynb\n" in text
    assert "KeyError: \\['a'] `[b]` \\<script> ```" in text
    assert "| Reads | `a'<b>'.csv` |" in text
    assert "\n- [ ] " in text


OLD_NET = {
    "tests/test_characterization.py": "old = 1\n",
    "tests/approve.py": "import test_characterization\n",
    "tests/golden/results.json": "{}",
}


@pytest.mark.parametrize("is_mine", [False, True])
def test_a_workspace_with_an_older_net_gets_the_new_one_whole_or_keeps_its_own(
    tmp_path: Path, is_mine: bool
):
    def laid_out(folder: Path, files: dict[str, str]) -> Path:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8")
        return folder

    out = tmp_path / "out"
    assert put_in_place(laid_out(tmp_path / "first", OLD_NET), out) == ()
    net = out / "tests" / "test_characterization.py"
    (out / "tests" / "test_mine.py").write_text("x = 1\n", encoding="utf-8")
    if is_mine:
        net.write_text("mine = 1\n", encoding="utf-8")
    new = {"tests/test_characterization.py": "new = 1\n", "tests/golden/values.json": "{}"}
    kept = put_in_place(laid_out(tmp_path / "second", new), out)
    assert kept == (("tests/test_characterization.py",) if is_mine else ())
    assert net.read_text(encoding="utf-8") == ("mine = 1\n" if is_mine else "new = 1\n")
    older = [(out / name).exists() for name in ("tests/approve.py", "tests/golden/results.json")]
    assert older == [is_mine] * 2
    assert (out / "tests" / "test_mine.py").is_file()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("km = rides.resample('M').sum()", "km = rides.resample('ME').sum()"),
        ("km = rides.asfreq('6H')", "km = rides.asfreq('6h')"),
        ("km = rides.fillna(method='ffill')", "km = rides.ffill()"),
        ("from sklearn.cross_validation import KFold", "from sklearn.model_selection import KFold"),
        ("for name, km in rides.iteritems(): pass", "for name, km in rides.items(): pass"),
        ("pd.scatter_matrix(rides)", "pd.plotting.scatter_matrix(rides)"),
        ("plt.hist(rides['km'], normed=True)", "plt.hist(rides['km'], density=True)"),
        (
            "cars = pd.DataFrame.from_csv('cars.csv')",
            "cars = pd.read_csv('cars.csv', index_col=0, parse_dates=True)",
        ),
        ("by = rides.groupby('a', axis='columns')", ""),  # no machine knows what was meant
        ("names = ['M', 'H']; names.sort()", ""),
    ],
)
def test_what_a_library_changed_is_fixed_where_the_cure_is_mechanical(old, new):
    head = "import pandas as pd\nimport matplotlib.pyplot as plt\nrides = pd.read_csv(source)"
    document = smelly(head, old)
    fixed = fixed_sources(document, smells_in_notebook(document, "a.ipynb").findings)
    assert fixed == ({1: new} if new else {})


def test_the_plan_says_with_what_a_function_is_called_again():
    calls = tuple(f"column={name!r}" for name in "bcdef")
    item = Candidate("fill_column", "column", (), (3,), ("df",), ("df",), "df", calls=calls)
    told = in_and_out(item)
    assert "Called again with column='b'; with column='c'; with column='d'; and 2 more." in told


def test_the_reason_names_the_change_of_the_library_and_the_way_to_its_diff():
    lines = "frame = pd.DataFrame.from_csv(\n    'cars.csv',\n)"
    document = smelly("import pandas as pd", lines)
    blocked = Blocked(Obstacle.OUTDATED, "AttributeError: no attribute 'from_csv'", "Look.", 1, 1)
    told = changed_library(blocked, smells_in_notebook(document, "a.ipynb").findings)
    assert told.what == "pandas.DataFrame.from_csv is gone since pandas 1.0."
    assert told.command == "Write pd.read_csv. nbkata adopt --fix shows the change as a diff."


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("pd.to_datetime(t['day'], format='%Y/%m/%d')", "match its format to the last blank"),
        ("pd.to_datetime(t['day'])", "all dates of a column have the format of its first one"),
    ],
)
def test_a_date_that_does_not_match_is_explained_by_the_format_that_is_given(line, told):
    detail = 'ValueError: time data " 2020/04/10" doesn\'t match format "%Y/%m/%d"'
    stopped = Stopped(StopReason.RAISED, 3, detail, 2)
    assert told in stopped_by(stopped, text=line).what


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("NameError: name 'dbutils' is not defined", "Databricks gives that name"),
        ("FileNotFoundError: '../input/titanic/train.csv'", "(a folder of Kaggle's)"),
        ("FileNotFoundError: '/content/drive/MyDrive/train.csv'", "(a folder of Colab's)"),
        ("FileNotFoundError: '/dbfs/FileStore/train.csv'", "(a folder of Databricks')"),
    ],
)
def test_names_and_folders_of_other_places_are_explained(detail, told):
    stopped = Stopped(StopReason.RAISED, 3, detail, 1)
    assert told in stopped_by(stopped).what


def test_changes_in_code_that_the_notebook_never_runs_are_set_apart_and_counted():
    kinds = [MutantStatus.CAUGHT] * 30 + [MutantStatus.SURVIVED] + [MutantStatus.UNSEEN] * 9
    tested = tuple(MutantResult("src/n.py", 1, "constant", "", kind) for kind in kinds)
    found = of_what_runs(Strength(tested, 1.0, 40))
    assert (found.caught, found.total, found.as_json()["not_counted"]["never_run"]) == (30, 31, 9)
    line = strength_line(replace(blocked_adoption(), strength=found))
    assert "caught 30 of 31" in line and "9 more in code that the notebook never runs" in line
