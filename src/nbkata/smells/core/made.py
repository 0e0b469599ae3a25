"""What a model or a transformer is made of, as far as the text tells."""

from bisect import bisect_right
from collections import defaultdict

from astroid import nodes

from nbkata.smells.core.flow import bindings
from nbkata.smells.core.syntax import Node, dotted, method, receiver, root, walk
from nbkata.smells.core.view import View

SCALERS = frozenset(
    "StandardScaler MinMaxScaler RobustScaler MaxAbsScaler Normalizer PowerTransformer PCA".split()
)
LEARNS = SCALERS | frozenset(
    """QuantileTransformer SimpleImputer KNNImputer IterativeImputer Imputer TruncatedSVD
    TfidfVectorizer CountVectorizer VarianceThreshold PolynomialFeatures""".split()
)
SELECTS = frozenset(
    "SelectKBest SelectPercentile RFE RFECV SelectFromModel TargetEncoder LDA".split()
)
RESAMPLES = frozenset("SMOTE ADASYN RandomOverSampler SMOTENC BorderlineSMOTE SMOTETomek".split())
THINS = frozenset("RandomUnderSampler NearMiss TomekLinks ClusterCentroids SMOTEENN".split())
_LEARNERS = LEARNS | SELECTS | RESAMPLES | THINS
# What these make and the sets above do not name learns nothing that tells of other rows.
_LIBRARIES = frozenset("sklearn imblearn category_encoders umap numpy pandas joblib".split())


def constructed(view: View) -> dict[str, list[tuple[int, str]]]:
    """For each name, the classes that it was made of, with the line."""
    found: dict[str, list[tuple[int, str]]] = {}
    for name, values in view.once(_values).items():
        for value in values:
            if method(value)[:1].isupper():
                found.setdefault(name, []).append((value.statement().lineno, method(value)))
    return found


def class_of(on: Node | None, classes: dict[str, list[tuple[int, str]]]) -> str:
    """The class of what a method is called on, as it was last made above."""
    if isinstance(on, nodes.Call):
        return method(on)
    made = classes.get(root(on), []) if on is not None else []
    above = bisect_right(made, on.lineno or 0, key=lambda one: one[0]) if on is not None else 0
    return made[above - 1][1] if above else ""


def learner_in(view: View, whole: View, on: Node | None) -> str:
    """What learns in a transformer: a class in a pipeline, or what a maker of one's own makes.

    ``whole`` has the definitions; of a maker from another module the text says no more than its
    name, and most of them learn.
    """
    of_ones_own = ""
    seen: set[str] = set()
    todo = [on] if on is not None else []
    while todo:
        place = todo.pop(0)
        if isinstance(place, nodes.ClassDef) and _keeps_what_it_saw(place):
            of_ones_own = of_ones_own or place.name
        for part in walk(place):
            if method(part) in _LEARNERS:
                return method(part)
            if _is_from_elsewhere(whole, part) and not isinstance(place, _DEFINITIONS):
                name = method(part)
                of_ones_own = of_ones_own or (name if name[0].isupper() else f"what {name}() makes")
            if isinstance(part, nodes.Name) and part.name not in seen:
                seen.add(part.name)
                made = [*view.once(_values)[part.name], *whole.once(_definitions)[part.name]]
                known = made or part.name in view.parameters
                todo += made if known else whole.once(_values)[part.name]
    return of_ones_own


_DEFINITIONS = (nodes.FunctionDef, nodes.ClassDef)


def _keeps_what_it_saw(own: nodes.ClassDef) -> bool:
    """Whether its ``fit`` writes attributes."""
    fits = [part for part in own.body if getattr(part, "name", "") == "fit"]
    return any(isinstance(part, nodes.AssignAttr) for fit in fits for part in walk(fit))


def _is_from_elsewhere(whole: View, call: Node) -> bool:
    """A call of what another module of one's own defines."""
    head = dotted(call.func).partition(".")[0] if isinstance(call, nodes.Call) else ""
    return head in whole.aliases and whole.aliases[head].partition(".")[0] not in _LIBRARIES


def _values(view: View) -> dict[str, list[Node]]:
    """What each name is made by a call: the maker, not what it was fitted on."""
    found: dict[str, list[Node]] = defaultdict(list)
    for step in view.steps:
        for name, value in bindings(step.node):
            maker = receiver(value) if method(value) == "fit" else value
            if isinstance(maker, (nodes.Call, nodes.List, nodes.Tuple)):
                found[name].append(maker)
    return found


def _definitions(view: View) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = defaultdict(list)
    for own in view.all(*_DEFINITIONS):
        found[own.name].append(own)
    return found
