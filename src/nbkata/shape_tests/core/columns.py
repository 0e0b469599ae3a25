"""One column of what code gives made as it was before, whatever shape the change of the code has."""

import ast
import copy
from collections.abc import Collection, Iterator

from nbkata.shape_tests.core.pieces import Definition, Undone

# What the two functions or classes and what they give are called in the new one.
BEFORE, NOW = "as_before_this_step", "as_it_is_now"
# Of an object, its twin of before.
TWIN = "_twin_of_before"
# The rows in which a column is as it was: those in which it is missing as it is given, the others, or all.
GAPS, OTHERS, ALL = "where it is missing", "where it is not missing", ""


def column_undone(
    former: Definition,
    new: Definition,
    column: str,
    leaving: Collection[str] = (),
    rows: str = ALL,
) -> Undone:
    """The new function or class, whose result has the column of the former one in some rows.

    The names are those that the column is made of, and that the former one does not have; not those of
    the functions ``leaving`` the column as they are given it.
    """
    is_class = isinstance(new, ast.ClassDef)
    lines = _class_lines(former, new) if is_class else _function_lines(new)
    made = ast.parse(f"{_helper_lines(column, rows)}{lines}").body
    for definition, name in ((new, NOW), (former, BEFORE)):
        inner = copy.deepcopy(definition)
        inner.name = name
        if isinstance(inner, ast.FunctionDef):
            inner.decorator_list = []
        made.insert(0, inner)
    if not is_class:
        setattr(made[-1], "decorator_list", copy.deepcopy(new.decorator_list))
    names = _made_of(new, column) - _names(former) - {*leaving}
    what = f"made its {column} as it was before this step" + (rows and f" {rows}")
    text = ast.unparse(ast.fix_missing_locations(ast.Module(made, [])))
    return Undone(text, what, frozenset(names))


def _helper_lines(column: str, rows: str) -> str:
    return f"""
def with_column_of_before(was, made, given):
    tables = [one for one in given if {column!r} in getattr(one, "columns", ())]
    if any({column!r} not in getattr(one, "columns", ()) for one in (was, made)):
        return made
    if not {rows!r}:
        return made.assign(**{{{column!r}: was[{column!r}]}})
    if not tables or len(tables[0]) != len(made):
        return made
    is_asked = tables[0][{column!r}].isna().to_numpy() == {rows == GAPS}
    values = made[{column!r}].mask(is_asked, was[{column!r}])
    if not values.isna().any():  # of the same type as now, if no value is another in it
        alike = values.astype(made[{column!r}].dtype)
        values = alike if (alike == values).all() else values
    return made.assign(**{{{column!r}: values}})
"""


def _function_lines(new: Definition) -> str:
    return f"""
def {new.name}(*given, **named):
    import copy
    was = {BEFORE}(*copy.deepcopy(given), **named)
    made = {NOW}(*copy.deepcopy(given), **named)
    return with_column_of_before(was, made, [*given, *named.values()])
"""


def _class_lines(former: Definition, new: Definition) -> str:
    """Each public method or property is asked of a twin of before as well, which has learnt what that one learns.

    Who looks from outside sees what the twin has learnt.
    """
    before = _public_methods(former)
    methods = "".join(f"""
    {"@property" if is_property else ""}
    def {name}(self, *given, **named):
        return in_both_ways(self, {name!r}, given, named)
""" for name, is_property in _public_methods(new).items() if before.get(name) is is_property)
    return f"""
def in_both_ways(self, name, given, named):
    import copy, inspect
    before, now = (inspect.getattr_static(one, name) for one in ({BEFORE}, {NOW}))
    before, now = (getattr(one, "fget", getattr(one, "func", one)) for one in (before, now))
    own = self.__dict__
    if {TWIN!r} in own and own[{TWIN!r}] is None:  # called by another method
        return now(self, *given, **named)
    twin = own.pop({TWIN!r}, None) or copy.copy(self)
    object.__setattr__(twin, "__class__", {BEFORE})
    was = before(twin, *copy.deepcopy(given), **named)
    own[{TWIN!r}] = None
    made = now(self, *given, **named)
    own[{TWIN!r}] = twin
    return with_column_of_before(was, made, [*given, *named.values()])

class {new.name}({NOW}):
    def __getattribute__(self, name):
        twin = object.__getattribute__(self, "__dict__").get({TWIN!r})
        learnt = vars(twin) if twin is not None and not hasattr({NOW}, name) else {{}}
        return learnt[name] if name in learnt else object.__getattribute__(self, name)
{methods}"""


def _public_methods(definition: Definition) -> dict[str, bool]:
    """By name, whether each is a property, cached or not; without those that are decorated otherwise."""
    return {
        one.name: bool(one.decorator_list)
        for one in definition.body
        if isinstance(one, ast.FunctionDef)
        and not one.name.startswith("_")
        and all(ast.unparse(by).endswith("property") for by in one.decorator_list)
    }


def _made_of(function: Definition, column: str) -> set[str]:
    """The names that a column is made of, by way of others; all names if it is not assigned by name."""
    found = set[str]().union(*map(_names, _assigned(function, column))) or _names(function)
    waiting = [*found]
    while waiting:
        name = waiting.pop()
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and any(
                getattr(one, "id", "") == name for one in node.targets
            ):
                more = _names(node.value) - found
                found |= more
                waiting += more
    return found


def _assigned(function: Definition, column: str) -> Iterator[ast.AST]:
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg == column:
            yield node.value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and ast.unparse(target.slice) == repr(column):
                    yield node.value


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
