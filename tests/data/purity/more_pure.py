"""Terser ones that look impure and are not, written without a look at the rules."""

# pylint: skip-file
import re, math, functools, itertools, collections, string, datetime
import numpy as np, pandas as pd
from pathlib import Path
from datetime import datetime as dt
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import OneHotEncoder
from sklearn.model_selection import GridSearchCV, cross_val_score

LOOKUP = {"a": 1}
PATTERN = re.compile("x")
COLUMNS = ["a", "b"]


def b1(df, cols):
    return df[cols].copy()


def b2(df):
    out = df[["a"]]
    out["b"] = 1
    return out


def b3(df):
    out = pd.DataFrame(index=df.index)
    out["b"] = df["a"]
    return out


def b4(df):
    result = pd.concat([df, df])
    result.reset_index(drop=True, inplace=True)
    return result


def b5(xs):
    xs = xs + [1]
    xs.append(2)
    return xs


def b6(xs):
    ys = xs[:]
    ys.append(1)
    return ys


def b7(d):
    d = {**d}
    d["x"] = 1
    return d


def b8(d):
    d = dict(d, x=1)
    d.pop("x")
    return d


def b9(text):
    parts = text.split()
    parts.reverse()
    return " ".join(parts)


def b10(df):
    s = df["a"].copy()
    s[s > 1] = 0
    return s


def b11(df):
    s = df["a"].fillna(0)
    s.iloc[0] = 1
    return s


def b12(x):
    seen = set()
    seen.add(x)
    return seen


def b13(text):
    return text.replace("a", "b").strip().lower()


def b14(text):
    return dt.strptime(text, "%Y-%m-%d")


def b15(path):
    return Path(path).parent / "x"


def b16(df):
    return df.groupby("a").agg({"b": "sum"}).reset_index()


def b17(df):
    return df.apply(lambda row: LOOKUP.get(row["a"], 0), axis=1)


def b18(arr):
    arr = np.asarray(arr, dtype=float).copy()
    arr[0] = 1
    return arr


def b19(arr):
    arr = np.array(arr)
    arr[0] = 1
    return arr


def b20(X, y):
    model = LinearRegression()
    model.fit(X, y)
    return model


def b21(model, X):
    return model.predict(X)


def b22(model, X, y):
    return GridSearchCV(model, {"alpha": [1]}).fit(X, y).best_params_


def b23(model, X, y):
    return cross_val_score(model, X, y).mean()


def b24(df):
    df = df.drop(columns=["a"])
    df["z"] = 1
    return df


def b25(df):
    for col in COLUMNS:
        df = df.assign(**{col: 0})
    return df


def b26(n):
    out = []
    for i in range(n):
        out += [i]
    return out


def b27(n):
    acc = collections.deque()
    acc.appendleft(n)
    return list(acc)


def b28(df):
    return df.to_json(), df.to_string(), df.to_html()


def b29(df):
    return df.pipe(lambda d: d.assign(x=1))


def b30(words):
    return functools.reduce(lambda a, b: a + b, words, "")


def b31(s: str):
    s += "x"
    return s


def b32(n: int):
    n -= 1
    return n


def b33(df, mask):
    return df.loc[mask, "a"].sum()


def b34(df):
    return df.query("a > 1").eval("a + b")


def b35(df):
    return df.merge(df, on="a").sort_values("a").head(3)


def b36(items):
    return sorted(items, key=lambda i: i["x"])[0]


def b37(df):
    return df.insert


def b38(a, b=()):
    b = list(b)
    b.insert(0, a)
    return b


def b39(x):
    return [y for y in x if (z := y)]


def b40(text):
    return PATTERN.sub("", text)


def b41(df):
    new = df.copy(deep=True)
    new.columns = [c.lower() for c in new.columns]
    new.index.name = "i"
    return new


def b42(df):
    mean = df["a"].mean()
    return df.assign(a=lambda d: d["a"] - mean)


def b43(dfs):
    dfs = [d.copy() for d in dfs]
    for d in dfs:
        d["x"] = 1
    return dfs


def b44(rows):
    rows = [dict(r) for r in rows]
    for r in rows:
        r["x"] = 1
    return rows


def b45(df, **params):
    return df.rename(**params)


def b46(df):
    fig = {"data": []}
    fig["data"].append(df["a"].sum())
    return fig


def b47(x):
    if not isinstance(x, list):
        raise TypeError(f"{x!r}")
    return len(x)


def b48(ts):
    return pd.Timestamp(ts).floor("D")


def b49(df):
    return df.where(df > 0, other=np.nan).update


def b50(seed):
    rng = np.random.RandomState(seed)
    xs = [1, 2, 3]
    rng.shuffle(xs)
    return xs


def b51(df):
    total = 0.0
    for row in df.itertuples():
        total += row.a
    return total


def b52(df):
    df = df[df["a"] > 0]
    df.loc[:, "b"] = 2
    return df


def b53(a: float, b):
    a, b = b, a
    a /= 2
    return a


def b54(df):
    scaled = (df - df.mean()) / df.std()
    scaled["x"] = 1
    return scaled


def b55(df):
    X = df.values.copy()
    X[0] = 1
    return X


def b56(df):
    d = df.set_index("a")["b"].to_dict()
    d["x"] = 1
    return d


def b57(lines):
    return "".join(line.upper() for line in lines)


def b58(x, cb):
    return cb(x)


def b59(names):
    result = {}
    for n in names:
        result.setdefault(n[0], []).append(n)
    return result


def b60(matrix):
    return [list(row) for row in zip(*matrix)]
