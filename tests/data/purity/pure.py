"""Functions that are pure, though some look as if they were not."""

# pylint: skip-file
import contextlib
import copy
import functools
import io
import itertools
import json
import math
import os
import random
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TITLES = {"Mlle": "Miss", "Mme": "Mrs"}
BINS = [0, 16, 32, 48, 64]


def copies_first(df):
    df = df.copy()
    df["Alone"] = df["Parch"] == 0
    return df


def copies_into_another_name(df):
    result = df.copy()
    result.loc[result["Age"] > 64, "Age"] = 64
    result.drop(columns=["Parch"], inplace=True)
    del result["Sex"]
    return result


def assigns(df):
    return df.assign(Alone=lambda table: table["Parch"] == 0)


def _double(df, column):
    return df.assign(**{column: df[column] * 2})


def pipes(df):
    return df.pipe(_double, "Age").pipe(_double, column="Parch")


def edits_a_selection_of_its_own(df):
    old = df[df["Age"] > 20].copy()
    old["Age"] = 20
    return old


def edits_what_drop_returns(df):
    rest = df.drop(columns=["Sex"])
    rest["Age"] = 0
    rest.pop("Parch")
    return rest


def edits_a_deep_copy(config):
    config = copy.deepcopy(config)
    config["columns"].append("Age")
    return config


def collects_in_a_list(rows):
    ages = []
    for row in rows:
        ages.append(row["Age"])
    ages.sort()
    return ages


def counts_in_a_dict(names):
    counts = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts


def groups_in_a_defaultdict(rows):
    groups = defaultdict(list)
    for row in rows:
        groups[row["Sex"]].append(row["Age"])
    return dict(groups)


def counts_with_a_counter(names):
    counter = Counter()
    counter.update(names)
    return counter.most_common(1)


def sorts_a_copy(names):
    names = list(names)
    names.sort()
    return names


def sorts(names):
    return sorted(names, key=lambda name: name.lower())


def reuses_a_name_in_a_comprehension(names, df):
    return [df.upper() for df in names]


def comprehends(rows):
    return {row["Name"]: [age for age in (row["Age"], 1)] for row in rows}


def reads_a_constant(df):
    return df["Title"].replace(TITLES)


def copies_a_constant(extra):
    titles = TITLES.copy()
    titles.update(extra)
    return titles


def makes_a_closure_over_constants(low, high):
    def clip(value):
        return min(max(value, low), high)

    return clip(5)


def counts_in_its_own_closure(values):
    total = 0

    def add(value):
        nonlocal total
        total += value

    for value in values:
        add(value)
    return total


def generates(rows):
    for row in rows:
        yield row["Age"] * 2


def chains_generators(rows):
    doubled = (row["Age"] * 2 for row in rows)
    yield from (age + 1 for age in doubled)


def adds_up(numbers, start=0):
    total = start
    for number in numbers:
        total += number
    return total


def steps(n):
    n += 1
    n *= 2
    return n


def bins(df):
    return pd.cut(df["Age"], bins=BINS, labels=False)


def works_on_an_array_copy(arr: np.ndarray):
    result = arr.copy()
    result[result < 0] = 0
    result += 1
    np.clip(result, 0, 5, out=result)
    return result


def edits_a_new_array(n):
    zeros = np.zeros(n)
    zeros[0] = 1
    zeros.fill(3)
    return zeros


def writes_csv_as_text(df):
    return df.to_csv(index=False)


def reads_from_a_text(text):
    return pd.read_csv(io.StringIO(text))


def writes_to_a_buffer(df):
    buffer = io.StringIO()
    df.to_csv(buffer)
    print("done", file=buffer)
    return buffer.getvalue()


def converts_only(df):
    return df.to_dict("records"), df["Age"].to_numpy(), df["Age"].to_list()


def joins_paths(folder, name):
    return os.path.join(folder, name), Path(folder).with_suffix(".csv").name


def parses_json(text):
    return json.loads(text)["Age"]


def samples_with_a_seed(df, seed):
    return df.sample(2, random_state=seed)


def splits_with_a_seed(features, target):
    return train_test_split(features, target, random_state=0)


def draws_with_a_seed(n, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=n)


def shuffles_its_own_list(names, seed):
    mixed = list(names)
    random.Random(seed).shuffle(mixed)
    return mixed


def fits_a_clone(model, features, target):
    fresh = clone(model)
    fresh.fit(features, target)
    return fresh.predict(features)


def fits_its_own_model(features, target):
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return model.fit(features, target).predict(features)


def fits_a_seeded_forest(features, target, seed):
    model = RandomForestClassifier(n_estimators=3, random_state=seed)
    model.fit(features, target)
    return model.feature_importances_


def merges(left, right):
    return left.merge(right, on="Name").rename(columns=str.lower)


def iterates_rows(df):
    ages = []
    for _, row in df.iterrows():
        row["Age"] = row["Age"] + 1
        ages.append(row["Age"])
    return ages


def edits_groups(df):
    parts = []
    for _, part in df.groupby("Sex"):
        part = part.copy()
        part["Age"] = part["Age"].mean()
        parts.append(part)
    return pd.concat(parts)


def asks_for_attributes(df):
    return df.add(1) if df.empty else df["Age"].add(1)


def partitions(text):
    return text.partition("=")[2].strip()


def raises(age):
    if age < 0:
        raise ValueError(f"negative age: {age}")
    assert age < 200
    return math.sqrt(age)


@functools.lru_cache
def remembers(n):
    return sum(range(n))


def recurses(n):
    return 1 if n < 2 else n * recurses(n - 1)


def has_an_untouched_default(df, columns=["Age", "Parch"]):
    return df[columns].sum()


def rebinds_the_default(names=None):
    names = [] if names is None else list(names)
    names.append("x")
    return names


def matches(command):
    match command:
        case {"name": name, "age": age}:
            return name, age
        case [first, *rest]:
            return first, tuple(rest)
    return None


def walks_with_walrus(text):
    if (position := text.find("=")) >= 0:
        return text[:position]
    return text


def unpacks(pair, *rest, **options):
    first, second = pair
    options = {**options, "n": len(rest)}
    options["first"] = first
    return second, options


def flattens(lists):
    return list(itertools.chain.from_iterable(lists))


@dataclass(frozen=True)
class Ticket:
    number: str
    cabins: list = field(default_factory=list)

    @property
    def deck(self):
        return self.number[0]

    def decks(self):
        decks = set()
        for cabin in self.cabins:
            decks.add(cabin[0])
        return sorted(decks)

    def with_number(self, number):
        return Ticket(number, self.cabins)

    @classmethod
    def from_text(cls, text):
        return cls(text.strip())


class Binner:
    def __init__(self, edges):
        self.edges = list(edges)
        self.edges.sort()

    def __call__(self, ages):
        return np.searchsorted(self.edges, ages)

    @staticmethod
    def _labels(places):
        places = list(places)
        places.append(-1)
        return places

    def labelled(self, ages):
        return self._labels(self(ages))


def silences_within(x):
    with warnings.catch_warnings():
        warnings.filterwarnings("error")
        return x * 2


def returns_a_text_that_was_printed(x):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        print(x)
    return text.getvalue()


def pairs(names, ages):
    return zip(names, ages)


def means_by(groups):
    return groups["Age"].mean()


async def awaits(rows):
    return [row["Age"] for row in rows]


def walks_a_table_of_partials(x, table):
    return {name: one(x) for name, one in table.items()}
