"""Which language a notebook, a cell or a file is in: nbkata reads and runs Python alone."""

import re
from collections.abc import Mapping
from typing import Any

# A line that IPython takes for a magic though it has no ``%``, if the line is alone in its cell.
AUTOMAGIC = re.compile(
    r"^(cd|ls|ll|la|pwd|pip|pip3|conda|mamba|apt|apt-get|mkdir|rmdir|rm|cp|mv|cat|less|more|man|head"
    r"|git|wget|curl|unzip|clear|who|whos|history|load_ext|matplotlib|pylab|run|pinfo|env|ldir|time"
    r"|timeit|autoreload|reset)(\s+[^\s=(\[,:+*].*|\s*)$"
)
# The same for what could be Python as well.
BARE_MAGIC = re.compile(r"^(ls|ll|la|pwd|whos?|cd)([ \t]+-\w+)?[ \t]*$", re.MULTILINE)

# Languages that are not written as their name in Jupyter with a capital letter.
_WRITTEN = {
    "c#": "C#", "csharp": "C#", "c++": "C++", "cpp": "C++", "fsharp": "F#", "html": "HTML",
    "idl": "IDL", "javascript": "JavaScript", "matlab": "MATLAB", "ocaml": "OCaml", "php": "PHP",
    "polyglot-notebook": ".NET Interactive", "powershell": "PowerShell", "q": "q",
    "robotframework": "Robot Framework", "sas": "SAS", "shellscript": "shell", "sos": "SoS",
    "sql": "SQL", "sqlite": "SQL", "typescript": "TypeScript",
}  # fmt: skip

# Jupyter kernels by name, for notebooks whose metadata name no language: one of another language
# may even call itself Python's.
_KERNELS = {
    ".net-csharp": "C#", ".net-fsharp": "F#", ".net-powershell": "PowerShell", "almond": "Scala",
    "apache_toree_scala": "Scala", "bash": "Bash", "cling-cpp": "C++", "clojure": "Clojure",
    "deno": "TypeScript", "gonb": "Go", "gophernotes": "Go", "haskell": "Haskell",
    "ihaskell": "Haskell", "ijava": "Java", "ir": "R", "iruby": "Ruby", "java": "Java",
    "javascript": "JavaScript", "jslab": "JavaScript", "julia": "Julia", "kotlin": "Kotlin",
    "lua": "Lua", "matlab": "MATLAB", "nbstata": "Stata", "octave": "Octave", "perl": "Perl",
    "powershell": "PowerShell", "r": "R", "ruby": "Ruby", "rust": "Rust", "sas": "SAS",
    "scala": "Scala", "sos": "SoS", "spylon-kernel": "Scala", "sql": "SQL", "stata": "Stata",
    "tslab": "TypeScript", "typescript": "TypeScript", "xcpp": "C++", "xlua": "Lua",
    "xoctave": "Octave", "xr": "R", "xsqlite": "SQL", "zsh": "Bash",
}  # fmt: skip

# What a file is, by its suffix in lower case.
OF_SUFFIX = {
    ".bash": "a shell script", ".cpp": "C++", ".cs": "C#", ".go": "Go", ".java": "Java",
    ".jl": "Julia", ".js": "JavaScript", ".kt": "Kotlin", ".m": "MATLAB", ".ps1": "PowerShell",
    ".r": "R", ".rs": "Rust", ".sas": "SAS", ".scala": "Scala", ".sh": "a shell script",
    ".sql": "SQL", ".ts": "TypeScript",
}  # fmt: skip

# Cell magics whose cells compute, in another language, what later cells may need.
OF_CELL_MAGIC = {
    "R": "R", "bigquery": "BigQuery", "cpp": "C++", "cython": "Cython", "fortran": "Fortran",
    "julia": "Julia", "matlab": "MATLAB", "octave": "Octave", "perl": "Perl",
    "powershell": "PowerShell", "pwsh": "PowerShell", "ruby": "Ruby", "rust": "Rust",
    "scala": "Scala", "spark": "Spark", "stata": "Stata",
}  # fmt: skip


def foreign_language(metadata: Mapping[str, Any]) -> str:
    """The language of a notebook as people write it, ``Julia``; empty for Python.

    A notebook whose metadata tell nothing counts as Python.
    """
    spec, info = mapping(metadata.get("kernelspec")), mapping(metadata.get("language_info"))
    kernel = re.sub(r"[-_ ]?v?\d[\d.]*$", "", str(spec.get("name") or "").lower())
    if kernel in _KERNELS:
        return _KERNELS[kernel]
    named = (
        spec.get("language"),
        info.get("name"),
        metadata.get("language"),  # nbformat 3
        mapping(metadata.get("application/vnd.databricks.v1+notebook")).get("language"),
        mapping(metadata.get("jupytext")).get("main_language"),  # of a text without a header
    )
    return as_written(next((str(name) for name in named if name), ""))


def foreign_cell_language(metadata: Mapping[str, Any]) -> str:
    """The language that VS Code gave a single cell; empty for Python and for none."""
    return as_written(str(mapping(metadata.get("vscode")).get("languageId") or ""))


def as_written(name: str) -> str:
    """A language's name in Jupyter as people write it; empty for Python."""
    lower = name.strip().lower()
    if not lower or re.match(r"i?python|pyspark", lower):
        return ""
    return _WRITTEN.get(lower, lower[:1].upper() + lower[1:])


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping; otherwise an empty one: a notebook may hold anything."""
    return value if isinstance(value, Mapping) else {}
