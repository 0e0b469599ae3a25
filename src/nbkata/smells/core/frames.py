"""Which names hold pandas frames or series: by where they come from and what is asked of them."""

from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.syntax import Node, dotted, method, root
from nbkata.smells.core.view import View

_PANDAS_ONLY = frozenset(
    """iterrows itertuples groupby fillna dropna loc iloc isnull isna notnull notna value_counts
    drop_duplicates sort_values reset_index set_index to_csv to_parquet to_excel to_pickle dtypes
    describe corr nunique memory_usage select_dtypes pivot_table crosstab applymap ffill bfill
    duplicated sort_index nlargest nsmallest query idxmax get_dummies to_frame to_numpy rename
    astype_ info_ tolist_ interpolate explode melt isin""".split()
)
_GIVES_FRAME = frozenset(
    """DataFrame Series concat merge get_dummies crosstab pivot_table json_normalize cut qcut
    to_datetime""".split()
)
_KEEPS_FRAME = frozenset(
    """copy drop fillna dropna rename assign reset_index set_index sort_values sort_index astype
    replace merge join query sample head tail filter loc iloc apply map groupby agg drop_duplicates
    set_axis round clip where mask pipe transpose select_dtypes append""".split()
)


def frames_in(view: View) -> set[str]:
    """Names of frames and series; one set for all scopes, since a name keeps its meaning."""
    found = set(_asked_like_frames(view))
    pairs = list(_assignments(view))
    before = -1
    while len(found) > before:
        before = len(found)
        for name, value in pairs:
            if name not in found and _is_frame(value, found, view):
                found.add(name)
    return found


def _asked_like_frames(view: View) -> Iterator[str]:
    for node in view.all(nodes.Attribute):
        if node.attrname in _PANDAS_ONLY and isinstance(node.expr, nodes.Name):
            if node.expr.name not in view.aliases:
                yield node.expr.name


def _assignments(view: View) -> Iterator[tuple[str, Node]]:
    for node in view.all(nodes.Assign):
        for target in node.targets:
            if isinstance(target, nodes.AssignName):
                yield target.name, node.value
            elif isinstance(target, nodes.Tuple) and method(node.value) == "train_test_split":
                for part in target.elts:
                    if isinstance(part, nodes.AssignName):
                        yield part.name, node.value
    for node in view.all(nodes.For):
        if isinstance(node.target, nodes.AssignName):
            if isinstance(node.iter, (nodes.List, nodes.Tuple)):
                for element in node.iter.elts:
                    yield node.target.name, element
            elif isinstance(node.iter, nodes.Name):
                for element in _elements(view, node.iter.name):
                    yield node.target.name, element


def _elements(view: View, name: str) -> list[Node]:
    """What stands in the list that a name is bound to."""
    for node in view.writes.get(name, ()):
        value = getattr(node.parent, "value", None)
        if isinstance(value, (nodes.List, nodes.Tuple)):
            return [element for element in value.elts if isinstance(element, nodes.Name)]
    return []


def _is_frame(value: Node, known: set[str], view: View) -> bool:
    if isinstance(value, nodes.Name):
        return value.name in known
    if isinstance(value, nodes.Call):
        name = view.qualified(value.func)
        last = method(value)
        if name.startswith("pandas."):
            return last.startswith("read_") or last in _GIVES_FRAME
        if last == "train_test_split":
            return any(root(argument) in known for argument in value.args)
        return root(value) in known and last in _KEEPS_FRAME
    if isinstance(value, nodes.Subscript):
        return root(value) in known and ".values" not in f".{dotted(value.value)}"
    return False
