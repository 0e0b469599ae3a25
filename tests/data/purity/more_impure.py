"""Terser ones, written without a look at the rules; the offending lines end in `# <-`."""

# pylint: skip-file
import contextlib, contextvars, collections, functools, io, json, operator, os, pickle, random, shutil, sys, tempfile, threading, time, zipfile
import numpy as np, pandas as pd
import matplotlib
from datetime import date
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.cluster import KMeans

_cache = {}
_config = {"a": 1}
history = []
total = 0


class Model:
    pass


def a1(df):
    df.sort_values("a", inplace=True)  # <-
    return df


def a2(df):
    for col in df.columns:
        df[col] = df[col].fillna(0)  # <-
    return df


def a3(df):
    df.at[0, "a"] = 5  # <-
    return df


def a4(df):
    df.rename(columns={"a": "b"}, inplace=True)  # <-
    return df


def a5(df):
    df.index.name = "x"  # <-
    return df


def a6(df, cols):
    df[cols] = StandardScaler().fit_transform(df[cols])  # <-
    return df


def a8(df: pd.DataFrame):
    le = LabelEncoder()
    df["s"] = le.fit_transform(df["s"])  # <-
    return df


def a9(df):
    x = y = df
    y["q"] = 1  # <-
    return x


def a10(df):
    def inner():
        df["q"] = 1  # <-

    inner()
    return df


def a11(dfs):
    return [d.drop("a", axis=1, inplace=True) for d in dfs]  # <-


def a12(*frames):
    frames[0]["x"] = 1  # <-


def a13(**kw):
    kw["df"].pop("a")  # <-


def a14(df):
    (df)["x"], b = 1, 2  # <-
    return b


def a15(df, inplace=True):
    return df.dropna(inplace=inplace)  # <-


def a16(d):
    d |= {"x": 1}  # <-
    return d


def a17(d):
    d.setdefault("k", []).append(1)  # <-
    return d


def a18(xs):
    xs[:] = sorted(xs)  # <-
    return xs


def a19(xs):
    while xs:
        xs.pop()  # <-


def a20(s):
    s.add(3)  # <-


def a21(arr):
    arr[arr > 3] = 0  # <-
    return arr


def a22(arr):
    np.random.default_rng(0).shuffle(arr)  # <-
    return arr


def a23(obj):
    setattr(obj, "x", 1)  # <-


def a24(obj):
    obj.__dict__["x"] = 1  # <-


def a25(obj):
    obj.count += 1  # <-


def a26(df):
    operator.setitem(df, "x", 1)  # <-


def a27():
    return time.time()  # <-


def a28():
    return date.today()  # <-


def a29(x, now=None):
    now = now or time.monotonic()  # <-
    return now


def a30():
    return [random.random() for _ in range(3)]  # <-


def a31(df):
    return df.sample(frac=1).reset_index(drop=True)  # <-


def a32(X):
    return KMeans(n_clusters=2).fit_predict(X)  # <-


def a33(x):
    sys.stdout.write(str(x))  # <-


def a34(x):
    with open("f.txt") as f:  # <-
        return f.read()  # <-


def a35(x):
    return json.load(open(x))  # <-


def a36(x):
    os.makedirs(x, exist_ok=True)  # <-


def a37(x):
    history.append(x)  # <-
    return len(history)


def a38(k):
    return _config.setdefault(k, 1)  # <-


def a39():
    global total
    total = 5  # <-


def a40(x):
    globals()["total"] = x  # <-


def a41(x):
    Model.count = x  # <-


def a42(x, seen={}):
    seen[x] = 1  # <-
    return len(seen)


def a43(df):
    df.plot(kind="bar")  # <-


def a44(df):
    df.hist(figsize=(3, 3))  # <-


def a45(model, X, y):
    return model.fit(X, y)  # <-


def a46(models, X, y):
    for name, model in models.items():
        model.fit(X, y)  # <-


def a47(scaler, X):
    return scaler.fit_transform(X)  # <-


def a48(path):
    pd.DataFrame({"a": [1]}).to_parquet(path)  # <-


def a49(path):
    shutil.rmtree(path)  # <-


def a50():
    return tempfile.mkdtemp()  # <-


def a51(f):
    f.write("x")  # <-


def a52(conn, q):
    return pd.read_sql(q, conn)  # <-


def a53(df):
    display(df)  # <-


def a54(df):
    return df.apply(lambda row: print(row))  # <-


def a55(df):
    df.drop(df[df["a"] > 1].index, inplace=True)  # <-
    return df


def a56(df):
    with contextlib.suppress(KeyError):
        del df["zz"]  # <-
    return df


def a57(df):
    try:
        df["a"] = df["a"].astype(int)  # <-
    except ValueError:
        pass
    return df


def a58(df):
    df.loc[len(df)] = 0  # <-
    return df


def a59(x):
    t = threading.Thread(target=len, args=(x,))  # <-
    t.start()


def takes_one(g):
    yield next(g)  # <-


def a61(df):
    df = df.reset_index(drop=True, inplace=True)  # <-
    return df


def a62(df):
    return df.assign(x=1).to_csv("out.csv")  # <-


def a63(q):
    return os.environ["HOME"] + q  # <-


def a64(df):
    df.eval("c = a + b", inplace=True)  # <-
    return df


def a65(df):
    df.iloc[0, 0] = 1  # <-
    return df


def a66(df, ax):
    df["a"].plot(ax=ax)  # <-


def a69(rows):
    for r in rows:
        r.update(x=1)  # <-


def a70(rows):
    [r.pop("x") for r in rows]  # <-


def a71(d):
    for k, v in d.items():
        v.append(1)  # <-


def a72(df):
    cols = df.columns
    df.columns = cols.str.lower()  # <-
    return df


def a73(d, k):
    x = d[k]
    x["y"] = 1  # <-


_level = contextvars.ContextVar("level")


def a74(n):
    _level.set(n)  # <-
    return n


def a75(seconds):
    time.tzset()  # <-
    return seconds


def a76(name):
    os.environ.setdefault(name, "1")  # <-
    return name


class Table:
    @staticmethod
    def _fill(frame, value):
        frame["a"] = value  # <-

    def filled(self, frame):
        self._fill(frame, 0)  # <-
        return frame


def a77(todo, done):
    if not todo:
        print(done)  # <-
        return done
    return a77(todo[1:], done + todo[:1])
