"""What a notebook needs beside itself, by the text of its code: packages, the network, answers."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbkata.adopt.core.paths import is_url, parsed
from nbkata.adopt.core.translate import Translated
from nbkata.dataflow.core.modules import called_name
from nbkata.purity.core.context import snippet


@dataclass(frozen=True, slots=True)
class Import:
    """A module that a cell imports."""

    module: str  # with dots, as imported
    cell: int
    line: int
    guarded: bool  # in a ``try``, an ``if`` or a function: it may do without


@dataclass(frozen=True, slots=True)
class Reach:
    """A call that reaches for something which may not be there."""

    what: str  # ``network``, ``input``, ``secret`` or ``gpu``
    shown: str  # the call, shortened
    cell: int
    line: int


def imports(cells: Sequence[Translated]) -> tuple[Import, ...]:
    """Each module once, where it is imported first."""
    found: dict[str, Import] = {}
    for cell in cells:
        tree = parsed(cell.code)
        if tree is not None:
            for item in _imports(tree, cell.cell, False):
                if item.module not in found or found[item.module].guarded and not item.guarded:
                    found[item.module] = item
    return tuple(found.values())


def _imports(node: ast.AST, cell: int, guarded: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, cell, child.lineno, guarded)
        elif isinstance(child, ast.ImportFrom) and child.module and not child.level:
            yield Import(child.module, cell, child.lineno, guarded)
        else:
            inner = guarded or isinstance(child, ast.Try | ast.If | ast.FunctionDef | ast.ClassDef)
            yield from _imports(child, cell, inner)


# Importing these starts no thread, which a fork would lose, and sets nothing that a cell could set first.
_WARMED = frozenset("numpy pandas scipy sklearn matplotlib seaborn statsmodels".split())


def worth_warming(wanted: Sequence[Import]) -> tuple[str, ...]:
    """Modules that a process may import ahead, for others to be forked from it."""
    modules = (item.module for item in wanted if not item.guarded)
    return tuple(module for module in modules if module.partition(".")[0] in _WARMED)


def reaches(cells: Sequence[Translated]) -> tuple[Reach, ...]:
    """Calls outside functions that want the network, an answer, a secret or a graphics card."""
    found = []
    for cell in cells:
        tree = parsed(cell.code)
        if tree is None:
            continue
        for node in ast.walk(tree):
            what = _reach(node) if isinstance(node, ast.Call | ast.Subscript) else ""
            if what:
                found.append(Reach(what, snippet(node), cell.cell, getattr(node, "lineno", 1)))
        for note in cell.notes:
            if "fetches from the network" in note.why:
                found.append(Reach("network", note.was[:60], cell.cell, note.line))
    return tuple(found)


def fetches(cells: Sequence[Translated]) -> tuple[str, ...]:
    """Calls that want the network, and where."""
    places = (f"{one.shown} (cell {one.cell})" for one in reaches(cells) if one.what == "network")
    return tuple(dict.fromkeys(places))


_NETWORK = re.compile(
    r"(requests\.(get|post|request|Session)|urllib\.request\.\w+|(^|\.)url(open|retrieve)|wget\.download"
    r"|sns\.load_dataset|seaborn\.load_dataset|nltk\.download|fetch_\w+|fetch_openml|gdown\.\w+"
    r"|yf\.(download|Ticker)|web\.DataReader|kagglehub\.\w+|load_dataset|tfds\.load|hub\.load"
    r"|\w+\.from_pretrained|datasets\.\w+\.load_data|snapshot_download|hf_hub_download|od\.download"
    r"|get_rdataset|fetch_ucirepo|api\.load)$"
)
_SECRET = re.compile(r"(key|token|secret|passw|credential)", re.IGNORECASE)


def _reach(node: ast.Call | ast.Subscript) -> str:
    if isinstance(node, ast.Subscript):
        owner = ast.unparse(node.value)
        asks = owner in ("os.environ", "environ") and isinstance(node.ctx, ast.Load)
        return "secret" if asks and _SECRET.search(ast.unparse(node.slice)) else ""
    called = called_name(node)
    if isinstance(node.func, ast.Name) and called in ("input", "raw_input"):
        return "input"
    if called in ("getpass", "user_secrets", "get_secret", "UserSecretsClient"):
        return "secret"
    whole = ast.unparse(node.func)
    if whole.endswith("userdata.get") or called == "getenv" and _SECRET.search(ast.unparse(node)):
        return "secret"
    if called == "cuda" or any(_is_cuda(argument) for argument in node.args):
        return "gpu"
    if _NETWORK.search(whole):
        return "network"
    first = node.args[0] if node.args else None
    reads = called.startswith(("read_", "load", "imread", "get_file"))
    if reads and isinstance(first, ast.Constant) and is_url(str(first.value)):
        return "network"
    return ""


def _is_cuda(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) and str(argument.value).startswith("cuda")


# What to install for a module, if it is called otherwise.
DISTRIBUTIONS = {
    "cv2": "opencv-python",
    "PIL": "pillow",
    "PyEphem": "ephem",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "dotenv": "python-dotenv",
    "imblearn": "imbalanced-learn",
    "keras": "tensorflow",
    "fitz": "pymupdf",
    "docx": "python-docx",
    "Crypto": "pycryptodome",
    "dateutil": "python-dateutil",
    "community": "python-louvain",
    "Bio": "biopython",
    "serial": "pyserial",
    "MySQLdb": "mysqlclient",
    "psycopg2": "psycopg2-binary",
    "umap": "umap-learn",
    "fbprophet": "prophet",
    "snowflake": "snowflake-connector-python",
    "scikitplot": "scikit-plot",
    "surprise": "scikit-surprise",
    "odf": "odfpy",
    "stan": "pystan",
    "vaderSentiment": "vadersentiment",
}

# Modules whose package has their name; any other name may be a stranger's.
KNOWN = frozenset(
    """altair arviz bokeh boto3 catboost category_encoders cartopy contextily cvxpy dash dask datasets
    duckdb emcee eli5 featuretools flask folium gdown gensim geopandas geopy graphviz gym gymnasium
    hdbscan holoviews hvplot h2o ipywidgets jax joblib jieba kagglehub lifelines lightgbm lime
    lxml mapie matplotlib missingno mlflow mlxtend mplfinance networkx nltk numba numpy odf openpyxl optuna
    pandas pandas_datareader pandas_profiling pandasql patsy pingouin pivottablejs plotly plotnine
    pmdarima polars prettytable prophet psutil pyarrow pycaret pydot pydotplus pygal pymc pymongo
    pyreadstat pyspark pyproj rasterio requests scikitplot scipy scrapy seaborn selenium sentence_transformers
    shap shapely sktime spacy sqlalchemy squarify stan statsmodels statsforecast streamlit surprise
    sweetviz sympy tables tabulate tensorflow tensorflow_hub textblob tiktoken torch torchaudio
    torchvision tqdm transformers ucimlrepo vaderSentiment wordcloud xarray xgboost xlrd
    xlsxwriter ydata_profiling yellowbrick yfinance""".split()
)


# What installs a package, in an environment that is activated.
HERE = "python -m pip install"


def install_command(module: str) -> str:
    """The command that installs what holds a module."""
    top = module.partition(".")[0]
    return f"{HERE} {DISTRIBUTIONS.get(top, top.replace('_', '-'))}"
