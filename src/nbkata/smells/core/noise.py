"""Noise: what a cell puts on screen and the rest of the notebook never needs."""

import re
from collections.abc import Callable, Iterator

from astroid import nodes

from nbkata.notebook.core.notebook import OutputKind
from nbkata.smells.core.finding import Spot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import (
    Node,
    acts,
    chain,
    dotted,
    in_function,
    keyword,
    method,
    receiver,
    root,
    walk,
)
from nbkata.smells.core.view import Step, View

_PRINTS = frozenset({"print", "pprint", "pprint.pprint", "pprint.pp"})
_LOOKS = frozenset(
    """head tail describe info sample value_counts nunique isnull isna shape columns dtypes size
    index display to_string unique style summary""".split()
)
_SHOWS_VALUE = frozenset(
    """sum mean median min max std var count agg aggregate groupby corr cov crosstab pivot_table
    sort_values sort_index round quantile mode any all idxmax idxmin nlargest nsmallest duplicated
    len set type list dict sorted score accuracy_score confusion_matrix classification_report
    f1_score roc_auc_score mean_squared_error r2_score cross_val_score DataFrame summary""".split()
)
_SHOWS_VALUE_OF_FRAMES = frozenset(
    "query filter loc iloc merge concat get_dummies copy tolist str dt transpose".split()
)
_PLOT_MODULES = ("matplotlib", "seaborn", "plotly", "altair", "bokeh", "missingno", "pylab")
_PLOT_SETTINGS = re.compile(
    r"\.(set|set_theme|set_style|set_palette|set_context|use|rc|rcParams|rcdefaults|reset_defaults"
    r"|init_notebook_mode|set_config_file|output_notebook|register_matplotlib_converters"
    r"|color_palette|get_cmap|offline|io|templates|default)\b"
)
_PLOT_METHODS = frozenset({"plot", "hist", "boxplot", "plot_bokeh", "iplot", "scatter_matrix"})
_PICTURE = re.compile(
    r"^[\[<(]*(array\(\[+)?<?(Axes|matplotlib|seaborn|Text\(|Figure|BarContainer)"
)


def print_noise(view: View) -> Iterator[Spot]:
    """``print`` at the top, or in a notebook's function that also returns a result.

    Below ``if __name__ == "__main__":`` a script shows its answer.
    """

    def is_noise(step: Step) -> bool:
        return is_print(view, step.node) and (view.is_notebook or not _is_for_main(step.node))

    for first, last in runs(view, is_noise):
        yield view.spot(Smell.PRINT_NOISE, first, _PRINT, last)
    for call in view.calls() if view.is_notebook else ():
        function = in_function(call) if view.qualified(call.func) in _PRINTS else None
        if function is not None and _gives_value(function):
            message = (
                f"{function.name}() computes and prints: whoever calls it gets the text each time. "
                "Return the value, and let the caller show it."
            )
            yield view.spot(Smell.PRINT_NOISE, call, message)


_PRINT = (
    "print is for eyes: nothing later uses it, and it hides the steps that count. "
    "Remove it; a number worth watching belongs in a test."
)


def display_noise(view: View) -> Iterator[Spot]:
    """A value looked at: ``df.head()``, ``display(…)``, a bare last expression."""

    def is_look(step: Step) -> bool:
        node = step.node
        if not isinstance(node, nodes.Expr) or is_plot(view, node):
            return False
        if view.has_cells and step.depth == 0 and view.last_statement[step.block] is node:
            return _is_shown(view, node.value, step.block)
        return is_looked_at(node.value)

    for first, last in runs(view, is_look):
        what = _short(first)
        message = (
            f"{what} only shows something: no later step uses it. "
            "Remove it once you have seen it; what you learned belongs in a test or in the text."
        )
        yield view.spot(Smell.DISPLAY_NOISE, first, message, last)


def plot_noise(view: View) -> Iterator[Spot]:
    """Plots at the top of a cell, unless the cell saves them to a file."""
    saving = {view.position(call) for call in view.calls() if method(call) in _SAVES}
    seen = set()
    for first, last in runs(view, lambda step: is_plot(view, step.node)):
        if view.position(first) not in saving:
            seen.add(view.position(first))
            yield view.spot(Smell.PLOT_NOISE, first, _PLOT, last)
    for position, block in enumerate(view.blocks if view.is_notebook else ()):
        pictures = block.cell is not None and any(out.is_image for out in block.cell.outputs)
        if pictures and position not in seen | saving and position in view.last_statement:
            yield view.spot(Smell.PLOT_NOISE, view.last_statement[position], _PLOT)


_SAVES = frozenset({"savefig", "write_html", "write_image", "save_fig"})
_PLOT = (
    "a plot is for exploring: it slows every run, and no later step uses it. "
    "Remove it here; keep the ones worth showing in a report of their own."
)


def is_print(view: View, node: Node) -> bool:
    """Whether a statement prints to the screen."""
    return (
        isinstance(node, nodes.Expr)
        and isinstance(node.value, nodes.Call)
        and view.qualified(node.value.func) in _PRINTS
        and keyword(node.value, "file") is None
    )


def _is_for_main(node: Node) -> bool:
    block = node.parent
    return isinstance(block, nodes.If) and "__name__" in block.test.as_string()


def _gives_value(function: nodes.FunctionDef) -> bool:
    return any(
        isinstance(node, nodes.Return)
        and node.value is not None
        and not (isinstance(node.value, nodes.Const) and node.value.value is None)
        for node in walk(function, into_functions=False)
    )


def is_looked_at(value: Node) -> bool:
    """Without knowing that it is the last: only what nobody writes for any other reason."""
    if isinstance(value, nodes.Call):
        return method(value) in _LOOKS and (
            receiver(value) is not None or method(value) == "display"
        )
    if isinstance(value, nodes.Attribute):
        return value.attrname in _LOOKS
    return isinstance(value, nodes.Name)


_GIVES_ITSELF = frozenset("fit fit_generator train partial_fit compile append add".split())


def _is_shown(view: View, value: Node, position: int) -> bool:
    """Whether a cell shows the value of its last expression; its output knows best."""
    if isinstance(value, (nodes.Const, nodes.Yield, nodes.YieldFrom)):
        return False
    if not isinstance(value, nodes.Call):
        return not isinstance(value, nodes.Name) or value.name not in view.aliases
    if is_looked_at(value):
        return True
    if method(value) in _GIVES_ITSELF:
        return False
    cell = view.blocks[position].cell
    results = [o for o in cell.outputs if o.kind is OutputKind.RESULT] if cell is not None else []
    if results:
        return not any(_PICTURE.match(result.text) for result in results)
    if view.once(_is_stripped):
        return not acts(value) and _gives_result(view, value)
    if cell is not None and (cell.outputs or cell.execution_count is not None):
        return False
    return bool(chain(value) & _SHOWS_VALUE) or method(value) in _SHOWS_VALUE_OF_FRAMES


def _is_stripped(view: View) -> bool:
    """A notebook that was run and saved without its outputs, or a script: nothing says what shows."""
    cells = [block.cell for block in view.blocks if block.cell is not None]
    return not any(cell.outputs for cell in cells) and (
        not view.is_notebook or any(cell.execution_count for cell in cells)
    )


def _gives_result(view: View, call: nodes.Call) -> bool:
    """A method of a name of ours, pandas or numpy, or a function of ours that returns something."""
    start = root(call)
    own = [place for place in view.writes.get(start, ()) if isinstance(place, nodes.FunctionDef)]
    if own:
        return isinstance(call.func, nodes.Name) and _gives_value(own[-1])
    if view.qualified(call.func).startswith(("pandas.", "numpy.")):
        return True
    ours = start in view.writes and start not in view.aliases
    return ours and isinstance(call.func, nodes.Attribute)


def is_plot(view: View, node: Node) -> bool:
    """Whether a statement draws, or makes what is drawn on."""
    value = node.value if isinstance(node, (nodes.Expr, nodes.Assign, nodes.AnnAssign)) else None
    if isinstance(value, nodes.Await):
        value = value.value
    if not isinstance(value, (nodes.Call, nodes.Subscript, nodes.Attribute)):
        return False
    start = view.aliases.get(root(value), "")
    if start.startswith(_PLOT_MODULES):
        settings = f"{start}.{'.'.join(_path(value))}"
        draws = any(isinstance(part, nodes.Call) for part in walk(value))
        return draws and not _PLOT_SETTINGS.search(settings)
    if isinstance(node, nodes.Expr) and root(value) in view.once(axes):
        return isinstance(value, nodes.Call)
    return isinstance(value, nodes.Call) and bool(chain(value) & _PLOT_METHODS)


def axes(view: View) -> set[str]:
    """Names that hold figures, axes or grids."""
    found: set[str] = set()
    for node in view.all(nodes.Assign):
        start = view.aliases.get(root(node.value), "")
        from_plot = start.startswith(_PLOT_MODULES) or chain(node.value) & _PLOT_METHODS
        if from_plot and isinstance(node.value, nodes.Call):
            for target in node.targets:
                parts = target.elts if isinstance(target, nodes.Tuple) else [target]
                found |= {part.name for part in parts if isinstance(part, nodes.AssignName)}
    return found


def _path(value: Node) -> list[str]:
    name = dotted(value.func if isinstance(value, nodes.Call) else value)
    if name:
        return name.split(".")[1:]
    return sorted(chain(value))


def runs(view: View, is_it: Callable[[Step], bool]) -> Iterator[tuple[Node, Node]]:
    """First and last of each group of neighbours in one block."""
    first: Node | None = None
    last: Node | None = None
    block = -1
    for step in view.steps:
        hit = is_it(step)
        if first is not None and last is not None and (not hit or step.block != block):
            yield first, last
            first = None
        if hit:
            first, last, block = first or step.node, step.node, step.block
    if first is not None and last is not None:
        yield first, last


def _short(node: Node) -> str:
    value = node.value if isinstance(node, nodes.Expr) else node
    text = " ".join(str(value.as_string()).split())
    return text if len(text) <= 40 else text[:37] + "..."
