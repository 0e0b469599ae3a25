"""Where a seed belongs: the line as it would be."""

import ast
import re
from collections.abc import Sequence

from nbkata.smells.core.finding import Finding
from nbkata.smells.core.symbols import Smell

SEED = 42


def seed_proposals(findings: Sequence[Finding]) -> tuple[str, ...]:
    """One line of Markdown for each place that draws without a seed."""
    messages = []
    for finding in findings:
        if finding.symbol is not Smell.UNSEEDED_RANDOMNESS:
            continue
        source = finding.source.strip()
        place = f"cell {finding.cell}, line {finding.line}"
        new = seeded(source)
        if "the one seed elsewhere" in finding.message and "once, in" in new:
            new = ""  # it is there already: what helps is a generator of its own
        messages.append(f"{place}: `{new}`" if new else f"{place}: {finding.message}")
    return tuple(dict.fromkeys(messages))


def seeded(source: str) -> str:
    """The statement with a seed in it; empty where none is known for it."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        keyword = _KEYWORDS.match(name)
        if name in ("default_rng", "RandomState") and not node.args and not node.keywords:
            return _inserted(source, node, str(SEED))
        if keyword and all(k.arg not in ("random_state", "seed") for k in node.keywords):
            return _inserted(source, node, f"random_state={SEED}")
    if re.search(r"\b(np|numpy)\.random\.", source):
        return f"np.random.seed({SEED})  # once, in the first cell"
    return (
        f"random.seed({SEED})  # once, in the first cell"
        if re.search(r"\brandom\.", source)
        else ""
    )


def _inserted(source: str, node: ast.Call, argument: str) -> str:
    lines = source.split("\n")
    if node.end_lineno != len(lines) and len(lines) > 1:
        return ""
    end = len(lines[0].encode()[: node.end_col_offset].decode()) - 1
    comma = ", " if node.args or node.keywords else ""
    return lines[0][:end].rstrip(", ") + comma + argument + lines[0][end:]


_KEYWORDS = re.compile(
    r"^(train_test_split|sample|shuffle|resample|make_\w+|(Stratified)?(K|Shuffle)\w*(Fold|Split)"
    r"|\w*(Forest|Tree|Boosting|Perceptron|SGD|MLP|Bagging|KMeans|TSNE|GaussianMixture|Logistic|SVC)\w*)$"
)
