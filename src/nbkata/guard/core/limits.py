"""The limits of a test that are written elsewhere than in its assertions: in tables, parameters, fixtures.

``assert score >= least`` asks as much as the numbers that ``least`` can be. Its name is followed to
where these are written, and each number is known by what is written beside it (the key in a table,
the rest of a row): so the limit of one case can be compared with the one that it had before.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from nbkata.guard.core.assertions import TOLERANCES, last_name, number

Function = ast.FunctionDef | ast.AsyncFunctionDef
# By whether it is the least or the most, and the keys: how loose it is, a higher number is looser.
Limits = Mapping[tuple[str, tuple[str, ...]], float]
# A value that a name is given, and which part of it.
_Source = tuple[ast.expr, int | None]
_HOLDERS = frozenset("dict Series DataFrame items values param MappingProxyType list tuple".split())
# How many names are followed, one to the next.
_DEEPEST = 6


def limits_of(functions: Sequence[Function], tables: Mapping[str, ast.expr]) -> Limits:
    """Those of the assertions in a test and in its helpers and fixtures."""
    sources: dict[str, list[_Source]] = {name: [(value, None)] for name, value in tables.items()}
    for function in functions:
        for name, source in _given(function):
            sources.setdefault(name, []).append(source)
    found = {}
    for function in functions:
        for meaning, sign, limit in _limits_in(function):
            for keys, value in _numbers(limit, None, sources, 0):
                found[meaning, keys] = sign * value
    return found


def looser(was: Limits, now: Limits) -> Iterator[str]:
    """What became looser, for a message."""
    for (meaning, keys), value in now.items():
        before = was.get((meaning, keys))
        if before is not None and value > before:
            where = f" for {' '.join(keys)}" if keys else ""
            yield f"{meaning} {abs(value):g}{where}, and it was {abs(before):g}"


def no_longer_asked(was: Limits, now: Limits) -> list[str]:
    """The keys of limits that are gone, if those that are left are of the same table."""
    return (
        [" ".join(keys) for _, keys in was.keys() - now.keys()] if was.keys() > now.keys() else []
    )


def _limits_in(function: Function) -> Iterator[tuple[str, int, ast.expr]]:
    """The expressions that say how much an assertion allows, but not those that are numbers."""
    for node in ast.walk(function):
        found: list[tuple[str, int, ast.expr]] = []
        if isinstance(node, ast.Assert):
            compared = [child for child in ast.walk(node.test) if isinstance(child, ast.Compare)]
            found = [limit for child in compared for limit in _of_comparison(child)]
        elif isinstance(node, ast.Call):
            found = [("at most", 1, word.value) for word in node.keywords if word.arg in TOLERANCES]
            name = last_name(node.func)
            if name.startswith("assertGreater") and len(node.args) > 1:
                found.append(("at least", -1, node.args[1]))
            elif name.startswith("assertLess") and len(node.args) > 1:
                found.append(("at most", 1, node.args[1]))
        yield from (limit for limit in found if number(limit[2]) is None)


def _of_comparison(node: ast.Compare) -> Iterator[tuple[str, int, ast.expr]]:
    for left, op, right in zip([node.left, *node.comparators], node.ops, node.comparators):
        if isinstance(op, ast.Gt | ast.GtE):
            left, right = right, left
        elif not isinstance(op, ast.Lt | ast.LtE):
            continue
        yield "at least", -1, left
        yield "at most", 1, right


def _given(function: Function) -> Iterator[tuple[str, _Source]]:
    """What the names in a function are given: its parameters, those of its loops, what it assigns."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and last_name(decorator.func) == "parametrize":
            if len(decorator.args) > 1:
                names = _parameters(decorator.args[0])
                for place, name in enumerate(names):
                    yield name, (decorator.args[1], place if len(names) > 1 else None)
    for node in ast.walk(function):
        if isinstance(node, ast.For | ast.comprehension):
            yield from _parts(node.target, node.iter)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            yield from _parts(node.targets[0], node.value)
        elif isinstance(node, ast.Return | ast.Yield) and node.value is not None:
            yield function.name, (node.value, None)


def _parameters(node: ast.expr) -> list[str]:
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    texts = [part.value for part in parts if isinstance(part, ast.Constant)]
    return [name for text in texts for name in str(text).replace(",", " ").split()]


def _parts(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, _Source]]:
    """The names of a target; in ``for key, value in table.items()`` a value is no part of a row."""
    if not isinstance(target, ast.Tuple):
        yield last_name(target), (value, None)
        return
    is_items = isinstance(value, ast.Call) and last_name(value.func) == "items"
    for place, part in enumerate(target.elts):
        if isinstance(part, ast.Tuple):
            for inner, one in enumerate(part.elts):
                yield last_name(one), (value, inner)
        else:
            yield last_name(part), (value, None if is_items else place)


def _numbers(
    node: ast.expr, part: int | None, sources: Mapping[str, list[_Source]], depth: int
) -> Iterator[tuple[tuple[str, ...], float]]:
    """The numbers that an expression can be, each with its keys; nothing if they are computed."""
    inner: list[tuple[tuple[str, ...], _Source]] = []
    value = number(node)
    if value is not None:
        yield (), value
    elif isinstance(node, ast.Name | ast.Attribute) and depth < _DEEPEST:
        inner = [
            ((), (one, part if own is None else own))
            for one, own in sources.get(last_name(node), ())
        ]
    elif isinstance(node, ast.Subscript):
        key = ast.unparse(node.slice) if isinstance(node.slice, ast.Constant) else None
        for keys, value in _numbers(node.value, part, sources, depth + 1):
            if key is None or key in keys:
                yield keys, value
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        inner = [((), (node.left, None)), ((), (node.right, None))]
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values)
        inner = [((ast.unparse(key),), (one, part)) for key, one in pairs if key is not None]
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        inner = list(_elements(node.elts, part))
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        inner = [((), (one.iter, None)) for one in node.generators]
        inner += [((), (node.value if isinstance(node, ast.DictComp) else node.elt, part))]
    elif isinstance(node, ast.Call) and last_name(node.func) == "zip":
        inner = [
            ((), (one, None)) for one in node.args[slice(part, None if part is None else part + 1)]
        ]
    elif isinstance(node, ast.Call) and last_name(node.func) in _HOLDERS:
        inner = [((repr(word.arg),), (word.value, part)) for word in node.keywords]
        inner += [((), (one, part)) for one in node.args]
        if isinstance(node.func, ast.Attribute) and not node.args:
            inner.append(((), (node.func.value, part)))
    for before, (one, own) in inner:
        for keys, value in _numbers(one, own, sources, depth + 1):
            yield (*before, *keys), value


def _elements(
    elements: Sequence[ast.expr], part: int | None
) -> Iterator[tuple[tuple[str, ...], _Source]]:
    """Those of a list, or of a row of which a part is asked for: its key is then the rest of the row."""
    rows = [_row(element) for element in elements]
    if any(rows):
        for row in rows:
            for place, one in enumerate(row):
                if part is None or place == part:
                    rest = (ast.unparse(other) for at, other in enumerate(row) if at != place)
                    yield tuple(rest), (one, None)
        return
    for place, one in enumerate(elements):
        if part is None or place == part:
            yield (str(place),), (one, None)


def _row(node: ast.expr) -> Sequence[ast.expr]:
    if isinstance(node, ast.Call) and last_name(node.func) == "param":
        return node.args
    return node.elts if isinstance(node, ast.List | ast.Tuple) else ()
