"""The messy notebook is as messy as promised, runs alike everywhere, and its bugs are there."""

import ast
import base64
import csv
import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from nbkata.notebook.core.run import Executed
from nbkata.notebook.shell.run_notebook import run_notebook

ROOT = Path(__file__).parents[2]
CSV = ROOT / "notebooks" / "data" / "titanic.csv"
MESSY = ROOT / "notebooks" / "titanic.ipynb"
CHECKPOINTS = ROOT / "solutions" / "refactoring"
RUN = CHECKPOINTS / "00-run" / "notebooks" / "titanic.ipynb"
WITHOUT_NOISE = CHECKPOINTS / "01-remove-noise" / "notebooks" / "titanic.ipynb"
PLANTED = ROOT / "tests" / "data" / "planted_smells.toml"

SCORES = [
    *("acc_svc", "acc_knn", "acc_gaussian", "acc_perceptron"),
    *("acc_sgd", "acc_decision_tree", "acc_random_forest"),
]

GATHER = f"""
import json as _json
_results = _json.dumps({{
    "X": X.to_dict("list"),
    "X_train": {{**X_train.to_dict("list"), "row": X_train.index.tolist()}},
    "X_test": {{**X_test.to_dict("list"), "row": X_test.index.tolist()}},
    "dtypes": [str(_dtype) for _dtype in X_train.dtypes],
    "Y_train": Y_train.tolist(), "Y_test": Y_test.tolist(), "Y_pred": Y_pred.tolist(),
    "models": models.to_dict("list"), "mean_fare": mean_fare,
    "scores": dict(zip({SCORES!r}, [float(_s) for _s in [{", ".join(SCORES)}]])),
    "forest_is_last": bool((clf.predict(X_test) == Y_pred).all()) and type(clf).__name__,
}})
"""

SMELLS = """
print-noise display-noise plot-noise personal-data-shown exposed-internals duplicate-code
duplicate-responsibility magic-number vague-name dead-code unused-import scattered-import
wildcard-import commented-out-code hidden-state ipython-only hard-coded-path unseeded-randomness
global-seed mutated-shared-frame data-leakage no-functions long-cell overloaded-name deprecated-api
chained-assignment row-iteration nan-equality merge-unkeyed result-discarded blanket-except
blanket-warning-filter not-idempotent not-scaled chosen-by-test-score secret-in-code
untitled-notebook empty-cell
"""


def _document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _code_cells(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in document["cells"] if cell["cell_type"] == "code"]


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _cell(document: dict[str, Any], name: str) -> dict[str, Any]:
    (cell,) = (cell for cell in document["cells"] if cell["id"] == name)
    return dict(cell)


def _texts(cell: dict[str, Any]) -> list[str]:
    """What the cell shows as text, tables as plain text and as HTML; pictures left out."""
    bundles = [out.get("data", {"text": out.get("text")}) for out in cell.get("outputs", [])]
    return [
        "".join(content)
        for bundle in bundles
        for kind, content in sorted(bundle.items())
        if kind.startswith("text")
    ]


# NumPy sorts with what the processor has, and equal values come in another order then. This is what a
# processor without AVX2 and AVX-512 does; the proof of step 00 runs the same cells with all it has.
OLD_PROCESSOR = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}


def _results(path: Path, folder: Path, data: str, **environment: str) -> dict[str, Any]:
    """The notebook's results, run with its CSV at ``data`` in an empty project ``folder``."""
    document = _document(path)
    (folder / "notebooks").mkdir()
    (folder / data).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(CSV, folder / data)
    last = max(
        number
        for number, cell in enumerate(document["cells"])
        if cell["cell_type"] == "code" and _source(cell).strip()
    )
    answers: list[str] = []
    run = run_notebook(
        document,
        folder / "notebooks",
        environment=environment,
        after_cell=lambda n, ask: answers.append(ask(GATHER, "_results")) if n == last else None,
    )
    assert isinstance(run, Executed), run
    return {**json.loads(ast.literal_eval(answers[0])), "document": run.document}


@pytest.fixture(name="messy", scope="module")
def _messy() -> dict[str, Any]:
    return _document(MESSY)


@pytest.fixture(name="runs", scope="module")
def _runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The messy notebook in the kit's layout, and the one of step 01 in a workspace's."""
    kit, workspace = tmp_path_factory.mktemp("kit"), tmp_path_factory.mktemp("workspace")
    return [
        _results(MESSY, kit, "notebooks/data/titanic.csv", PYTHONHASHSEED="1", **OLD_PROCESSOR),
        _results(WITHOUT_NOISE, workspace, "data/titanic.csv", PYTHONHASHSEED="2"),
    ]


@pytest.fixture(name="results", scope="module")
def _results_of_the_mess(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return runs[0]


@pytest.fixture(name="passengers", scope="module")
def _passengers() -> list[dict[str, str]]:
    with CSV.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_it_is_long(messy: dict[str, Any]) -> None:
    assert len(_code_cells(messy)) >= 60
    assert MESSY.stat().st_size < 1_500_000


def test_it_plots_at_least_eight_times(messy: dict[str, Any]) -> None:
    pictures = [out for cell in _code_cells(messy) for out in cell["outputs"] if "data" in out]
    assert sum("image/png" in out["data"] for out in pictures) >= 8


def test_passengers_are_on_the_screen_by_name(messy: dict[str, Any]) -> None:
    shown = "".join(text for cell in _code_cells(messy) for text in _texts(cell))
    for name in ("Allison, Miss. Helen Loraine", "Sage,", "Icard, Miss. Amelie"):
        assert name in shown


def test_cells_have_readable_ids(messy: dict[str, Any]) -> None:
    ids = [cell["id"] for cell in messy["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{1,30}", name) for name in ids)


def test_execution_counts_are_those_of_a_long_session(messy: dict[str, Any]) -> None:
    counts = [cell["execution_count"] for cell in _code_cells(messy) if _source(cell).strip()]
    assert len(set(counts)) == len(counts)
    assert counts[:3] == [192, 2, 3]  # step 00's guide points at them
    steps_back = sum(later < earlier for earlier, later in zip(counts, counts[1:], strict=False))
    assert 3 <= steps_back <= 8
    assert max(counts) > len(counts)


def test_saved_outputs_hold_nothing_of_the_machine(messy: dict[str, Any]) -> None:
    paths = [str(Path.home()), str(ROOT), "/home/", "/Users/", "/tmp/", "/root/", ":\\"]
    for cell in _code_cells(messy):
        for text in _texts(cell):
            assert not [path for path in paths if path in text], cell["id"]
            assert not re.search(r"\b0x[0-9a-f]{6,}", text), cell["id"]


def test_nothing_goes_to_stderr_or_fails(messy: dict[str, Any]) -> None:
    for cell in _code_cells(messy):
        for out in cell["outputs"]:
            assert out["output_type"] != "error" and out.get("name", "stdout") == "stdout"


def _lasting(run: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in run.items() if name != "document"}


def test_results_are_the_same_without_noise_in_another_layout_and_with_another_hash_seed(
    runs: list[dict[str, Any]],
) -> None:
    assert _lasting(runs[0]) == _lasting(runs[1])


def test_a_fresh_run_shows_what_was_saved(messy: dict[str, Any], results: dict[str, Any]) -> None:
    for saved, fresh in zip(messy["cells"], results["document"]["cells"], strict=True):
        assert _texts(saved) == _texts(fresh), saved["id"]


def test_a_fresh_run_has_all_pictures_and_draws_them_small(
    messy: dict[str, Any], results: dict[str, Any]
) -> None:
    saved, fresh = (
        [_widths(cell) for cell in _code_cells(document)]
        for document in (messy, results["document"])
    )
    assert list(map(len, saved)) == list(map(len, fresh)) and sum(map(len, saved)) > 10
    assert 2 * sum(map(sum, fresh)) < sum(map(sum, saved))


def _widths(cell: dict[str, Any]) -> list[int]:
    """Of its pictures, in pixels: each begins with a signature and a head of fixed length."""
    pictures = [
        out["data"]["image/png"] for out in cell["outputs"] if "image/png" in out.get("data", {})
    ]
    return [int.from_bytes(base64.b64decode("".join(picture))[16:20]) for picture in pictures]


def test_results_are_the_ones_that_the_kata_pins(results: dict[str, Any]) -> None:
    pinned = json.dumps(_lasting(results), sort_keys=True)
    digest = hashlib.sha256(pinned.encode()).hexdigest()
    assert (
        digest == "12e07d601a8daaf1b99b2b2d537d5e2ac59ea9e560f1990d1bdb2fdef652cefc"
    ), "the notebook's results moved; if that is meant, every checkpoint moves with it"


def test_no_row_is_lost_and_no_gap_is_left(results: dict[str, Any]) -> None:
    assert {len(column) for column in results["X"].values()} == {1309}
    assert len(results["Y_train"]) + len(results["Y_test"]) == 1309
    assert results["dtypes"] == ["int64"] * 8


def test_seven_models_are_trained_and_the_forest_is_last(results: dict[str, Any]) -> None:
    assert sorted(results["scores"].values()) == sorted(results["models"]["Score"])
    assert len(set(results["models"]["Model"])) == 7
    assert results["forest_is_last"] == "RandomForestClassifier"


def test_no_two_models_tie_so_that_the_table_has_one_order(results: dict[str, Any]) -> None:
    scores = results["models"]["Score"]
    assert scores == sorted(set(scores), reverse=True)


def test_every_model_that_draws_has_its_own_seed(messy: dict[str, Any]) -> None:
    sources = "\n".join(_source(cell) for cell in _code_cells(messy))
    models = re.findall(
        r"^clf = (?:SVC|Perceptron|SGD|DecisionTree|RandomForest)\w*\(.*", sources, re.MULTILINE
    )
    assert len(models) == 5
    assert all("random_state=" in model for model in models)
    assert "test_size=0.2, random_state=42" in sources


def test_pinned_bug_scores_are_taken_on_the_training_rows(
    messy: dict[str, Any], results: dict[str, Any]
) -> None:
    hits = [p == y for p, y in zip(results["Y_pred"], results["Y_test"], strict=True)]
    on_unseen_rows = round(100 * statistics.mean(hits), 2)
    assert results["scores"]["acc_random_forest"] > on_unseen_rows + 5
    sources = "\n".join(_source(cell) for cell in _code_cells(messy))
    assert sources.count("clf.score(X_train, Y_train)") == 7


def test_pinned_bug_ages_are_banded_before_the_gaps_are_filled(
    passengers: list[dict[str, str]], results: dict[str, Any]
) -> None:
    def is_a_miss(passenger: dict[str, str]) -> bool:
        return any(f", {title}. " in passenger["Name"] for title in ("Miss", "Mlle", "Ms"))

    known = [float(p["Age"]) for p in passengers if is_a_miss(p) and p["Age"]]
    assert 20 < statistics.mean(known) <= 40  # filled first, they would fall into band 2
    unknown = [n for n, p in enumerate(passengers) if is_a_miss(p) and not p["Age"]]
    assert {results["X"]["Age"][n] for n in unknown} == {1}


def test_pinned_bug_ages_over_64_keep_their_raw_value(
    passengers: list[dict[str, str]], results: dict[str, Any]
) -> None:
    old = [(n, float(p["Age"])) for n, p in enumerate(passengers) if float(p["Age"] or 0) > 64]
    assert len(old) == 13
    assert [results["X"]["Age"][n] for n, _ in old] == [int(age) for _, age in old]


def _fares_per_head(passengers: list[dict[str, str]], cap: float = float("inf")) -> list[float]:
    fares = [float(p["Fare"]) if p["Fare"] else None for p in passengers]
    median = statistics.median(fare for fare in fares if fare is not None)
    return [
        min(median if fare is None else fare, cap) / (int(p["SibSp"]) + int(p["Parch"]) + 1)
        for fare, p in zip(fares, passengers, strict=True)
    ]


def test_pinned_bug_a_mean_is_used_after_its_fares_changed(
    passengers: list[dict[str, str]], results: dict[str, Any]
) -> None:
    per_head = _fares_per_head(passengers)
    whole_tickets = statistics.mean(float(p["Fare"]) for p in passengers if p["Fare"])
    assert results["mean_fare"] == pytest.approx(whole_tickets)
    assert results["X"]["Expensive"] == [int(fare > whole_tickets) for fare in per_head]
    assert results["X"]["Expensive"] != [int(f > statistics.mean(per_head)) for f in per_head]


def test_pinned_bug_the_capped_fare_is_not_capped(
    messy: dict[str, Any], passengers: list[dict[str, str]], results: dict[str, Any]
) -> None:
    assert re.search(r"max +512\.329200", _texts(_cell(messy, "fare-cap"))[0])
    uncapped, capped = _fares_per_head(passengers), _fares_per_head(passengers, cap=300)
    over_200 = [n for n, fare in enumerate(uncapped) if fare > 200]
    assert [n for n, band in enumerate(results["X"]["Fare"]) if band == 5] == over_200
    assert [n for n, fare in enumerate(capped) if fare > 200] != over_200


def _nbval(folder: Path) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--nbval", "notebooks/"],
        cwd=folder,
        env={**clean, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONHASHSEED": "3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def _copy_of_the_repository(folder: Path) -> Path:
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _edit(cell: dict[str, Any], part: str, old: str, new: str) -> None:
    text = json.dumps(cell[part])
    assert text.count(old) >= 1
    cell[part] = json.loads(text.replace(old, new, 1))


# They define nothing that is used below.
PLOTS = {
    "plot-sex-class",
    "everything",
    "plot-age-survived",
    "plot-age-sex",
    "plot-corr",
    "plot-pairs",
}


@pytest.fixture(name="nbval", scope="module")
def _nbval_reports(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, str, list[str]]]:
    """nbval's words on the notebook as committed, and on one with two numbers edited, and the names of
    its code cells: those that plot most are left out of it.
    """
    sound = _copy_of_the_repository(tmp_path_factory.mktemp("sound"))
    edited = _copy_of_the_repository(tmp_path_factory.mktemp("edited"))
    document = _document(edited / "notebooks" / "titanic.ipynb")
    cells = {cell["id"]: cell for cell in document["cells"]}
    _edit(cells["survived"], "outputs", "809", "808")
    _edit(cells["bands"], "source", "df['Age'] <= 12", "df['Age'] <= 13")
    last = [cell["id"] for cell in document["cells"]].index("band-counts")  # that is looked at
    document["cells"] = [c for c in document["cells"][: last + 1] if c["id"] not in PLOTS]
    text = json.dumps(document)
    (edited / "notebooks" / "titanic.ipynb").write_text(text, encoding="utf-8")
    both = [_nbval(sound), _nbval(edited)]
    names = [cell["id"] for cell in _code_cells(document)]
    yield both[0].communicate(timeout=300)[0], both[1].communicate(timeout=300)[0], names


def test_nbval_is_green_and_collects_the_notebook_alone(
    nbval: tuple[str, str, list[str]], messy: dict[str, Any]
) -> None:
    assert f" {len(_code_cells(messy))} passed in " in nbval[0], nbval[0]


def test_nbval_is_red_where_a_saved_number_or_a_number_in_the_code_was_edited(
    nbval: tuple[str, str, list[str]],
) -> None:
    numbers = {name: str(number) for number, name in enumerate(nbval[2])}
    failed = set(re.findall(r"^FAILED .*::Cell (\d+)", nbval[1], re.MULTILINE))
    assert numbers["survived"] in failed, nbval[1]
    assert numbers["band-counts"] in failed
    assert not {numbers["head"], numbers["describe"], numbers["cuts"]} & failed


def test_step_00_is_the_same_notebook_after_restart_and_run_all(messy: dict[str, Any]) -> None:
    run = _document(RUN)
    counts = [cell["execution_count"] for cell in _code_cells(run) if _source(cell).strip()]
    assert counts == list(range(1, len(counts) + 1))
    assert [_uncounted(cell) for cell in run["cells"]] == [_uncounted(c) for c in messy["cells"]]


def _uncounted(cell: dict[str, Any]) -> dict[str, Any]:
    outputs = [{**out, "execution_count": None} for out in cell.get("outputs", [])]
    return {**cell, "execution_count": None, "outputs": outputs}


def test_step_01_only_takes_lines_and_cells_away(messy: dict[str, Any]) -> None:
    lines = {cell["id"]: iter(_source(cell).splitlines()) for cell in messy["cells"]}
    ids = iter(cell["id"] for cell in messy["cells"])
    for cell in _document(WITHOUT_NOISE)["cells"]:
        assert cell["id"] in ids  # consumes: the order is kept as well
        for line in _source(cell).splitlines():
            assert line in lines[cell["id"]], (cell["id"], line)


def test_step_01_shows_nothing_but_the_table_of_models() -> None:
    document = _document(WITHOUT_NOISE)
    assert [cell["id"] for cell in _code_cells(document) if cell["outputs"]] == ["models"]
    sources = "\n".join(_source(cell) for cell in _code_cells(document))
    noise = r"print\(|plt|sns|\.head\(|\.tail\(|\.sample\(|\.info\(|\.describe\(|%matplotlib"
    assert not re.findall(noise, sources)


def test_hidden_state_is_planted_where_a_cell_was_run_after_one_below_it_and_right_below_such_a_cell(
    messy: dict[str, Any],
) -> None:
    counted = [(c["id"], c["execution_count"]) for c in _code_cells(messy) if _source(c).strip()]
    later = {
        name
        for place, (name, count) in enumerate(counted)
        if any(below < count for _, below in counted[place + 1 :])
    }
    below = {name for (_, before), (name, count) in pairwise(counted) if count < before}
    planted = tomllib.loads(PLANTED.read_text(encoding="utf-8"))["smell"]
    assert later | below == {smell["id"] for smell in planted if smell["symbol"] == "hidden-state"}


def test_every_smell_of_the_catalogue_is_planted_where_the_table_says(
    messy: dict[str, Any],
) -> None:
    planted = tomllib.loads(PLANTED.read_text(encoding="utf-8"))["smell"]
    for smell in planted:
        assert messy["cells"][smell["cell"]]["id"] == smell["id"]
        assert smell["reason"]
    assert {smell["symbol"] for smell in planted} == set(SMELLS.split())
    places = [(smell["cell"], smell["symbol"]) for smell in planted]
    assert len(set(places)) == len(places)


def _browser() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def test_printed_it_fills_35_pages(tmp_path: Path) -> None:
    browser = _browser()
    if browser is None:
        pytest.skip("no Chromium or Chrome on the PATH to print the notebook with")
    from nbconvert import HTMLExporter  # pylint: disable=import-outside-toplevel
    from pypdf import PdfReader  # pylint: disable=import-outside-toplevel

    offline = HTMLExporter(mathjax_url="", require_js_url="")
    html, _ = offline.from_filename(str(MESSY))
    page, pdf = tmp_path / "titanic.html", tmp_path / "titanic.pdf"
    page.write_text(html, encoding="utf-8")
    flags = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
    command = [browser, *flags.split(), f"--user-data-dir={tmp_path / 'user'}"]
    subprocess.run(
        [*command, f"--print-to-pdf={pdf}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert len(PdfReader(pdf).pages) >= 35
