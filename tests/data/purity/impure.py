"""Functions that are impure, each in its own way; the offending line ends in `# <-`."""

# pylint: skip-file
import functools
import json
import logging
import os
import random
import sqlite3
import subprocess
import sys
import time
import uuid
import warnings
from datetime import datetime
from pathlib import Path
from random import shuffle as mix

import joblib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

logger = logging.getLogger(__name__)
SEEN = {}
COUNT = 0
RNG = np.random.default_rng(1)


def adds_a_column(df):
    df["Alone"] = df["Parch"] == 0  # <-
    return df


def edits_an_alias(df):
    table = df
    table.loc[table["Age"] > 64, "Age"] = 64  # <-
    return table


def fills_in_place(df):
    df.fillna({"Age": 0}, inplace=True)  # <-
    return df


def drops_in_place(df):
    mean = df["Age"].mean()
    df.drop(columns=["Parch"], inplace=True)  # <-
    return mean


def deletes_a_column(df):
    del df["Parch"]  # <-
    return df


def pops_a_column(df):
    ages = df.pop("Age")  # <-
    return ages.mean()


def inserts_a_column(df):
    df.insert(0, "One", 1)  # <-
    return df


def renames_the_columns(df):
    df.columns = [name.lower() for name in df.columns]  # <-
    return df


def writes_attrs(df):
    df.attrs["cleaned"] = True  # <-
    return df.shape


def edits_one_of_two(left, right):
    both = [left, right]
    for table in both:
        table["Age"] = 0  # <-
    return both


def edits_on_one_path(df, copy):
    if copy:
        df = df.copy()
    df["Age"] = 1  # <-
    return df


def edits_before_the_copy(df):
    df.index = range(len(df))  # <-
    df = df.copy()
    return df


def edits_a_view(values):
    head = values[:2]
    head[0] = -1  # <-
    return values.sum()


def edits_an_array_in_place(arr: np.ndarray):
    arr *= 2  # <-
    return arr.sum()


def writes_to_out(arr: np.ndarray):
    np.clip(arr, 0, 1, out=arr)  # <-
    return arr


def sorts_a_list(names):
    names.sort()  # <-
    return names[0]


def appends_to_a_list(names, name):
    names.append(name)  # <-
    return names


def edits_a_nested_list(config):
    config["columns"].append("Age")  # <-
    return config


def edits_the_elements(rows):
    copies = list(rows)
    for row in copies:
        row["seen"] = True  # <-
    return copies


def shuffles_by_another_name(names):
    mix(names)  # <-
    return names


def keeps_in_a_mutable_default(name, names=[]):
    names.append(name)  # <-
    return len(names)


def _set_age(table, value):
    table["Age"] = value
    return table


def edits_through_a_helper(df):
    younger = _set_age(df, 1)  # <-
    return younger["Age"].sum()


def edits_through_a_lambda(df):
    change = lambda table: table.pop("Age")  # <-
    return change(df)


def edits_through_pipe(df):
    return df.pipe(_set_age, 3)  # <-


def fits_its_argument(model, features, target):
    model.fit(features, target)  # <-
    return model.score(features, target)


def fits_inside_a_pipeline(model, features, target):
    pipeline = make_pipeline(StandardScaler(), model)
    pipeline.fit(features, target)  # <-
    return pipeline.score(features, target)


def sets_parameters(model):
    model.set_params(C=2.0)  # <-
    return model


def counts_in_a_global():
    global COUNT
    COUNT += 1  # <-
    return COUNT


def caches_in_a_global(key):
    if key not in SEEN:
        SEEN[key] = len(key)  # <-
    return SEEN[key]


def makes_a_counter():
    count = 0

    def counter():
        nonlocal count
        count += 1  # <-
        return count

    return counter


def counts_on_itself(name):
    counts_on_itself.calls = name  # <-
    return name


def prints(df):
    print(df.shape)  # <-
    return df


def prints_by_info(df: pd.DataFrame):
    df.info()  # <-
    return len(df)


def writes_to_stderr(text):
    sys.stderr.write(text)  # <-
    return text


def logs(df):
    logger.info("rows: %d", len(df))  # <-
    return df


def warns(age):
    if age > 64:
        warnings.warn("old")  # <-
    return age


def reads_a_table(path):
    return pd.read_csv(path)  # <-


def reads_text(path):
    return Path(path).read_text(encoding="utf-8")  # <-


def writes_a_table(df, path):
    df.to_csv(path)  # <-
    return len(df)


def writes_json(data, path):
    with open(path, "w", encoding="utf-8") as file:  # <-
        json.dump(data, file)  # <-


def dumps_a_model(model, path):
    joblib.dump(model, path)  # <-


def looks_for_a_file(path):
    return os.path.exists(path)  # <-


def reads_the_environment():
    return os.environ.get("SEED", "1")  # <-


def changes_the_environment(name):
    os.environ["KATA"] = name  # <-


def reads_the_clock(year):
    return datetime.now().year - year  # <-


def times_itself(values):
    started = time.perf_counter()  # <-
    total = sum(values)
    return total, started


def draws_a_sample(df):
    return df.sample(2)  # <-


def splits_by_chance(features, target):
    return train_test_split(features, target)  # <-


def seeds_the_world(values):
    np.random.seed(1)  # <-
    return values


def draws_numbers(n):
    return np.random.rand(n)  # <-


def draws_from_a_global(n):
    return RNG.normal(size=n)  # <-


def draws_from_its_argument(rng, n):
    return rng.normal(size=n)  # <-


def draws_without_a_seed(n):
    rng = np.random.default_rng()  # <-
    return rng.normal(size=n)


def trains_by_chance(features, target):
    model = RandomForestClassifier(n_estimators=3)  # <-
    return model.fit(features, target).predict(features)


def makes_an_id(row):
    return f"{row}-{uuid.uuid4()}"  # <-


def plots(df):
    plt.hist(df["Age"])  # <-
    return df["Age"].mean()


def runs_a_program():
    return subprocess.run([sys.executable, "-c", "pass"], check=True).returncode  # <-


def asks_a_database(query):
    with sqlite3.connect(":memory:") as connection:  # <-
        return connection.execute(query).fetchall()


def ends_the_program(code):
    sys.exit(code)  # <-


def advances_an_iterator(rows):
    return next(rows)  # <-


def prints_for_each(df):
    list(map(print, df["Age"]))  # <-
    return df


def changes_pandas(df):
    pd.set_option("display.max_rows", 5)  # <-
    return df


def depends_on_hash_order(names):
    return list(set(names))  # dynamic <-


class Encoder:
    seen = 0

    def __init__(self, columns):
        self.columns = columns

    def learn(self, df):
        self.means = df[self.columns].mean()  # <-
        return self

    def count(self):
        Encoder.seen += 1  # <-
        return len(self.columns)

    @classmethod
    def names(cls, name):
        cls.label = name  # <-
        return cls.label


@functools.lru_cache
def columns_of(table):
    return []


def edits_what_a_cache_keeps(table, column):
    columns = columns_of(table)
    columns.append(column)  # <-
    return columns


def edits_lists_in_cells(df):
    for names in df["Name"].str.split():
        names.append("?")
    for cell in df["Cabins"]:
        cell.append("?")  # <-
    return df


def shouts(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print("called", function.__name__)  # <-
        return function(*args, **kwargs)

    return wrapper


@shouts  # <-
def looks_innocent(age):
    return age + 1


def yields_and_prints(rows):
    for row in rows:
        print(row)  # <-
        yield row


async def waits_and_prints(rows):
    print(len(rows))  # <-
    return rows
