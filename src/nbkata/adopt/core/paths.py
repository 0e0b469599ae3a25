"""Which files a notebook reads and writes, by the text of its code.

Names that are given one text are followed (``DIR = "../input/"``, ``f"{DIR}train.csv"``,
``os.path.join(DIR, "x.csv")``, ``Path(DIR) / "x.csv"``). What is only known when it runs is left
to the run.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from nbkata.adopt.core.translate import Translated
from nbkata.dataflow.core.modules import called_name


class Use(StrEnum):
    """What a path is for."""

    READ = "read"
    WRITE = "write"
    MENTIONED = "mentioned"  # it may be read through a name or a function of the notebook's own


@dataclass(frozen=True, slots=True)
class PathUse:
    """One path in the code."""

    text: str  # all of it, as far as it is known
    root: str  # the text literal that it begins with; the same if it is one literal
    cell: int
    line: int
    use: Use
    whole: bool = True  # whether nothing is added to ``text`` when it runs


DATA = re.compile(
    r"\.(csv|tsv|txt|dat|data|names|xlsx?|json|jsonl|parquet|feather|pkl|pickle|joblib|npy|npz|h5|hdf5?"
    r"|db|sqlite3?|zip|gz|bz2|xz|tar|tgz|arff|mat|xml|html?|ya?ml|geojson|shp|dta|sav|sas7bdat|png|jpe?g"
    r"|gif|bmp|tiff?|wav|mp3|mp4|avi|model|pt|pth|bin|fits|nc|mid|md|log|cfg|ini|env|sql)$",
    re.IGNORECASE,
)
_READS = re.compile(
    r"^(read(_\w+)?|open|load(_\w+)?|loads?txt|genfromtxt|fromfile|imread|listdir|scandir|walk|glob|iglob"
    r"|connect|ExcelFile|HDFStore|ZipFile|File|Image|load_img|loadmat|open_dataset|iterdir|Audio|Video"
    r"|read|extractall|unpack_archive|flow_from_directory|image_dataset_from_directory|ImageFolder"
    r"|parse|copyfile|copy|stat|getsize)$"
)
_WRITES = re.compile(
    r"^(to_(csv|excel|json|parquet|feather|pickle|hdf|html|sql|stata|latex|markdown)|savefig|save(_\w+)?"
    r"|savez(_compressed)?|savetxt|dump|imwrite|imsave|mkdir|makedirs|write(_\w+)?|ExcelWriter"
    r"|export_graphviz|ModelCheckpoint|urlretrieve|FileHandler|tofile|render|download_file)$"
)
# What these are given is an address, or the name of a file that a library brings with it.
_ELSEWHERE = frozenset(("urlretrieve", "load_sample_image", "get_sample_data"))


def path_uses(cells: Sequence[Translated]) -> tuple[PathUse, ...]:
    """All paths, in order; URLs are none."""
    trees = [(cell.cell, tree) for cell in cells if (tree := parsed(cell.code)) is not None]
    known = _Known(_constant_names(trees), _modules(trees))
    found = [use for cell, tree in trees for use in _uses(tree, cell, known)]
    return tuple(dict.fromkeys(found))


def led_folders(cells: Sequence[Translated]) -> tuple[str, ...]:
    """Folders that the notebook goes to, or puts on the path of modules, from its own or another one."""
    trees = [(cell.cell, tree) for cell in cells if (tree := parsed(cell.code)) is not None]
    texts = _constant_names(trees)
    found = [
        note.was.split(maxsplit=1)[-1] for c in cells for note in c.notes if _GOES.match(note.was)
    ]
    moved = [parsed(note.was) for c in cells for note in c.notes if note.was.startswith("os.chdir")]
    for tree in (*(tree for _, tree in trees), *filter(None, moved)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _LEADS.search(ast.unparse(node.func)):
                folded = [_fold(argument, texts) for argument in node.args]
                found += [one.text for one in folded if one is not None]
    return tuple(dict.fromkeys(text.strip("\"' ") for text in found))


_GOES = re.compile(r"%?cd\s")
_LEADS = re.compile(r"\bpath\.(append|insert|extend)$|\bchdir$|\baddsitedir$")


def parsed(code: str) -> ast.Module | None:
    """The cell's tree; none if it is no Python."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass(frozen=True, slots=True)
class _Folded:
    text: str
    root: ast.Constant
    whole: bool


@dataclass(frozen=True, slots=True)
class _Known:
    texts: Mapping[str, _Folded]  # names that are given one text only
    modules: frozenset[str]


def _modules(trees: Sequence[tuple[int, ast.Module]]) -> frozenset[str]:
    nodes = [node for _, tree in trees for node in ast.walk(tree)]
    aliases = [one for n in nodes if isinstance(n, ast.Import | ast.ImportFrom) for one in n.names]
    return frozenset((one.asname or one.name).partition(".")[0] for one in aliases)


def _constant_names(trees: Sequence[tuple[int, ast.Module]]) -> dict[str, _Folded]:
    """Names that are given one text only."""
    values: dict[str, list[ast.expr]] = {}
    for _, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        values.setdefault(target.id, []).append(node.value)
    known: dict[str, _Folded] = {}
    for name, given in values.items():
        folded = [_fold(value, known) for value in given]
        if folded[0] is not None and all(one and one.text == folded[0].text for one in folded):
            known[name] = folded[0]
    return known


def _fold(node: ast.expr, names: Mapping[str, _Folded]) -> _Folded | None:
    """The text that an expression begins with; none if it does not begin with a known one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _Folded(node.value, node, True)
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.JoinedStr):
        values = (v.value if isinstance(v, ast.FormattedValue) else v for v in node.values)
        return _joined([_fold(value, names) for value in values], "")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
        parts = [_fold(node.left, names), _fold(node.right, names)]
        return _joined(parts, "/" if isinstance(node.op, ast.Div) else "")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _started(_fold(node.left, names), "%")
    if isinstance(node, ast.Call):
        called = called_name(node)
        if called in ("join", "Path", "PurePath", "joinpath") and node.args:
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            first = [_fold(owner, names)] if called == "joinpath" and owner is not None else []
            if called == "join" and not ast.unparse(node.func).endswith("path.join"):
                return None
            return _joined([*first, *(_fold(argument, names) for argument in node.args)], "/")
        if called in ("expanduser", "abspath", "realpath", "str") and node.args:
            return _fold(node.args[0], names)
        if called in ("resolve", "absolute") and isinstance(node.func, ast.Attribute):
            return _fold(node.func.value, names)
        if called == "format" and isinstance(node.func, ast.Attribute):
            return _started(_fold(node.func.value, names), "{")
    return None


def _started(folded: _Folded | None, sign: str) -> _Folded | None:
    if folded is None or sign not in folded.text:
        return folded
    return _Folded(folded.text.partition(sign)[0], folded.root, False)


def _joined(parts: Sequence[_Folded | None], by: str) -> _Folded | None:
    first = parts[0] if parts else None
    if first is None:
        return None
    text, whole = first.text, first.whole
    for part in parts[1:]:
        if part is None or not whole:
            return replace(first, text=text, whole=False)
        text = f"{text.rstrip('/')}/{part.text.lstrip('/')}" if by else text + part.text
        whole = part.whole
    return _Folded(text, first.root, whole)


def _uses(tree: ast.Module, cell: int, known: _Known) -> Iterator[PathUse]:
    inner: set[int] = set()  # parts of a larger path, which was found already
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or id(node) in inner:
            continue
        if isinstance(node, ast.Call):
            for argument, use in _call_uses(node, cell, known, inner):
                inner |= {id(child) for child in ast.walk(argument)}
                if use is not None:
                    yield use
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            text = str(node.slice.value)
            if re.search(r"\.(csv|tsv|xlsx?|zip|json|txt)$", text, re.IGNORECASE):
                inner.add(id(node.slice))
                yield PathUse(text, text, cell, node.lineno, Use.MENTIONED)
        else:
            folded = _fold(node, known.texts) if not isinstance(node, ast.Name) else None
            if folded is not None and _is_path(folded):
                inner |= {id(child) for child in ast.walk(node)}
                yield _use(folded, cell, node.lineno, Use.MENTIONED)


def _call_uses(
    node: ast.Call, cell: int, known: _Known, already_reported: Set[int]
) -> Iterator[tuple[ast.expr, PathUse | None]]:
    """The arguments that are paths; without a use if it is no file on disk."""
    called = called_name(node)
    use = Use.MENTIONED
    if _READS.match(called):
        use = Use.READ
    if _WRITES.match(called) or called in ("open", "ZipFile", "File") and _opens_to_write(node):
        use = Use.WRITE
    is_member = called in ("open", "read") and _is_of_archive(node.func, known.modules)
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    for place, argument in enumerate(arguments):
        folded = _fold(argument, known.texts)
        if folded is None or id(argument) in already_reported:
            continue
        reads = use is Use.READ and place == 0 and _may_be_named(called, folded.text)
        if reads or _is_path(folded):
            kind = use if place == 0 or use is Use.WRITE else Use.MENTIONED
            is_no_file = called in _ELSEWHERE and place == 0 or is_member
            yield argument, None if is_no_file else _use(folded, cell, argument.lineno, kind)


def _is_of_archive(called: ast.expr, modules: frozenset[str]) -> bool:
    """``archive.open("a.csv")``: of an object, not of a module such as gzip."""
    if not isinstance(called, ast.Attribute):
        return False
    owner = called.value
    while isinstance(owner, ast.Attribute):
        owner = owner.value
    is_path = isinstance(owner, ast.Call | ast.BinOp)  # Path("a.csv").open()
    return not is_path and not (isinstance(owner, ast.Name) and owner.id in modules)


def _use(folded: _Folded, cell: int, line: int, use: Use) -> PathUse:
    return PathUse(folded.text, str(folded.root.value), cell, line, use, folded.whole)


def _opens_to_write(node: ast.Call) -> bool:
    modes = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "mode")]
    return any(isinstance(m, ast.Constant) and re.search("[wax]", str(m.value)) for m in modes)


def _may_be_named(called: str, text: str) -> bool:
    """Whether a text without an ending may name a file: of a table's reader, not of any ``load``."""
    return called.startswith(("read_csv", "read_excel", "loadtxt", "genfromtxt")) and bool(
        re.fullmatch(r"[\w .~:/\\()-]{1,200}", text) and not is_url(text)
    )


def _is_path(folded: _Folded) -> bool:
    text = folded.text
    if is_url(text) or len(text) > 300 or "\n" in text or text.startswith(("%", "<", "{")):
        return False
    if DATA.search(text) and re.fullmatch(r"[^<>|*?\"]+", text) and not text.startswith("."):
        return True
    return bool(
        re.match(r"^(\.{1,2}/|/(kaggle|content|home|Users|mnt|data|tmp)\b|[A-Za-z]:[\\/]|~/)", text)
    )


def is_url(text: str) -> bool:
    """Whether it leads to another machine."""
    return bool(
        re.match(r"(https?|ftps?|s3|gs|hdfs|abfss?|dbfs|wasbs?)://", text.strip(), re.IGNORECASE)
    )


def with_texts(code: str, moved: Callable[[str, int], str], written: Callable[[str], str]) -> str:
    """The code with other texts in it.

    ``moved`` gives the new text for one and its line; what it gives back as it was stays as it
    is. ``written`` is the literal for a new text; a part of an f-string needs none.
    """
    tree = parsed(code)
    nodes = list(ast.walk(tree)) if tree else []
    in_f = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = [
        (node, node.value)
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.lineno == node.end_lineno
    ]
    lines = code.encode("utf-8").split(b"\n")
    for node, old in sorted(texts, key=lambda it: (it[0].lineno, it[0].col_offset), reverse=True):
        new, line = moved(old, node.lineno), lines[node.lineno - 1]
        if new == old:
            continue
        if id(node) in in_f:
            line = line.replace(old.encode("utf-8"), new.encode("utf-8"), 1)
        else:
            before, after = line[: node.col_offset], line[node.end_col_offset :]
            line = before + written(new).encode("utf-8") + after
        lines[node.lineno - 1] = line
    return b"\n".join(lines).decode("utf-8")
