"""Randomness: drawn without a seed, or with one seed for everything."""

from collections.abc import Iterator

from astroid import nodes

from nbkata.purity.core.effects import NEEDS_RANDOM_STATE_MODEL, SHUFFLERS
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.flow import Flow
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import (
    Node,
    dotted,
    has_star_keywords,
    in_function,
    is_true,
    keyword,
    method,
    receiver,
    root,
)
from nbkata.smells.core.view import View

_SEEDS = frozenset({"numpy.random.seed", "random.seed"})
_OTHER_SEEDS = frozenset({"manual_seed", "set_random_seed", "set_seed", "seed_everything"})
_NOT_DRAWS = frozenset(
    "seed default_rng RandomState Generator get_state set_state SeedSequence Random PCG64".split()
)
_TORCH_DRAWS = frozenset(
    {
        "torch.utils.data.random_split",
        *(f"torch.{name}" for name in ("rand", "randn", "randint", "randperm", "normal")),
    }
)


def global_seed(view: View) -> Iterator[Spot]:
    """``np.random.seed(…)`` at the top: one stream that every draw shares."""
    for call in view.calls():
        name = view.qualified(call.func)
        if name in _SEEDS and in_function(call) is None:
            which = "numpy" if name.startswith("numpy") else "random"
            message = (
                f"one seed for all of {which}: a draw added or moved above changes every draw "
                "below. Pass a generator or random_state to each place that draws."
            )
            yield view.spot(Smell.GLOBAL_SEED, call, message)


def unseeded_randomness(view: View) -> Iterator[Spot]:
    """A draw without a seed of its own, unless the same cell seeds the stream above it."""
    seeded = [call for call in view.calls() if view.qualified(call.func) in _SEEDS]
    anywhere = bool(seeded) or any(method(call) in _OTHER_SEEDS for call in view.calls())
    reported: set[int] = set()
    for call in view.calls():
        what = _draws(view, call)
        if not what or call.lineno in reported or _is_seeded_here(view, call, seeded):
            continue
        reported.add(call.lineno)
        why = (
            "the one seed elsewhere holds only while every cell runs once and in order"
            if anywhere
            else "each run gives another result, and nobody can compare two of them"
        )
        fix = (
            "Call torch.manual_seed first, or pass a generator."
            if view.qualified(call.func) in _TORCH_DRAWS
            else (
                "Draw from a generator of your own: np.random.default_rng(seed)."
                if "random." in view.qualified(call.func)
                else "Give it random_state."
            )
        )
        yield view.spot(Smell.UNSEEDED_RANDOMNESS, call, f"{what} draws at random: {why}. {fix}")


def _is_seeded_here(view: View, call: nodes.Call, seeds: list[nodes.Call]) -> bool:
    """A seed above in the same cell, or, in a module, anywhere above."""
    position = view.position(call)
    return any(
        view.position(seed) == position and seed.lineno <= call.lineno for seed in seeds
    ) or (not view.has_cells and bool(seeds))


def _draws(view: View, call: nodes.Call) -> str:
    """What draws, or nothing if it is seeded or does not draw."""
    if has_star_keywords(call):
        return ""
    return _draws_a_stream(view, call) or _draws_in_a_library(view, call)


def _draws_a_stream(view: View, call: nodes.Call) -> str:
    """A function of numpy's or Python's own random."""
    name = view.qualified(call.func)
    last = method(call)
    if name in {"numpy.random.default_rng", "numpy.random.RandomState"}:
        return f"np.random.{last}" if not call.args and not call.keywords else ""
    if last in _NOT_DRAWS:
        return ""
    if name.startswith("numpy.random."):
        return f"np.random.{last}"
    if name in _TORCH_DRAWS and keyword(call, "generator") is None:
        return "" if view.once(_seeds_torch) else name.removeprefix("torch.utils.data.")
    imported = dotted(call.func).partition(".")[0] in view.aliases
    own = name.startswith("random.") and name.count(".") == 1 and imported
    return name if own else ""


def _seeds_torch(view: View) -> bool:
    """Whether the one seed that torch's users expect is set anywhere."""
    return any(method(call) in _OTHER_SEEDS for call in view.calls())


def _draws_in_a_library(view: View, call: nodes.Call) -> str:
    """An estimator, a split or a sample without a seed of its own."""
    last = method(call)
    if _given(call, "random_state") or _given(call, "seed"):
        return ""
    if last == "train_test_split":
        return "" if _is_false(keyword(call, "shuffle")) else "train_test_split"
    if last in NEEDS_RANDOM_STATE_MODEL and last in view.once(_imported):
        return str(last)
    if last in SHUFFLERS and is_true(keyword(call, "shuffle")):
        return str(last)
    if last == "sample" and receiver(call) is not None and root(call) in view.once(Flow).frames:
        return "sample()"
    return ""


def _given(call: nodes.Call, name: str) -> bool:
    value = keyword(call, name)
    return value is not None and not (isinstance(value, nodes.Const) and value.value is None)


def _is_false(node: Node | None) -> bool:
    return isinstance(node, nodes.Const) and node.value is False


def _imported(view: View) -> set[str]:
    """Estimators that come from a library, by whatever name they are called here."""
    names = {target.rsplit(".", 1)[-1] for target in view.aliases.values()}
    if view.wildcards or any(v.startswith("sklearn") for v in view.aliases.values()):
        return names | NEEDS_RANDOM_STATE_MODEL
    return names
