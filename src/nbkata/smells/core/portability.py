"""What runs only here: IPython's syntax, paths of one machine, secrets of one account."""

import re
from collections.abc import Iterator

from astroid import nodes

from nbkata.smells.core.finding import Spot
from nbkata.smells.core.symbols import Smell
from nbkata.smells.core.syntax import Node, in_function, method, text_of
from nbkata.smells.core.view import View

_ABSOLUTE = re.compile(
    r"^(/(home|Users|root|content|kaggle|mnt|media|data|tmp|var|opt|srv|Volumes|workspace|dbfs|gdrive"
    r"|drive|scratch|gpfs|datasets?)/\S|[A-Za-z]:[\\/]{1,2}[^\\/\s]|~/\S|\\\\\w|file://)"
)
_DATA_FILE = re.compile(
    r"\.(csv|tsv|txt|xlsx?|json|jsonl|parquet|feather|pkl|pickle|joblib|h5|hdf5|npy|npz|zip|gz|db"
    r"|sqlite|arff|dat|ya?ml|model|pt|pth|png|jpe?g)$",
    re.IGNORECASE,
)
_AT_ROOT = re.compile(r"/[\w-]+\.(csv|tsv|xlsx?|json|parquet|txt)$")
_SECRET_NAME = re.compile(
    r"(^|_)(api_?key|apikey|secret|secret_?key|token|passwd|password|pwd|access_?key|auth_?token"
    r"|private_?key|client_?secret|credentials?)(_?\d)?$",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|xox[baprs]-[\w-]{10,}|AIza[\w-]{35}|hf_[A-Za-z0-9]{30,}"
    r"|sk-[A-Za-z0-9_-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\."
    r"|://[^/\s:@]+:[^/\s:@{}<>$*]{3,}@"
)
_PLACEHOLDER = re.compile(
    r"^(x+|\*+|\.+|-+|<.*>|\{.*\}|\$.*|your.*|my[_-]?(key|token|password|secret)|change.?me|none|null"
    r"|todo|insert.*|enter.*|put.*|example|dummy|test|secret|password|token|api.?key|replace.*"
    r"|paste.*|redacted.*|.*\.\.\.)$",
    re.IGNORECASE,
)


def ipython_only(view: View) -> Iterator[Spot]:
    """Magics, shell lines and ``get_ipython()``; neighbours are one finding."""
    for block in view.blocks:
        start: int | None = None
        end = 0
        text = ""
        for line, magic in block.python.magics:
            if start is not None and line != end + 1:
                yield _ipython(block.first + start - 1, block.first + end - 1, text)
                start = None
            if start is None:
                start, text = line, magic
            end = line
        if start is not None:
            yield _ipython(block.first + start - 1, block.first + end - 1, text)
    for call in view.calls():
        if view.qualified(call.func) == "get_ipython" and "get_ipython" not in view.writes:
            yield view.spot(Smell.IPYTHON_ONLY, call.statement(), _message("get_ipython()"))


def _ipython(first: int, last: int, text: str) -> Spot:
    return Spot(Smell.IPYTHON_ONLY, first, _message(text), last)


def _message(text: str) -> str:
    shown = text if len(text) <= 40 else text[:37] + "..."
    if re.match(r"[!%]?\s*(pip|conda|apt)", shown.lstrip("!% ")):
        fix = "List the package in the project's requirements."
    elif shown.lstrip("%").startswith(("matplotlib inline", "pylab")):
        fix = "Leave it out: notebooks show figures without it."
    else:
        fix = "Do it in Python, or leave it out."
    return f"{shown} runs in IPython only: as a script this line is an error. {fix}"


def hard_coded_path(view: View) -> Iterator[Spot]:
    """A path of one machine anywhere; a data file in a folder where a cell names it."""
    yield from _paths_in_magics(view)
    reported = set()
    for node in sorted(view.all(nodes.Const), key=lambda const: const.lineno or 0):
        path = text_of(node)
        if not path or "\n" in path or len(path) > 300 or node.lineno in reported:
            continue
        if isinstance(node.parent, nodes.Expr) or _is_pattern(node):
            continue
        at_root = _AT_ROOT.match(path) and not isinstance(node.parent, nodes.JoinedStr)
        if _ABSOLUTE.match(path) or at_root:
            what = "exists on one machine only"
        elif _is_data_file(view, node, path):
            what = _ONE_FOLDER
        elif view.is_notebook and _is_file_name(node, path):
            what = "is found only beside the notebook (fine while both travel together)"
        else:
            continue
        reported.add(node.lineno)
        yield view.spot(Smell.HARD_CODED_PATH, node, _path(path, what))


def _paths_in_magics(view: View) -> Iterator[Spot]:
    """``!ls ../data``, ``%cd /content``: paths that a shell gets."""
    for block in view.blocks:
        for line, magic in block.python.magics:
            if re.match(r"[%!\s]*(pip|conda|apt|git|curl|wget|load_ext|config)\b", magic):
                continue
            for word in re.findall(r"[^\s'\"]+", magic)[1:]:
                if _ABSOLUTE.match(word) or (re.match(r"\.\.?/\S", word) and "{" not in word):
                    what = "exists on one machine only" if _ABSOLUTE.match(word) else _ONE_FOLDER
                    at = block.first + line - 1
                    yield Spot(Smell.HARD_CODED_PATH, at, _path(word, what), at)
                    break


_ONE_FOLDER = "is found only from one folder"


def _path(path: str, what: str) -> str:
    return (
        f"the path {_shown(path)} {what}: the code stops wherever else it runs. "
        "Take the path as an argument, or from one setting at the top."
    )


def _is_data_file(view: View, node: Node, path: str) -> bool:
    """A relative path with a folder in it, used by a cell, not given as an option's default."""
    if "://" in path or not re.search(r"[\w.\])][\\/]", path) or " " in re.split(r"[/\\]", path)[0]:
        return False
    given = _DATA_FILE.search(path) or re.match(r"\.\.?[/\\]\S", path)
    if not (given or _is_part_of_path(view, node, path)):
        return False
    if in_function(node) is not None and not view.is_notebook:
        return False
    statement = node.statement()
    names = [getattr(t, "name", "") for t in getattr(statement, "targets", [])]
    target = getattr(statement, "target", None)
    names += [getattr(target, "name", "")]
    constant = any(name.isupper() and len(name) > 1 for name in names)
    return not (constant and not view.is_notebook) and not _is_default(node)


def _is_part_of_path(view: View, node: Node, path: str) -> bool:
    """``pd.read_csv("data/" + day)``, ``open(f"data/{day}.csv")``, ``data_in = root + "raw/clean/"``."""
    if not view.is_notebook or not re.fullmatch(r"[\w.-]+([/\\][\w.-]*)+", path):
        return False
    joined = node.parent
    if not isinstance(joined, (nodes.JoinedStr, nodes.BinOp)):
        return False
    while isinstance(joined, (nodes.JoinedStr, nodes.BinOp)):
        around, joined = joined, joined.parent
    if isinstance(joined, nodes.Call):
        return joined.args[:1] == [around] and method(joined).startswith(_READS_OR_WRITES)
    return isinstance(joined, nodes.Assign) and path.endswith("/") and "/" in path[:-1]


def _is_file_name(node: Node, path: str) -> bool:
    """A bare file name that a cell reads or writes."""
    call = node.parent.parent if isinstance(node.parent, nodes.Keyword) else node.parent
    name = method(call)
    return (
        bool(re.fullmatch(r"[\w .()-]+\.[A-Za-z]\w{1,7}", path))
        and name.startswith(_READS_OR_WRITES)
        and in_function(node) is None
        and not _is_default(node)
    )


_READS_OR_WRITES = ("read_", "to_", "open", "savefig", "load", "dump", "save", "from_csv", "imread")


def _is_default(node: Node) -> bool:
    if isinstance(node.parent, nodes.Arguments):
        return True
    return isinstance(node.parent, nodes.Keyword) and node.parent.arg in {"default", "help"}


def _is_pattern(node: Node) -> bool:
    call = node.parent
    return isinstance(call, nodes.Call) and method(call) in {"compile", "match", "search", "sub"}


def _shown(path: str) -> str:
    return path if len(path) <= 48 else "..." + path[-45:]


def secret_in_code(view: View) -> Iterator[Spot]:
    """A literal under a secret's name, or of a secret's form; the message never repeats it."""
    reported = set()
    for name, value in _named_texts(view):
        text = text_of(value) or ""
        named = bool(_SECRET_NAME.search(name)) and _could_be_secret(text)
        if (named or _SECRET_VALUE.search(text)) and value.lineno not in reported:
            reported.add(value.lineno)
            what = f"{name} holds" if named else "this line holds"
            message = (
                f"{what} a secret in the source: everyone who gets the file can use it. "
                "Take it back where it was issued, and read the new one from the environment."
            )
            yield view.spot(Smell.SECRET_IN_CODE, value, message)


def _could_be_secret(text: str) -> bool:
    """Not a word alone, which is a setting's name or a grammar's token, and no placeholder."""
    if len(text) < 8 or " " in text or _PLACEHOLDER.match(text):
        return False
    return bool(re.search(r"\d|[a-z][A-Z]|[^\w\s]", text)) and not re.match(r"https?://", text)


def _named_texts(view: View) -> Iterator[tuple[str, Node]]:
    """Every text literal, with the name that it is bound or passed to."""
    for node in view.all(nodes.Const):
        if text_of(node) is None:
            continue
        parent = node.parent
        if isinstance(parent, nodes.Assign):
            yield _target_name(parent.targets[0]), node
        elif isinstance(parent, nodes.AnnAssign):
            yield _target_name(parent.target), node
        elif isinstance(parent, nodes.Keyword):
            yield str(parent.arg or ""), node
        elif isinstance(parent, nodes.Dict):
            keys = [text_of(key) or "" for key, value in parent.items if value is node]
            yield (keys[0] if keys else ""), node
        else:
            yield "", node


def _target_name(target: Node) -> str:
    if isinstance(target, nodes.Subscript):
        return text_of(target.slice) or ""
    return str(getattr(target, "name", None) or getattr(target, "attrname", ""))
