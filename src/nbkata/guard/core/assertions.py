"""How much an assertion asks for: exactly equal, nearly, within a bound, or hardly anything."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Strength(IntEnum):
    """From what nothing can fail to what only one value passes."""

    NOTHING = 0
    TRUTH = 1
    BOUND = 2
    NEAR = 3
    EXACT = 4


# Names that make a comparison see less than the whole.
REDUCERS = frozenset(
    """any astype columns count describe dropna dtypes fillna frozenset head iloc isin keys len
    lower max mean median min nunique reset_index round sample set shape size sort_index sort_values
    sorted str strip sum tail type Counter""".split()
)
TOLERANCES = frozenset(
    ("abs", "rel", "rtol", "atol", "rel_tol", "abs_tol", "delta", "check_less_precise")
)
_DIGITS = frozenset(("places", "decimal", "significant", "decimals", "ndigits"))
_NEAR = ("isclose", "allclose", "almost", "approx", "nearly")
_TYPES = frozenset(("isinstance", "hasattr", "callable", "issubclass", "bool", "any"))
_BROAD = frozenset(("Exception", "BaseException"))


@dataclass(frozen=True, slots=True)
class Assertion:
    """One thing that a test asks for."""

    text: str  # without its message, with constants in the place of their names
    strength: Strength
    loose: dict[str, float]  # how far from exact, by what says so: a higher number is looser
    reducers: Counter[str]
    constants: frozenset[str]
    line: int
    guards: frozenset[str] = frozenset()  # why it may not be asked, or not fail
    repeats: bool = False  # asked for many cases
    is_mirrored: bool = False  # both sides call the same function

    def looser_than(self, other: "Assertion") -> bool:
        """Whether it allows a wider range of values."""
        highest = max(other.loose.values(), default=None)
        return any(
            value > other.loose[name] if name in other.loose else highest is None or value > highest
            for name, value in self.loose.items()
        )


def assertions_of(expression: ast.expr, line: int) -> Iterator[Assertion]:
    """Those of ``assert EXPRESSION``: one for each part of an ``and``."""
    if isinstance(expression, ast.BoolOp) and isinstance(expression.op, ast.And):
        for part in expression.values:
            yield from assertions_of(part, line)
        return
    yield _assertion(expression, _strength(expression), line)


def called_assertion(call: ast.Call, line: int) -> Assertion | None:
    """The one that a call is: ``assert_frame_equal(…)``, ``self.assertIn(…)``; None if it is none."""
    name = last_name(call.func)
    lower = name.lower().replace("_", "")
    if not lower.startswith("assert"):
        return None
    first = call.args[0] if call.args else None
    if lower in ("asserttrue", "assert") and first is not None:
        return _assertion(first, _strength(first), line)
    if len(call.args) > 1 and _same(call.args[0], call.args[1]):
        strength = Strength.NOTHING
    elif any(word in lower for word in ("close", *_NEAR)):
        strength = Strength.NEAR
    elif any(word in lower for word in ("isnotnone", "isinstance", "notequal", "false")):
        strength = Strength.TRUTH
    elif lower in ("assertin", "assertnotin", "assertgreater", "assertless", "assertgreaterequal"):
        strength = Strength.BOUND
    elif lower in ("assertraises", "assertwarns", "assertraisesregex"):
        return raised(call, line)
    else:
        strength = Strength.EXACT if call.args or call.keywords else Strength.TRUTH
    return _assertion(call, strength, line)


def raised(call: ast.Call, line: int) -> Assertion:
    """That of ``with pytest.raises(…)``."""
    names = {last_name(arg) for arg in call.args}
    matched = any(word.arg in ("match", "check") for word in call.keywords) or len(call.args) > 1
    exact = Strength.EXACT if matched else Strength.NEAR
    return _assertion(call, Strength.TRUTH if names & _BROAD and not matched else exact, line)


def last_name(node: ast.AST | None) -> str:
    """``c`` of ``a.b.c`` and of ``c``; else nothing."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def constants_in(node: ast.AST) -> Iterator[str]:
    """Numbers, texts and None in code, as Python writes them; names of parameters are none."""
    parts: list[ast.AST] = [node]
    if isinstance(node, ast.Call) and last_name(node.func) == "parametrize":
        parts = [*node.args[1:], *node.keywords]
    for part in parts:
        for child in ast.walk(part):
            if isinstance(child, ast.Constant) and child.value is not ...:
                yield repr(child.value)


def reducers_in(node: ast.AST) -> Counter[str]:
    """The names in it that make less of a value."""
    found: Counter[str] = Counter()
    for child in ast.walk(node):
        made = child.func if isinstance(child, ast.Call) else child
        name = last_name(made) if made is not child or isinstance(child, ast.Attribute) else ""
        if name in REDUCERS:
            found[name] += 1
        elif isinstance(child, ast.Subscript) and not last_name(child.value).isupper():
            # Of a table of the code it picks what to test.
            if any(isinstance(one, ast.Slice) for one in ast.walk(child.slice)):
                found["a slice"] += 1
        elif isinstance(child, ast.keyword) and child.arg == "nrows":
            found["nrows"] += 1
    return found


def _assertion(node: ast.expr, strength: Strength, line: int) -> Assertion:
    return Assertion(
        ast.unparse(node),
        strength,
        dict(_looseness(node)),
        reducers_in(node),
        frozenset(constants_in(node)),
        line,
        is_mirrored=_is_mirrored(node),
    )


def _is_mirrored(node: ast.expr) -> bool:
    if not isinstance(node, ast.Compare) or len(node.comparators) != 1:
        return False
    left, right = (
        {last_name(child.func) for child in ast.walk(side) if isinstance(child, ast.Call)}
        - REDUCERS
        for side in (node.left, node.comparators[0])
    )
    return not left.isdisjoint(right)


def _strength(node: ast.expr) -> Strength:  # pylint: disable=too-many-return-statements # a table
    if isinstance(node, ast.BoolOp):
        return min(Strength.BOUND, *map(_strength, node.values))
    if isinstance(node, ast.Compare):
        return _compared(node)
    if isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.JoinedStr | ast.Lambda):
        return Strength.NOTHING
    if isinstance(node, ast.Call):
        return _called(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return min(Strength.TRUTH, _strength(node.operand))
    return Strength.TRUTH


def _compared(node: ast.Compare) -> Strength:
    if any(_same(a, b) for a, b in zip([node.left, *node.comparators], node.comparators)):
        return Strength.NOTHING
    if all(isinstance(one, ast.Constant) for one in (node.left, *node.comparators)):
        return Strength.NOTHING
    if any(isinstance(op, ast.IsNot | ast.NotEq) for op in node.ops):
        return Strength.TRUTH
    if all(isinstance(op, ast.Eq | ast.Is) for op in node.ops):
        near = any(_is_near(child) for child in ast.walk(node))
        return Strength.NEAR if near else Strength.EXACT
    return Strength.NEAR if _tolerance_below(node) is not None else Strength.BOUND


def _called(node: ast.Call) -> Strength:
    name = last_name(node.func)
    if name in _TYPES:
        return Strength.TRUTH
    if _is_near(node):
        return Strength.NEAR
    inner = [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
    if name == "all":
        parts = [
            one.elt if isinstance(one, ast.GeneratorExp | ast.ListComp) else one for one in inner
        ]
        found = [_strength(one) for one in parts if isinstance(one, ast.Compare | ast.Call)]
        return max(found, default=Strength.TRUTH)
    return Strength.EXACT if name in ("equals", "array_equal", "array_equiv") else Strength.TRUTH


def _is_near(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(
        word in last_name(node.func).lower() for word in _NEAR
    )


def _looseness(node: ast.expr) -> Iterator[tuple[str, float]]:
    for child in ast.walk(node):
        if isinstance(child, ast.Call):
            yield from _loose_call(child)
        elif isinstance(child, ast.Compare):
            yield from _loose_bound(child)


def _loose_call(call: ast.Call) -> Iterator[tuple[str, float]]:
    name = last_name(call.func)
    for word in call.keywords:
        value = number(word.value)
        if word.arg in TOLERANCES and value is not None:
            yield word.arg, value
        elif word.arg in _DIGITS and value is not None:
            yield word.arg, -value
        elif word.arg and word.arg.startswith("check_") and isinstance(word.value, ast.Constant):
            loose = word.value.value if word.arg == "check_like" else not word.value.value
            if loose:
                yield word.arg, 1.0
    for place, meaning in enumerate(("", "rel", "abs") if name == "approx" else ()):
        if meaning and place < len(call.args) and (value := number(call.args[place])) is not None:
            yield meaning, value
    if name == "round":
        digits = number(call.args[-1]) if call.args else None
        yield "round", -(digits or 0.0)


def _loose_bound(node: ast.Compare) -> Iterator[tuple[str, float]]:
    tolerance = _tolerance_below(node)
    if tolerance is not None:
        yield "abs", tolerance
        return
    for left, op, right in zip([node.left, *node.comparators], node.ops, node.comparators):
        low, high = number(left), number(right)
        if isinstance(op, ast.Gt | ast.GtE):
            low, high = high, low
        elif not isinstance(op, ast.Lt | ast.LtE):
            continue
        if low is not None:
            yield "at least", -low
        if high is not None:
            yield "at most", high


def _tolerance_below(node: ast.Compare) -> float | None:
    """The number in ``abs(a - b) < 0.1``."""
    is_below = len(node.ops) == 1 and isinstance(node.ops[0], ast.Lt | ast.LtE)
    calls = any(
        isinstance(child, ast.Call) and last_name(child.func) in ("abs", "fabs", "absolute", "norm")
        for child in ast.walk(node.left)
    )
    return number(node.comparators[0]) if is_below and calls else None


def number(node: ast.AST) -> float | None:
    """A number that is written there."""
    try:
        value: Any = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _same(one: ast.expr, other: ast.expr) -> bool:
    return ast.dump(one) == ast.dump(other)
