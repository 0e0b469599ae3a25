"""The pieces of generated tests that turn tables and values into what is kept, and compare that.

With rows a table is kept whole and exactly; else by check sums that are the same on any processor.
"""

TABLES = '''
def as_frame(value):
    """Series and arrays as a frame of one or more columns."""
    if isinstance(value, pd.DataFrame):
        return value
    if isinstance(value, (pd.Series, pd.Index)):
        return value.to_frame()
    value = value.toarray() if hasattr(value, "toarray") else value
    value = value if value.ndim else value.reshape(1)
    if value.dtype.names:
        fields = {name: value[name] for name in value.dtype.names}
        value = {name: field if field.ndim == 1 else list(field) for name, field in fields.items()}
    return pd.DataFrame(value)


def as_rows(value):
    """The table as rows of texts, as its CSV file holds them: the header first."""
    table = as_frame(value)
    columns = [as_texts(table.iloc[:, place]) for place in range(table.shape[1])]
    rows = zip(as_labels(table.index), *columns)
    return [["", *as_labels(table.columns)], *map(list, rows)]


def as_texts(column):
    """Texts that lose nothing: None, NaN and "" differ, and so do 1 and 1.0."""
    if is_plain(column):
        return list(column.fillna("<missing>"))
    return [as_text(item) for item in column.astype(object)]


def is_plain(column):
    """Whether it holds texts that come out of a CSV file as they went in."""
    return column.dtype == "str" and not any(map(ODD.search, column.dropna()))


ODD = re.compile(r"[\\r\\0\\ud800-\\udfff]|^<missing>$")


def as_labels(index):
    """The labels of rows or columns as texts; `as_schema` tells their types."""
    texts = [str(label) for label in index]
    return list(map(as_text, index)) if any(map(ODD.search, texts)) else texts


def as_text(value):
    """One value: tables and arrays whole, sets in order, else as Python writes it."""
    kind = type(value)
    if isinstance(value, (pd.DataFrame, pd.Series, pd.Index)):
        return f"{as_schema(value)} {as_rows(value)}"
    if isinstance(value, np.ndarray) and value.dtype == object:
        return f"array({as_text(value.tolist())}, dtype=object)"
    if isinstance(value, np.ndarray):
        <<array>>
    if kind is dict:
        return "{" + ", ".join(f"{as_text(key)}: {as_text(value[key])}" for key in value) + "}"
    if kind in (set, frozenset):
        return f"{kind.__name__} of {sorted(map(as_text, value))}"
    if kind is list:
        return f"[{', '.join(map(as_text, value))}]"
    if kind is tuple:
        return f"({', '.join(map(as_text, value))}{',' * (len(value) == 1)})"<<instance_text>>
    <<other>>


def as_schema(value):
    """What the texts alone do not tell; what is as usual is left out."""
    table = as_frame(value)
    dtypes = [f"{label}: {dtype!r}" for label, dtype in table.dtypes.items()]
    kind = f"{type(value).__name__} with an index of {table.index.dtype}"
    columns = [table.iloc[:, place] for place in range(table.shape[1])]
    names = [*table.index.names, *table.columns.names]
    if isinstance(value, pd.Series) and not isinstance(value.name, str):
        names.append(value.name)
    unusual = {
        "names": names if any(name is not None for name in names) else [],
        "types of the rows' labels": label_types(table.index),
        "types of the columns' labels": label_types(table.columns),
        "columns in quotes": [
            at for at, one in enumerate(columns) if one.dtype == "str" and not is_plain(one)
        ],
        "categories": [
            list(one.cat.categories)
            for one in columns
            if one.dtype == "category" and "..." in repr(one.dtype)
        ],
    }
    if isinstance(value, pd.DataFrame) and table.columns.dtype not in ("object", "str"):
        unusual["types of the columns' labels"].append(repr(table.columns.dtype))
    if isinstance(value, np.ndarray) and (
        value.ndim == 0
        or value.shape[1:] == (1,)
        or any(dtype != value.dtype for dtype in table.dtypes)
    ):
        unusual["array"] = [value.dtype, value.shape]
    schema = {"kind": kind, "number of rows": len(table), "dtypes": dtypes}
    return schema | {part: list(map(as_text, told)) for part, told in unusual.items() if told}


def label_types(index):
    """The types of labels, if the index's own type does not tell them."""
    if isinstance(index, pd.MultiIndex):
        return [repr(dtype) for dtype in index.dtypes]
    types = [type(label).__name__ for label in index] if index.dtype in ("object", "str") else []
    types += [repr(index.dtype)] if index.dtype == "category" else []
    return [] if set(types) == {"str"} else types


def as_value(value):
    """A number, text or container as text; a model as its parameters and what it learned."""
    if hasattr(value, "get_params"):
        learned = {
            name: np.asarray(getattr(value, name))
            for name in dir(value)
            if name.endswith("_") and not name.startswith("_") and hasattr(value, name)
            if not name.endswith("time_")  # how long it took is no result
        }
        numbers = {
            name: <<learned>>
            for name, array in learned.items()
            if array.dtype.kind in "iufb" and array.size <= 1000
        }
        parameters = {name: as_text(item) for name, item in value.get_params(deep=False).items()}
        return {"model": type(value).__name__, **parameters, **numbers}<<instance>>
    <<value>>
'''

INSTANCES = '''
def is_own(kind):
    """Whether a class is defined by the code under test."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    folder = <<parent>>
    return kind.__module__ == "__main__" or bool(file) and Path(file).parent == folder.resolve()


def attributes(value):
    """What an instance of such a class shows of itself."""
    names = getattr(value, "__dict__", {})
    return {name: names[name] for name in names if not name.startswith("_")}
'''
INSTANCE = """
    if is_own(type(value)) and attributes(value):
        named = {name: as_value(item) for name, item in attributes(value).items()}
        return {"type": type(value).__name__, **named}"""
INSTANCE_TEXT = """
    if is_own(kind) and attributes(value):
        return f"{kind.__name__}({as_text(attributes(value))})\""""

ROWS = '''
def assert_same_table(actual, name):
    """Compare with the approved table: first dtypes and shape, then every value, exactly."""
    schema = json.loads((GOLDEN / f"{name}.schema.json").read_text(encoding="utf-8"))
    schema_now = as_schema(actual)
    for part, approved in schema.items():
        assert schema_now.get(part) == approved, f"{name}: its {part} moved"
    csv.field_size_limit(2**31 - 1)
    golden = (GOLDEN / f"{name}.csv").read_text(encoding="utf-8")
    (_, *approved_columns), *approved_rows = csv.reader(io.StringIO(golden))
    (_, *columns), *rows = as_rows(actual)
    assert columns == approved_columns, f"{name}: its columns moved"
    assert len(rows) == len(approved_rows), f"{name}: its number of rows moved"
    lines = []
    for place, column in enumerate(["", *columns]):
        moved = [pair for pair in zip(rows, approved_rows) if pair[0][place] != pair[1][place]]
        if moved:
            where = f"column {column}" if place else "the labels of its rows"
            lines.append(f"{name}, {where}: {len(moved)} of {len(rows)} rows moved")
        for row, was in moved[:3]:
            lines.append(f"    row {was[0]}: is {row[place]}, was approved as {was[place]}")
    if lines:
        pytest.fail("\\n".join(lines), pytrace=False)


def as_csv(value):
    """The table's file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\\n").writerows(as_rows(value))
    return out.getvalue()
'''

SUMS = '''
def assert_same_table(actual, name):
    """Compare with what was approved of the table: its shape, and check sums of its columns."""
    approved = json.loads((GOLDEN / f"{name}.sums.json").read_text(encoding="utf-8"))
    assert_same(as_sums(actual), approved, name)


def as_sums(value):
    """What is kept of a table: kind, shape and check sums, never its rows."""
    if isinstance(value, np.ndarray) and not value.dtype.names:
        sums = {"kind": f"ndarray of {value.dtype}", "shape": list(value.shape)}
        return sums | of_column(pd.Series(value.ravel()))
    table, schema = as_frame(value), as_schema(value)
    sums = {
        "kind": schema.pop("kind"),
        "number of rows": schema.pop("number of rows"),
        "columns": list(map(str, table.columns)),
        "dtypes and names": digest([as_text(schema)]),
        "labels of its rows": of_column(table.index.to_series())["sum"],
    }
    for place, column in enumerate(map(str, table.columns)):
        where = f"column {column}"
        where += f" at place {place}" if where in sums else ""
        sums[where] = of_column(table.iloc[:, place])
    return sums


def of_column(values):
    """Of one column: dtype, gaps, check sum, and of numbers the least, the most and the mean."""
    sums = {"dtype": str(values.dtype), "missing": int(values.isna().sum())}
    if values.dtype.kind == "f" and values.to_numpy().dtype == object:
        values = values.astype("float64")  # pandas' own Float64, whose gaps are pd.NA
    if values.dtype.kind in "iuf" and len(values) > sums["missing"]:
        numbers = rounded(values.dropna().to_numpy())
        summary = (numbers.min(), numbers.max(), numbers.mean())
        sums["least, most, mean"] = [f"{number:.6g}" for number in summary]
    plain = values.to_numpy()  # objects where there are time zones, or gaps in pandas' own Int64
    plain = rounded(plain) if plain.dtype.kind == "f" else plain
    if plain.dtype.kind in "iufbmM":
        return sums | {"sum": hashlib.sha256(plain.tobytes()).hexdigest()[:16]}
    return sums | {"sum": digest(as_texts(values))}


def rounded(numbers):
    """To seven digits of the largest: processors, and threads, differ in the last bits."""
    numbers = numbers.astype("float64")
    finite = np.abs(numbers[np.isfinite(numbers)])
    top = finite.max() if len(finite) else 0.0
    step = 2.0 ** (np.floor(np.log2(top)) - 24) if top else 0.0
    if not step:  # nothing but zeros, or numbers near the least that there is
        return numbers + 0.0
    return np.round(numbers / step) * step + 0.0


def digest(texts):
    """Of texts, in order."""
    total = hashlib.sha256()
    for text in texts:
        total.update(text.encode("utf-8", "surrogatepass") + b"\\x1f")
    return total.hexdigest()[:16]
'''

# How numbers, and what is no table, become texts: exactly, or for any processor and without a word.
EXACTLY = {
    "array": """with np.printoptions(floatmode="unique", threshold=value.size + 1):
            return repr(value)""",
    "other": "return repr(value)",
    "learned": '[f"{number:.10g}" for number in array.ravel()]',
    "value": """text = as_text(value)
    if len(text) > 1000:
        whole = text.encode("utf-8", "backslashreplace")
        return f"{text[:100]}… sha256 {hashlib.sha256(whole).hexdigest()}"
    return text""",
}
ROUNDED = {
    "array": 'return f"array({as_text(value.tolist())}, dtype={value.dtype})"',
    "other": """if isinstance(value, (float, np.floating)):
        return "0.0" if abs(value) <= 1e-12 else f"{float(value):.10}"
    if hasattr(value, "get_params") and not isinstance(value, type):
        return as_text(as_value(value))
    if callable(value):
        return getattr(value, "__qualname__", type(value).__name__)
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))""",
    "learned": "as_sums(array)",
    "value": """text = as_text(value)
    if isinstance(value, (bool, int, float, complex, np.number, np.bool_, type(None))):
        return f"{type(value).__name__} {text}"
    length = {"length": len(value)} if hasattr(value, "__len__") else {}
    return {"type": type(value).__name__, **length, "sum": digest([text])}""",
}
