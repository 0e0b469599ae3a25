"""Which names hold pandas frames or series: by where they come from and what is asked of them."""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from nbkata.dataflow.core.modules import called_name, import_bindings

INDEXERS = frozenset("loc iloc at iat".split())
# Asked of nothing but frames and series.
_ONLY_FRAMES = INDEXERS | frozenset("""
    iterrows itertuples groupby fillna dropna isnull isna notnull notna value_counts columns
    drop_duplicates sort_values reset_index set_index to_csv to_parquet to_excel to_pickle dtypes
    describe corr nunique memory_usage select_dtypes pivot_table crosstab applymap ffill bfill
    duplicated sort_index nlargest nsmallest query idxmax get_dummies to_frame to_numpy rename
    interpolate explode melt isin
    """.split())
# A parameter or a value with one of these is a frame or a series.
OF_FRAMES = _ONLY_FRAMES | frozenset("assign drop merge eval str dt cat".split())
_GIVES_FRAME = frozenset("""
    DataFrame Series concat merge get_dummies crosstab pivot_table json_normalize cut qcut
    to_datetime melt
    """.split())
_KEEPS_FRAME = frozenset("""
    copy drop fillna dropna rename assign reset_index set_index sort_values sort_index astype
    replace merge join query sample head tail filter apply map groupby agg drop_duplicates
    set_axis round clip where mask pipe transpose select_dtypes append get_dummies reindex
    """.split())
# For cells without their imports.
_USUAL_NAMES = {"pd": "pandas", "np": "numpy", "plt": "matplotlib.pyplot", "sns": "seaborn"}


@dataclass(frozen=True, slots=True)
class FrameNames:
    """The names of frames, or of frames and series; one set for all scopes.

    ``aliases`` are the full names of what is imported.
    """

    series: bool
    aliases: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def gives(self, node: ast.expr) -> bool:
        """Whether an expression gives a frame, as far as its text tells."""
        match node:
            case ast.Name(id=name):
                return name in self.names
            case ast.Call(func=ast.Attribute(value=owner, attr=method)):
                if isinstance(owner, ast.Name) and owner.id in self.aliases:
                    return self._makes(f"{self.aliases[owner.id]}.{method}")
                return method in _KEEPS_FRAME and self._holds(owner)
            case ast.Call(func=ast.Name(id=name)):
                return self._makes(self.aliases.get(name, f"pandas.{name}"))
            case ast.Subscript(value=ast.Attribute(attr=attribute) as owner) if (
                attribute in INDEXERS
            ):
                return self._holds(owner.value)
            case ast.Subscript(value=owner, slice=key):
                columns = ast.List | ast.Compare | ast.BinOp | ast.Slice | ast.Name
                whole = self.series or isinstance(key, columns)
                return whole and self._holds(owner)
        return False

    @staticmethod
    def _makes(full: str) -> bool:
        """Whether a function of pandas, by its full name, makes a frame."""
        library, _, short = full.partition(".")
        return library == "pandas" and (short in _GIVES_FRAME or short.startswith("read_"))

    def _holds(self, node: ast.expr) -> bool:
        """Whether what a method is called on is a frame; of a series the frame that it is of."""
        if self.gives(node) or not self.series:
            return self.gives(node)
        values = any(isinstance(p, ast.Attribute) and p.attr == "values" for p in ast.walk(node))
        return root(node) in self.names and not values


def frame_names(
    tree: ast.Module, *, series: bool, given: Collection[str] = frozenset()
) -> FrameNames:
    """The frames in ``tree``, with its ``series`` or without; the ``given`` names are frames."""
    nodes = list(ast.walk(tree))
    imported = {name: full for node in nodes for name, full in import_bindings(node, "").items()}
    aliases = {**_USUAL_NAMES, **imported}
    asked = {
        node.value.id
        for node in nodes
        if isinstance(node, ast.Attribute)
        and node.attr in _ONLY_FRAMES
        and isinstance(node.value, ast.Name)
    }
    found = FrameNames(series, aliases, frozenset(asked - aliases.keys()).union(given))
    values = list(_given(nodes))
    while True:
        more = {name for name, value in values if found.gives(value)} - found.names
        if not more:
            return found
        found = FrameNames(series, aliases, found.names | more)


def _given(nodes: Collection[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """Each name that may be a frame, with a value that it is given."""
    lists: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
                    if isinstance(node.value, ast.List | ast.Tuple):
                        lists.setdefault(target.id, node.value.elts)
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Call):
                    if called_name(node.value) == "train_test_split":
                        yield from (
                            (root(p), rows) for p in target.elts for rows in node.value.args
                        )
    for node in nodes:
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            over = node.iter
            known = lists.get(root(over), [])
            for item in over.elts if isinstance(over, ast.List | ast.Tuple) else known:
                yield node.target.id, item


def root(node: ast.expr) -> str:
    """The name that a chain of attributes, subscripts and calls starts from, or nothing."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
