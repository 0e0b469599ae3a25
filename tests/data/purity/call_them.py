"""Calls every function of the two lists once, as tests would."""

import asyncio
import functools
import logging
import random

import impure
import numpy as np
import pandas as pd
import pure
import pytest
from sklearn.linear_model import LogisticRegression


def frame():
    return pd.DataFrame(
        {
            "Name": list("abcdef"),
            "Age": [22.0, 38.0, np.nan, 70.0, 4.0, 31.0],
            "Parch": [0, 1, 0, 2, 1, 0],
            "Sex": ["m", "f", "m", "f", "m", "f"],
            "Title": ["Mr", "Mlle", "Mr", "Mme", "Master", "Miss"],
        }
    )


def numbers():
    return np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0]]), np.array([0, 0, 1, 1])


def rows():
    return [{"Name": "a", "Age": 3, "Sex": "f"}, {"Name": "b", "Age": 5, "Sex": "m"}]


FRAME_ALONE = """adds_a_column edits_an_alias fills_in_place drops_in_place deletes_a_column
pops_a_column inserts_a_column renames_the_columns writes_attrs edits_before_the_copy
edits_through_a_helper edits_through_a_lambda edits_through_pipe prints prints_by_info logs
draws_a_sample plots prints_for_each changes_pandas""".split()


@pytest.mark.parametrize("name", FRAME_ALONE)
def test_impure_on_a_frame(name, capsys):
    getattr(impure, name)(frame())


def test_impure_on_other_things(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    impure.edits_one_of_two(frame(), frame())
    impure.edits_on_one_path(frame(), False)
    impure.edits_a_view(np.array([1.0, 2.0, 3.0]))
    impure.edits_an_array_in_place(np.array([1.0, 2.0]))
    impure.writes_to_out(np.array([1.0, 2.0, -1.0]))
    impure.sorts_a_list(["b", "a"])
    impure.appends_to_a_list(["b"], "a")
    impure.edits_a_nested_list({"columns": ["Sex"]})
    impure.edits_the_elements(rows())
    impure.shuffles_by_another_name(list("abcdefgh"))
    impure.keeps_in_a_mutable_default("a")
    features, target = numbers()
    impure.fits_its_argument(LogisticRegression(), features, target)
    impure.fits_inside_a_pipeline(LogisticRegression(), features, target)
    impure.sets_parameters(LogisticRegression())
    impure.counts_in_a_global()
    impure.caches_in_a_global("a")
    impure.makes_a_counter()()
    impure.counts_on_itself("a")
    impure.writes_to_stderr("a")
    with pytest.warns(UserWarning):
        impure.warns(70)
    frame().to_csv("a.csv")
    impure.reads_a_table("a.csv")
    impure.reads_text("a.csv")
    impure.writes_a_table(frame(), "b.csv")
    impure.writes_json([1], "c.json")
    impure.dumps_a_model({"a": 1}, "d.joblib")
    impure.looks_for_a_file("a.csv")
    impure.reads_the_environment()
    impure.changes_the_environment("a")
    impure.reads_the_clock(1912)
    impure.times_itself([1, 2])
    impure.splits_by_chance(list(range(30)), list(range(30)))
    impure.seeds_the_world([1])
    impure.draws_numbers(2)
    impure.draws_from_a_global(2)
    impure.draws_from_its_argument(np.random.default_rng(0), 2)
    impure.draws_without_a_seed(2)
    impure.trains_by_chance(features, target)
    impure.makes_an_id("a")
    impure.runs_a_program()
    impure.asks_a_database("select 1")
    with pytest.raises(SystemExit):
        impure.ends_the_program(3)
    impure.advances_an_iterator(iter([1, 2]))
    impure.depends_on_hash_order(list("abcdefghijkl"))
    encoder = impure.Encoder(["Age"])
    encoder.learn(frame())
    encoder.count()
    impure.Encoder.names("a")
    impure.edits_what_a_cache_keeps("a", "Age")
    impure.edits_lists_in_cells(pd.DataFrame({"Name": ["a b"], "Cabins": [["C1"]]}))
    impure.looks_innocent(3)
    list(impure.yields_and_prints([1, 2]))
    asyncio.run(impure.waits_and_prints([1]))
    random.seed()
    logging.getLogger("impure")


FRAME_PURE = """copies_first copies_into_another_name assigns pipes edits_a_selection_of_its_own
edits_what_drop_returns reads_a_constant bins writes_csv_as_text writes_to_a_buffer converts_only
iterates_rows edits_groups asks_for_attributes has_an_untouched_default""".split()


@pytest.mark.parametrize("name", FRAME_PURE)
def test_pure_on_a_frame(name):
    getattr(pure, name)(frame())


def test_pure_on_other_things():
    pure.edits_a_deep_copy({"columns": ["Sex"]})
    pure.collects_in_a_list(rows())
    pure.counts_in_a_dict(["a", "b", "a"])
    pure.groups_in_a_defaultdict(rows())
    pure.counts_with_a_counter(["a", "b"])
    pure.sorts_a_copy(["b", "a"])
    pure.sorts(["b", "a"])
    pure.reuses_a_name_in_a_comprehension(["b", "a"], None)
    pure.comprehends(rows())
    pure.copies_a_constant({"Ms": "Miss"})
    pure.makes_a_closure_over_constants(1, 3)
    pure.counts_in_its_own_closure([1, 2])
    list(pure.generates(rows()))
    list(pure.chains_generators(rows()))
    pure.adds_up([1, 2])
    pure.steps(3)
    pure.works_on_an_array_copy(np.array([1.0, -2.0]))
    pure.edits_a_new_array(3)
    pure.reads_from_a_text("a,b\n1,2\n")
    pure.joins_paths("a", "b.txt")
    pure.parses_json('{"Age": 3}')
    pure.samples_with_a_seed(frame(), 1)
    pure.splits_with_a_seed(list(range(9)), list(range(9)))
    pure.draws_with_a_seed(2, 1)
    pure.shuffles_its_own_list(list("abcdef"), 1)
    features, target = numbers()
    pure.fits_a_clone(LogisticRegression(), features, target)
    pure.fits_its_own_model(features, target)
    pure.fits_a_seeded_forest(features, target, 1)
    pure.merges(frame(), frame())
    pure.partitions("a=b")
    pure.raises(4)
    with pytest.raises(ValueError):
        pure.raises(-1)
    pure.remembers(4)
    pure.recurses(4)
    pure.rebinds_the_default(["a"])
    pure.matches({"name": "a", "age": 1})
    pure.matches([1, 2, 3])
    pure.walks_with_walrus("a=b")
    pure.unpacks((1, 2), 3, x=4)
    pure.flattens([[1], [2]])
    ticket = pure.Ticket.from_text(" A5 ").with_number("B6")
    assert ticket.deck == "B"
    assert pure.Ticket("A", ["C1", "B2"]).decks() == ["B", "C"]
    pure.Binner([3, 1])([2])
    pure.Binner([3, 1]).labelled([2])
    pure.silences_within(2)
    pure.returns_a_text_that_was_printed(2)
    pure.pairs([1], [2])
    pure.means_by(frame().groupby("Sex"))
    pure.walks_a_table_of_partials("11", {"binary": functools.partial(int, base=2)})
    asyncio.run(pure.awaits(rows()))
