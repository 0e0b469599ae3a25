"""What mutants replace by what, and which calls are for people's eyes alone."""

import ast
import re

COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}  # fmt: skip
OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"), ast.Pow: ("**", "*"), ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"),
}  # fmt: skip
# A mode becomes the head: that keeps the [0] after it working.
METHODS = {
    "median": "mean", "mean": "median", "mode": "head", "sum": "mean", "min": "max", "max": "min",
    "std": "var", "first": "last", "last": "first", "any": "all", "all": "any", "idxmax": "idxmin",
    "idxmin": "idxmax", "head": "tail", "tail": "head", "ffill": "bfill", "bfill": "ffill",
    "notnull": "isnull", "isnull": "notnull", "notna": "isna", "isna": "notna", "lower": "upper",
    "upper": "lower", "cumsum": "cumprod", "union": "intersection", "intersection": "union",
}  # fmt: skip
KEYWORDS = {
    "how": {"left": "inner", "inner": "outer", "outer": "inner", "right": "inner",
            "any": "all", "all": "any"},
    "axis": {"columns": "index", "index": "columns"},
    "keep": {"first": "last", "last": "first"},
    "method": {"ffill": "bfill", "bfill": "ffill", "pad": "bfill"},
    "strategy": {"median": "mean", "mean": "median", "most_frequent": "median"},
    "aggfunc": {"mean": "median", "median": "mean", "sum": "mean"},
    "average": {"macro": "micro", "micro": "macro", "weighted": "macro", "binary": "macro"},
    "criterion": {"gini": "entropy", "entropy": "gini"},
    "kernel": {"rbf": "linear", "linear": "rbf"},
    "penalty": {"l2": "l1", "l1": "l2"},
    "closed": {"left": "right", "right": "left"},
    "join": {"inner": "outer", "outer": "inner"},
}  # fmt: skip
TEXT_METHODS = {
    "replace", "fillna", "split", "startswith", "endswith", "contains", "strip", "join", "isin",
    "eq", "ne", "get", "where", "mask", "partition", "removeprefix", "removesuffix", "extract",
    "lstrip", "rstrip", "append", "add",
}  # fmt: skip
# Methods that only look, where a statement throws their result away.
LOOKS = {
    "head", "tail", "describe", "info", "value_counts", "agg", "mean", "sum", "count", "nunique",
    "unique", "round", "corr", "crosstab", "max", "min", "median", "memory_usage", "hist", "plot",
    "get_params", "isnull", "isna", "copy", "sort_index",
}  # fmt: skip
DISPLAY_ROOTS = {
    "print", "display", "plt", "sns", "px", "go", "alt", "logging", "logger", "log", "warnings",
    "fig", "ax", "axes", "tqdm", "pprint", "warn",
}  # fmt: skip


def number_instead(value: int | float) -> str:
    """A near number that a boundary, a weight or a count would notice."""
    if isinstance(value, int):
        return repr(value + 1)
    return repr(round(value * 1.5, 12)) if value else "1.0"


def is_display(node: ast.Call) -> bool:
    """Whether a call only shows something: ``print``, anything on ``plt``, a logger."""
    root: ast.expr = node
    while isinstance(root, ast.Call | ast.Attribute | ast.Subscript):
        root = root.func if isinstance(root, ast.Call) else root.value
    return isinstance(root, ast.Name) and root.id in DISPLAY_ROOTS


def other_split(text: str, names: set[str]) -> str:
    """A call's arguments with training data for test data, where the module has both."""

    def swapped(match: re.Match[str]) -> str:
        name = match.group(0)
        for old, new in (("train", "test"), ("Train", "Test"), ("test", "train")):
            other = name.replace(old, new, 1)
            if old in name and other in names:
                return other
        return name

    return re.sub(r"(?<![\w.'\"])[A-Za-z_]\w*(?!\w|\s*=[^=]|['\"])", swapped, text)
