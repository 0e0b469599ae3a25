"""The environment variables of processes that run other people's code: what a run needs, no secrets."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

# What a person set for a terminal of theirs: it would run code of theirs first, take assertions away,
# wait for input at the end, or colour what the kit reads.
PERSONAL = frozenset("FORCE_COLOR PYTHONINSPECT PYTHONOPTIMIZE PYTHONSTARTUP PYTHON_COLORS".split())
# The variable in which a person names others that the code is given as well, separated by commas.
PASS = "NBKATA_PASS"
# Names in upper case, as Windows has them.
NEEDED = frozenset("""
    PATH HOME USER LOGNAME USERNAME SHELL LANG LANGUAGE TZ TERM COLUMNS LINES NO_COLOR TMPDIR TEMP TMP
    VIRTUAL_ENV DISPLAY WAYLAND_DISPLAY XAUTHORITY LD_LIBRARY_PATH LD_PRELOAD LIBRARY_PATH MANPATH
    SCIKIT_LEARN_DATA SEABORN_DATA NLTK_DATA TORCH_HOME HF_HOME KERAS_HOME TFHUB_CACHE_DIR
    JAVA_HOME SPARK_HOME HADOOP_HOME R_HOME PROJ_LIB PROJ_DATA GDAL_DATA TCL_LIBRARY TK_LIBRARY
    SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
    HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY
    SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA
    PROGRAMDATA ALLUSERSPROFILE PUBLIC PROGRAMFILES PROGRAMFILES(X86) PROGRAMW6432
    COMMONPROGRAMFILES COMMONPROGRAMFILES(X86) NUMBER_OF_PROCESSORS OS
    """.split())
FAMILIES = tuple("""
    PYTHON PYTEST_ NBKATA_ LC_ CONDA_ MAMBA_ PYENV_ CUDA NVIDIA_ ROCM_ HIP_ OMP_ OPENBLAS_ MKL_ NUMEXPR_
    VECLIB_ LOKY_ NUMBA_ MPL IPYTHON JUPYTER_ TF_ XLA_ DYLD_ XDG_ QT_ PROCESSOR_
    """.split())
# Set while tests run again and again, each time with a change planted in the code.
PLANTED = "NBKATA_PLANTED"
_SECRET = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|KEY|AUTH")
_SIGNED_IN = re.compile(r"://[^/]*@")  # a proxy's address that holds a password


def own_environment() -> dict[str, str]:
    """Return the variables of this process, but for personal ones: for programs of the person's own."""
    return {name: value for name, value in os.environ.items() if name not in PERSONAL}


def plain_environment() -> dict[str, str]:
    """Return what code needs to run, of the variables of this process, and what `PASS` names."""
    return needed(own_environment())


def needed(variables: Mapping[str, str]) -> dict[str, str]:
    """Choose from variables: paths, languages, libraries, and those that are asked for."""
    asked = {name.strip() for name in variables.get(PASS, "").split(",")}
    return {
        name: value
        for name, value in variables.items()
        if name in asked or _is_needed(name.upper()) and not _SIGNED_IN.search(value)
    }


def _is_needed(name: str) -> bool:
    return name in NEEDED or name.startswith(FAMILIES) and not _SECRET.search(name)


def child_environment() -> dict[str, str]:
    """For processes that run learner code: no windows, no compiled files left in the workspace."""
    return {**plain_environment(), **QUIET}


QUIET = {"MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


def import_folders(root: str | Path) -> list[str]:
    """Where a project's modules are found if its settings do not say: its folder, then ``src/``."""
    return [str(root), str(Path(root, "src"))]
