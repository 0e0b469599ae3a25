"""The probe tells values apart that golden-file tools pass over, and nothing else."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier

from nbkata.record.shell import probe
from nbkata.record.shell.record import probe_source


def digest(value: object) -> str:
    return str(probe.Probe().fingerprint(value)["digest"])


DISTINGUISHED = {
    "none, nan, empty text": [
        pd.Series([missing, "x"], dtype=object) for missing in (None, float("nan"), "", pd.NA)
    ],
    "int, float, bool, text": [
        pd.Series([1, 0]),
        pd.Series([1.0, 0.0]),
        pd.Series([True, False]),
        pd.Series(["1", "0"]),
        pd.Series([1, 0], dtype=object),
        pd.Series([1, 0], dtype="Int64"),
        pd.Series([1, 0], dtype="int32"),
    ],
    "text, object, category": [
        pd.Series(["a", "b"]),
        pd.Series(["a", "b"], dtype=object),
        pd.Series(["a", "b"], dtype="category"),
        pd.Series(pd.Categorical(["a", "b"], ["b", "a"])),
        pd.Series(pd.Categorical(["a", "b"], ordered=True)),
    ],
    "scalars": [1, 1.0, True, "1", None, float("nan"), "", np.int64(1), np.float64(1), b"1"],
    "order of columns and rows": [
        pd.DataFrame({"a": [1, 2], "b": [3, 4]}),
        pd.DataFrame({"b": [3, 4], "a": [1, 2]}),
        pd.DataFrame({"a": [2, 1], "b": [4, 3]}),
        pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=[1, 0]),
    ],
    "shapes of an array": [np.zeros((2, 3)), np.zeros((3, 2)), np.zeros(6), np.zeros((1, 2, 3))],
    "sparse": [sparse.csr_matrix([[0, 1]]), sparse.csr_matrix([[1, 0]]), sparse.csc_matrix([[0, 1]])],
    "containers": [[1, 2], [2, 1], (1, 2), {1, 2}, {1: 2}, [[1], 2], [1.0, 2]],
    "numbers whose hashes are equal": [[-1], [-2], [-1.0], [-2.0], [0], [2**61 - 1]],
    "lists of one and one": [[1], [1.0], [True], ["1"], [None], [float("nan")]],
    "neighbours in text": [pd.Series(["ab", "c"], dtype=object), pd.Series(["a", "bc"], dtype=object)],
    "the last bit": [pd.Series([0.1 + 0.2]), pd.Series([0.3])],
}  # fmt: skip


@pytest.mark.parametrize("values", DISTINGUISHED.values(), ids=DISTINGUISHED)
def test_values_that_differ_in_type_or_content_have_different_digests(values: list[object]) -> None:
    assert len({digest(value) for value in values}) == len(values)


def test_a_nans_payload_and_a_zeros_sign_are_no_difference() -> None:
    payload = np.frombuffer(b"\x01\x00\x00\x00\x00\x00\xf8\x7f", dtype=float)
    assert digest(payload) == digest(np.array([np.nan]))
    assert digest(np.array([-0.0])) == digest(np.array([0.0]))


def test_equal_values_have_equal_digests_in_a_process_with_another_hash_seed() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import probe, pandas as pd\n"
        "print(probe.Probe().fingerprint({'a', 'b', 'c'})['digest'],"
        " probe.Probe().fingerprint(pd.DataFrame({'a': ['x', None]}))['digest'])"
    )
    folder = str(Path(probe.__file__).parent)
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, folder],
            env={"PYTHONHASHSEED": seed, "PATH": "", "SYSTEMROOT": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "12"
    }
    frame = pd.DataFrame({"a": ["x", None]})
    assert outputs == {f"{digest({'a', 'b', 'c'})} {digest(frame)}\n"}


def test_a_frame_hashed_in_blocks_has_the_digest_of_one_hashed_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = pd.DataFrame({"a": range(100), "b": ["x", None] * 50})
    whole = digest(frame)
    monkeypatch.setattr(probe, "BLOCK", 7)
    assert digest(frame) == whole


def test_a_long_list_taken_many_at_once_has_the_digest_of_one_taken_item_by_item(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    items = [1, 2.5, -0.0, float("nan"), None, True, "a;b"] * 4
    whole = digest(items), digest(tuple(items))
    taken: list[object] = []
    many = probe._plain_parts  # pylint: disable=protected-access
    monkeypatch.setattr(probe, "BLOCK", 5)
    monkeypatch.setattr(probe, "_plain_parts", lambda part: (taken.append(part), many(part))[1])
    monkeypatch.setattr(probe, "_KNOWN", {})
    assert (digest(items), digest(tuple(items))) == whole
    assert len(taken) == 2


def test_models_differ_by_parameters_and_by_what_they_were_fitted_to() -> None:
    rows = [[0, 1], [1, 0], [1, 1], [0, 0]]

    def forest(random_state: int, target: tuple[int, ...] = (0, 1, 1, 0)) -> RandomForestClassifier:
        return RandomForestClassifier(4, random_state=random_state).fit(rows, target)

    assert digest(forest(1)) == digest(forest(1))
    different = [forest(1), forest(2), forest(1, (1, 1, 0, 0)), DecisionTreeClassifier()]
    assert len({digest(model) for model in different}) == 4


def test_addresses_and_durations_in_a_model_are_not_its_content() -> None:
    texts = ["aa bb", "bb cc"]
    models = [CountVectorizer(stop_words=["aa"]).fit(texts) for _ in range(2)]
    assert digest(models[0]) == digest(models[1])
    search = [
        GridSearchCV(DecisionTreeClassifier(random_state=1), {"max_depth": [1, 2]}, cv=2).fit(
            np.arange(20.0).reshape(10, 2), [0, 1] * 5
        )
        for _ in range(2)
    ]
    assert digest(search[0]) == digest(search[1])


def test_a_model_without_a_seed_says_so() -> None:
    assert probe.Probe().fingerprint(RandomForestClassifier())["unseeded"]
    assert "unseeded" not in probe.Probe().fingerprint(RandomForestClassifier(random_state=1))


def test_recursive_and_hostile_objects_have_a_fingerprint() -> None:
    class Hostile:
        def __repr__(self) -> str:
            raise RuntimeError("no")

        def __getattr__(self, name: str) -> object:
            raise RuntimeError("no")

    circle: list[object] = []
    circle.append(circle)
    for value in (circle, Hostile(), [Hostile()], (item for item in ()), open):
        assert probe.Probe().fingerprint(value)["digest"]


def test_an_answer_holds_only_what_is_new_changed_or_gone() -> None:
    asked = probe.Probe()
    assert set(json.loads(asked.changes({"a": 1, "b": 2}))["names"]) == {"a", "b"}
    answer = json.loads(asked.changes({"a": 1, "b": 3, "c": 4}))
    assert set(answer["names"]) == {"b", "c"}
    assert json.loads(asked.changes({"b": 3, "c": 4}))["gone"] == ["a"]


def test_a_frame_changed_in_place_is_noticed() -> None:
    asked, frame = probe.Probe(), pd.DataFrame({"a": [1, 2]})
    asked.changes({"frame": frame})
    frame.loc[0, "a"] = 9
    assert "frame" in json.loads(asked.changes({"frame": frame}))["names"]


def test_modules_functions_and_private_names_are_no_data() -> None:
    settings = type("RcParams", (dict,), {})()  # matplotlib's: another one with each backend
    namespace = {"np": np, "digest": digest, "_": 1, "In": [], "kept": 1, "settings": settings}
    assert set(json.loads(probe.Probe().changes(namespace))["names"]) == {"kept"}


def test_secrets_and_names_of_people_are_kept_as_digests_only() -> None:
    people = pd.Series([f"Person Number {number}" for number in range(40)])
    answer = probe.Probe().changes({"API_TOKEN": "hunter2", "people": people})
    assert "hunter2" not in answer and "Person" not in answer


def test_the_probe_runs_without_pandas_numpy_or_nbkata() -> None:
    code = f"{probe_source()}\nprint(Probe().changes({{'a': [1, {{2}}]}}))"
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert json.loads(result.stdout)["names"]["a"]["value"] == "[1, {2}]"


def test_functions_of_whatever_type_are_no_data():
    names = {"sin": np.sin, "where": np.where, "cached": cache(len), "one": np.float64(1)}
    told = json.loads(probe.Probe().changes(names))
    assert list(told["names"]) == ["one"]


@pytest.mark.parametrize("one", [0.5, 3, "a", True, None, 1 << 70])
def test_a_long_list_of_plain_values_differs_if_one_value_or_type_does(one: object):
    plain = [one] * 70000
    others = [[*plain[:-1], other] for other in (2, 2.0, "2", False, 1 << 69, "", -0.0)]
    digests = {probe.deep_digest(tuple(items)) for items in (plain, *others)}
    assert len(digests) == 8
    zeros = ([0.0] * 70000, [*[0.0] * 69999, -0.0])
    assert len({probe.deep_digest(tuple(items)) for items in zeros}) == 1
