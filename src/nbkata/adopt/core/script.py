"""The notebook as a percent script, and the same wrapped in a function: the seam for tests."""

import ast
import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbkata.adopt.core.paths import parsed, path_uses, with_texts
from nbkata.adopt.core.translate import Translated, indented
from nbkata.notebook.core.notebook import CellKind, Notebook


@dataclass(frozen=True, slots=True)
class Script:
    """A percent script with the way back from its lines to cells."""

    text: str
    # (first line, cell) of each code cell, in order; lines from 1.
    starts: tuple[tuple[int, int], ...]

    def cell_at(self, line: int) -> int | None:
        """The cell that a line of the script came from."""
        return next((cell for first, cell in reversed(self.starts) if first <= line), None)

    def line_in_cell(self, line: int) -> int:
        """The line in its cell, from 1."""
        first = next((first for first, _ in reversed(self.starts) if first <= line), 1)
        return line - first + 1


def percent_script(notebook: Notebook, cells: Sequence[Translated], name: str) -> Script:
    """Every cell in order; markdown as comments, raw cells left out."""
    code = {cell.cell: _awaited(cell.code) for cell in cells}
    lines = _head(cells, f"{name}, cell by cell, as nbkata adopt made it from the notebook.")
    starts = []
    closing = _closing(cells)
    for cell in notebook.cells:
        if cell.kind is CellKind.MARKDOWN and cell.source.strip():
            text = [f"# {line}".rstrip() for line in cell.source.splitlines()]
            lines += ["# %% [markdown]", *text, ""]
        elif cell.index in code:
            lines += [f"# %% cell {cell.index}"]
            starts.append((len(lines) + 1, cell.index))
            lines += [*code[cell.index].split("\n"), *closing.get(cell.index, ()), ""]
    return Script("\n".join(lines).rstrip("\n") + "\n", tuple(starts))


def headings(notebook: Notebook) -> dict[int, tuple[str, ...]]:
    """The headings above each code cell since the code before: the sections that its author saw."""
    found: dict[int, tuple[str, ...]] = {}
    above: list[str] = []
    for cell in notebook.cells:
        if cell.kind is CellKind.MARKDOWN:
            above += re.findall(r"^#{1,6} +(.*?)[ #]*$", cell.source, re.MULTILINE)
        elif cell.kind is CellKind.CODE and above and cell.source.strip():
            found[cell.index], above = tuple(above), []
    return found


# What draws or looks at a figure, and by which name.
_DRAWS = re.compile(r"\b(?:plt|sns)\.(\w+)\(|\.(plot|hist|boxplot)\b")
# What begins a figure of its own, and what no figure is needed for.
_NEW_FIGURE = frozenset(
    "figure subplots subplot_mosaic relplot catplot displot lmplot jointplot pairplot clustermap"
    " FacetGrid PairGrid JointGrid".split()
)
_NO_FIGURE = re.compile(r"show|close|rc|use|set\w*|io[nf]f?|get_cmap|switch_backend|\w*_palette")


def _closing(cells: Sequence[Translated]) -> dict[int, tuple[str]]:
    """After each cell that draws, if a later one goes on with the open figure: Jupyter closes it by then."""
    imports = "import matplotlib.pyplot as plt"
    at = next((i for i, cell in enumerate(cells) if imports in cell.code), len(cells))
    draws = [cell for cell in cells[at:] if _DRAWS.search(cell.code)]
    if not any(_goes_on(cell.code) for cell in draws[1:]):
        return {}
    close = ('plt.close("all")  # as Jupyter does after each cell',)
    return {cell.cell: close for cell in draws if cell is not cells[-1]}


def _goes_on(code: str) -> bool:
    """Whether the first thing that it draws, or looks at, is on a figure that is open."""
    called = [found[1] or found[2] for found in _DRAWS.finditer(code)]
    first = next((name for name in called if not _NO_FIGURE.fullmatch(name)), "figure")
    return first not in _NEW_FIGURE


def _awaited(code: str) -> str:
    """A notebook may await at its top level; a script starts the loop itself."""
    if "await " not in code:
        return code
    tree = parsed(code)
    waits = [node for node in _top_level(tree.body if tree else []) if isinstance(node, ast.Await)]
    lines = code.encode("utf-8").split(b"\n")
    for node in sorted(waits, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        if node.lineno != node.end_lineno:
            continue
        line, end = lines[node.lineno - 1], node.end_col_offset or 0
        inner = line[node.col_offset : end].removeprefix(b"await").strip()
        line = line[: node.col_offset] + b"__import__('asyncio').run(" + inner + b")" + line[end:]
        lines[node.lineno - 1] = line
    return b"\n".join(lines).decode("utf-8")


def _top_level(statements: Sequence[ast.AST]) -> Iterator[ast.AST]:
    for node in statements:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield node
            yield from _top_level(list(ast.iter_child_nodes(node)))


def _head(cells: Sequence[Translated], about: str) -> list[str]:
    text = "\n".join(cell.code for cell in cells)
    about = about.replace("\\", "/").replace('"', "'")
    lines = [f'"""{about}"""', ""]
    if re.search(r"\b(matplotlib|pylab|seaborn|plotnine)\b|\.(plot|hist|boxplot)\b", text):
        lines += [
            "import matplotlib",
            "",
            'matplotlib.use("Agg")  # plots are drawn without a window',
            "",
        ]
    if re.search(r"\bdisplay\(", text):
        lines += ["from IPython.display import display", ""]
    return lines


def seam_script(
    cells: Sequence[Translated],
    results: Sequence[str],
    name: str,
    uses_data: bool,
    titles: Mapping[int, Sequence[str]] | None = None,
) -> str | None:
    """A module whose ``run()`` holds all cells and returns the results; none if that changes them.

    ``uses_data``: the function takes the data's folder, and paths below ``data`` begin there.
    ``titles``: the headings above each cell, which become its section.
    """
    if seam_obstacle(cells):
        return None
    taken = {word for cell in cells for word in re.findall(r"\w+", cell.code)}
    folder = next(
        word for word in ("data_folder", "folder_of_data", "data_folder_") if word not in taken
    )
    stars: list[str] = []
    body: list[str] = []
    closing = _closing(cells)
    for cell in cells:
        code = _with_folder(cell, cells, folder) if uses_data else cell.code
        kept, found = _without_stars(code)
        stars += [star for star in found if star not in stars]
        sections = [f"    # {title}" for title in (titles or {}).get(cell.cell, ())]
        body += [*sections, f"    # cell {cell.cell}", *indented(kept)]
        body += [*(f"    {line}" for line in closing.get(cell.cell, ())), ""]
    returned = [f"        {result!r}: {result}," for result in results]
    doc = f"What {name} computes, by name."
    lines = [
        *_head(cells, f"{name}: all cells in one function, the seam that tests take hold of."),
        *stars,
        "",
        "",
        f'def run({folder}="data"):',
        f'    """{doc} Run it in the workspace\'s folder."""',
        *body,
        "    return {",
        *returned,
        "    }",
        "",
        "",
        'if __name__ == "__main__":',
        "    run()",
    ]
    text = "\n".join(lines) + "\n"
    return text if parsed(text) is not None and _compiles(text) else None


def _compiles(text: str) -> bool:
    try:
        compile(text, "<seam>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def seam_obstacle(cells: Sequence[Translated]) -> str:
    """Why the cells would not do the same inside of a function; empty where they would."""
    text = "\n".join(cell.code for cell in cells)
    tree = parsed(text)
    if tree is None:
        return "a cell is not plain Python"
    first_store: dict[str, int] = {}
    first_load: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            return f"a function says global {', '.join(node.names)}"
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            return "it awaits at the top level"
        if isinstance(node, ast.Name):
            if node.id == "__name__":
                return "it asks for __name__"
            where = first_load if isinstance(node.ctx, ast.Load) else first_store
            where[node.id] = min(where.get(node.id, node.lineno), node.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("exec", "eval", "globals", "locals", "vars", "Pool", "dir"):
                return f"it calls {node.func.id}()"
    for name, line in first_store.items():
        if hasattr(builtins, name) and first_load.get(name, line) < line:
            return f"it gives the builtin {name} another meaning on the way"
    return ""


def _without_stars(code: str) -> tuple[str, list[str]]:
    """Star imports are only allowed at a module's top."""
    tree = parsed(code)
    lines, stars = code.split("\n"), []
    for node in tree.body if tree else []:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            stars.append(ast.unparse(node))
            text = lines[node.lineno - 1]
            end = node.end_col_offset or len(text)
            lines[node.lineno - 1] = text[: node.col_offset] + "pass" + text[end:]
    return "\n".join(lines), stars


def _with_folder(cell: Translated, cells: Sequence[Translated], folder: str) -> str:
    """Paths below ``data`` begin at the parameter."""
    roots = {use.root for use in path_uses(cells) if re.match(r"data(/|$)", use.root)}
    here = {use.line for use in path_uses([cell])}

    def moved(text: str, line: int) -> str:
        if text not in roots or "/" not in text and line not in here:
            return text
        return "{" + folder + "}" + text[4:]

    return with_texts(cell.code, moved, lambda text: f'f"{text}"')


# Lines that a formatter may add to a statement of the notebook's own.
_MOST_ADDED = 10


def rows_as_written(code: str, formatted: str) -> str:
    """The formatted code, with statements that it would stretch (a long array) as they were written."""
    old, new = _simple_statements(code), _simple_statements(formatted)
    if len(old) != len(new):
        return formatted
    written, lines = code.split("\n"), formatted.split("\n")
    for was, now in sorted(zip(old, new, strict=True), key=lambda pair: -pair[1].lineno):
        first, last = was.lineno - 1, was.end_lineno or was.lineno
        added = (now.end_lineno or now.lineno) - now.lineno - (last - first - 1)
        alone = not written[first][: was.col_offset].strip()
        rest = written[last - 1].encode("utf-8")[was.end_col_offset :].strip()
        if added > _MOST_ADDED and alone and (not rest or rest.startswith(b"#")):
            lines[now.lineno - 1 : now.end_lineno] = written[first:last]
    return "\n".join(lines)


def _simple_statements(code: str) -> list[ast.stmt]:
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.stmt)]
    return [node for node in found if not hasattr(node, "body")]


def loop_names(cells: Sequence[Translated]) -> set[str]:
    """Names that only a loop, a ``with`` or an ``except`` binds."""
    stored: set[str] = set()
    looped: set[str] = set()
    for cell in cells:
        tree = parsed(cell.code)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.For | ast.AsyncFor):
                looped |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
            elif isinstance(node, ast.With):
                for item in node.items:
                    if item.optional_vars is not None:
                        looped |= {
                            n.id for n in ast.walk(item.optional_vars) if isinstance(n, ast.Name)
                        }
            elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                stored |= {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return looped - stored


def clock_names(cells: Sequence[Translated]) -> set[str]:
    """Names that a statement binds which asks what day it is: two runs on one day agree."""
    found: set[str] = set()
    for cell in cells:
        tree = parsed(cell.code)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Assign) and re.search(
                r"\b(today|now|utcnow)\(", ast.unparse(node.value)
            ):
                found |= {
                    n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)
                }
    return found


def star_free(cells: Sequence[Translated]) -> set[str] | None:
    """The names that the code itself binds, where stars import others as well; else none.

    What ``from pylab import *`` brings depends on the library's own state: no result of a notebook.
    """
    trees = [tree for cell in cells if (tree := parsed(cell.code)) is not None]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    if not any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in nodes):
        return None
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
