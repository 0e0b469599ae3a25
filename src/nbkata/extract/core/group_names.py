"""Names for groups of statements: what is done, and to what."""

import ast
import re
from collections.abc import Sequence

from nbkata.dataflow.core.modules import called_name
from nbkata.extract.core.facts import Fact, columns_of_all
from nbkata.extract.core.names import shared_words, snake

# What a group does, and then the frame, the columns or the names that it does it to.
Theme = tuple[str, ...]

_OPERATIONS = (
    ("fill", ("fillna", "interpolate", "ffill", "bfill", "isnull", "isna")),
    ("bin", ("cut", "qcut")),
    ("encode", ("map", "get_dummies", "factorize", "LabelEncoder", "codes")),
    ("convert", ("astype", "to_datetime", "to_numeric", "to_timedelta")),
    ("replace", ("replace",)),
)


# Of the names of two columns together.
_LONGEST = 30


def name_of(
    theme: Theme,
    own: Sequence[Fact],
    created: frozenset[str],
    inputs: Sequence[str],
    outputs: Sequence[str],
) -> str:
    """What is done, and to what; if more is done than one name can say, only to what."""
    kind = theme[0]
    if kind in ("column", "drop") and _does_more(own, theme):
        return f"{table_verbs(own)}_{snake(theme[1])}"
    if kind == "column":
        columns = "_and_".join(snake(column) for column in theme[2:4]) or "columns"
        if len(theme) == 4 and len(columns) > _LONGEST:
            shared = shared_words([snake(column).split("_") for column in theme[2:4]])
            columns = "_".join(shared) or f"{snake(theme[2])}_and_others"
        if len(theme) > 4:
            columns = f"{snake(theme[2])}_and_others"
        if created & set(theme[2:]):
            return f"add_{columns}"
        return f"{_verb(own)}_{columns}"
    if kind == "drop" and not any(map(_drops_last, own)):
        return f"{table_verbs(own)}_{snake(theme[1])}"
    if kind == "drop":
        dropped = columns_of_all(own, lambda fact: fact.columns_dropped)
        return f"drop_{snake(dropped[0])}" if len(dropped) == 1 else "drop_unused_columns"
    if kind == "split" and (len(outputs) > 1 or any("split(" in ast.unparse(f.node) for f in own)):
        return "split_rows" if any(map(_splits_rows, own)) else "split_features_and_target"
    if kind == "model":
        return _model_name(own, inputs)
    names = [name for name in theme[1:] if name.isidentifier()]
    names = [name for name in names if name in outputs] or list(outputs) or names
    changing = [fact for fact in own if names and names[-1] in fact.binds | fact.edits]
    verb = table_verbs(changing) if names and names[-1] in inputs else "compute"
    loops = any(isinstance(fact.node, ast.For | ast.While) for fact in own)
    if len(names) == 2 and not loops:
        return f"{verb}_{snake(names[0])}_and_{snake(names[1])}"
    return f"{verb}_{snake(names[-1])}" if names else verb


def _drops_last(fact: Fact) -> bool:
    """Whether a statement does nothing more with what is left: ``get_dummies(df.drop(…))`` does."""
    call = getattr(fact.node, "value", None)
    called = getattr(getattr(call, "func", None), "attr", "")
    return called not in _TABLE_VERBS or called == "drop"


def _splits_rows(fact: Fact) -> bool:
    """Whether one table is split, and not its features and its target."""
    return any(
        isinstance(node, ast.Call)
        and called_name(node) == "train_test_split"
        and len(node.args) == 1
        for node in ast.walk(fact.node)
    )


def _does_more(own: Sequence[Fact], theme: Theme) -> bool:
    """Whether the frame is changed by a statement that has nothing to do with the columns of the theme."""
    for fact in own:
        is_named = fact.columns_written if theme[0] == "column" else fact.columns_dropped
        if fact.changes(theme[1]) and not is_named:
            return True
    return False


def _verb(own: Sequence[Fact]) -> str:
    """What all statements of the group do, or ``prepare``."""
    if len(own) > 1 and all(fact.partial for fact in own):
        return "bin" if any(map(_compares, own)) else "set"
    verbs = {statement_verb(fact) for fact in own}
    return verbs.pop() if len(verbs) == 1 else "prepare"


def _compares(fact: Fact) -> bool:
    """Whether it writes where something holds: ``df.loc[df['age'] < 16, 'age'] = 0``."""
    if isinstance(fact.node, ast.Assign):
        inside = [node for target in fact.node.targets for node in ast.walk(target)]
        return not all(isinstance(node, _PLACES) for node in inside)
    return True


# What ``df.loc[1648, 'hand']`` is made of: no row is looked for by what is in it.
_PLACES = (ast.Subscript, ast.Attribute, ast.Name, ast.Constant, ast.Tuple, ast.List, ast.Slice,
           ast.UnaryOp, ast.USub, ast.expr_context)  # fmt: skip


def statement_verb(fact: Fact) -> str:
    """What one statement does to a column, or ``prepare``."""
    called = {node.attr for node in ast.walk(fact.node) if isinstance(node, ast.Attribute)}
    verbs = [verb for verb, names in _OPERATIONS if called & set(names)]
    return verbs[0] if len(verbs) == 1 else "prepare"


# What is done to a whole table, by the method or function that does it.
_TABLE_VERBS = {
    **dict.fromkeys(("pivot", "pivot_table", "unstack"), "pivot"),
    **dict.fromkeys(("sort_values", "sort_index"), "sort"),
    **dict.fromkeys(("groupby", "agg", "resample"), "aggregate"),
    **dict.fromkeys(("astype", "to_datetime", "to_numeric"), "convert"),
    **dict.fromkeys(("fillna", "ffill", "bfill", "interpolate"), "fill"),
    **dict.fromkeys(("query", "dropna", "isin", "between"), "filter"),
    **dict.fromkeys(("drop_duplicates",), "deduplicate"),
    **dict.fromkeys(("get_dummies",), "encode"),
    **{name: name for name in ("merge", "rename", "melt", "concat", "replace", "drop")},
}


def table_verbs(own: Sequence[Fact]) -> str:
    """The one or two things that the statements do to a table, or ``prepare``."""
    done = [verb for fact in own for verb in _done_to_table(fact.node) or ["prepare"]]
    verbs = list(dict.fromkeys(done))
    return "_and_".join(verbs) if len(verbs) <= 2 and "prepare" not in verbs else "prepare"


def _done_to_table(node: ast.stmt) -> list[str]:
    """In the order of the text."""
    calls = [
        child.func.attr
        for child in ast.walk(node)
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute)
    ]
    found = [_TABLE_VERBS[name] for name in reversed(calls) if name in _TABLE_VERBS]
    value = getattr(node, "value", None)
    match value.slice if isinstance(value, ast.Subscript) else None:
        case ast.List():
            found.append("select")
        case ast.Compare() | ast.BinOp() | ast.UnaryOp():
            found.append("filter")
    return found


# What classes whose name ends so do.
_PREPARATIONS = (
    ("scale_features", ("Scaler", "Normalizer")),
    ("encode_features", ("Encoder", "Binarizer", "get_dummies")),
    ("fill_features", ("Imputer",)),
    ("reduce_features", ("PCA", "SVD", "TSNE", "NMF", "SelectKBest", "RFE", "LinearDiscriminantAnalysis")),
    ("vectorize_texts", ("CountVectorizer", "TfidfVectorizer", "TfidfTransformer", "HashingVectorizer")),
)  # fmt: skip
_ESTIMATORS = ("SearchCV", "Classifier", "Regressor", "Regression", "Pipeline")
_SCORES = ("_score", "_error", "_matrix", "_report")
_TARGET = re.compile(r"[yY](_\w+)?|\w*(target|label)\w*")


_TOOLS = ("SearchCV", "Pipeline", "Fold", "Split", "Scaler", "Encoder", "Imputer", "Features",
          "DataFrame", "Series", "SelectKBest", "Checkpoint", "Stopping")  # fmt: skip


def model_word(own: Sequence[Fact]) -> str:
    """The estimator that is trained, in a word: ``random_forest``; nothing if that is not written here."""
    for fact in own:
        for node in ast.walk(fact.node):
            made = called_name(node) if isinstance(node, ast.Call) else ""
            if made[:1].isupper() and not made.endswith((*_TOOLS, "Transformer")):
                return snake(re.sub(r"(?<=.)(Classifier|Regressor)$", "", made))
    return ""


def _model_name(own: Sequence[Fact], inputs: Sequence[str]) -> str:
    nodes = [node for fact in own for node in ast.walk(fact.node)]
    called = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    known = called | {node.id for node in nodes if isinstance(node, ast.Name)}
    if any(isinstance(fact.node, ast.For | ast.While) for fact in own) and "fit" in called:
        return "choose_model"
    if "predict" not in called and not any(word.endswith(_ESTIMATORS) for word in known):
        for name, ends in _PREPARATIONS:
            if any(word.endswith(ends) for word in known):
                written = columns_of_all(own, lambda fact: fact.columns_written)
                if 0 < len(written) < 3:
                    return "_".join([name.partition("_")[0], "_and_".join(map(snake, written))])
                is_target = bool(inputs) and all(_TARGET.fullmatch(name) for name in inputs)
                return name.replace("features", "target") if is_target else name
    if called & {"fit_transform", "transform"} and not called & {"fit", "predict"}:
        return "transform_features"
    done = ["train"] if called & {"fit", "fit_predict"} else []
    if "score" in called or any(word.endswith(_SCORES) for word in known):
        return "_and_".join([*(done or ["predict"] * ("predict" in called)), "score"])
    done += ["predict"] if called & {"predict", "predict_proba"} else []
    return "_and_".join(done) or "score"
