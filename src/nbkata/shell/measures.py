"""Measuring one state of the learner's files; each measure gives one figure or a few.

A measure is a function of a throw-away workspace with the files in it. It runs in a worker
process, so that two of them share a machine and no state. Where something should be there and
cannot be measured, it raises `Unmeasured` with the reason.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from nbkata.core.code_size import code_size
from nbkata.core.figures import SAMPLED, Figure, Measured
from nbkata.core.notebook import Notebook
from nbkata.core.purity.verdict import Verdict
from nbkata.core.refusal import Refusal
from nbkata.core.smells.settings import Settings
from nbkata.core.smells.source import source_of_notebook
from nbkata.shell.find_smells import Wish as SmellWish
from nbkata.shell.find_smells import find_smells, installed_versions
from nbkata.shell.key_pages import BROWSERS
from nbkata.shell.learner_tests import LearnerTests
from nbkata.shell.notebook_files import read_python_notebook
from nbkata.shell.purity_check import PurityRequest, check_purity
from nbkata.shell.strength import Wish as StrengthWish
from nbkata.shell.strength import measure_strength
from nbkata.shell.walk import files_in, visible

PRINTING_S = 120
Found = Mapping[Figure, Measured | None]


class Unmeasured(Exception):
    """Why there is no figure; one sentence."""


def _notebook(workspace: Path) -> Path | None:
    """The one that is worked on, while there is no script yet."""
    if _scripts(workspace):
        return None
    return next(files_in(workspace / "notebooks", lambda name: "/" not in name, ".ipynb"), None)


def _read(path: Path) -> Notebook:
    notebook = read_python_notebook(path)
    if isinstance(notebook, Refusal):
        raise Unmeasured(notebook.what)
    return notebook


def _scripts(workspace: Path) -> list[Path]:
    return list(files_in(workspace / "src", visible, ".py"))


def _has_tests(workspace: Path) -> bool:
    found = files_in(workspace / "tests", visible, ".py")
    return any(path.name.startswith("test_") for path in found)


def _size(workspace: Path) -> Found:
    path = _notebook(workspace)
    if path is not None:
        notebook = _read(path)
        texts, cells = [source_of_notebook(notebook, path.name).text], len(notebook.cells)
    else:
        texts = [script.read_text(encoding="utf-8-sig") for script in _scripts(workspace)]
        cells = None
    try:
        size = code_size(texts)
    except SyntaxError as error:
        raise Unmeasured(f"the code is not Python (line {error.lineno})") from error
    ways = size.ways or (1,)
    return {
        Figure.LINES: Measured(size.lines),
        Figure.CELLS: None if cells is None else Measured(cells),
        Figure.FUNCTIONS: Measured(size.functions),
        Figure.WAYS_MOST: Measured(max(ways)),
        Figure.WAYS_MEAN: Measured(sum(ways) / len(ways)),
    }


def _smells(workspace: Path) -> Found:
    path = _notebook(workspace)
    files = [path] if path is not None else _scripts(workspace)
    wish = SmellWish(settings=Settings(installed_versions()))
    results = find_smells(files, wish, workers=1)
    unread = [unread for result in results for unread in result.unread]
    if unread:
        raise Unmeasured(unread[0].message)
    return {Figure.SMELLS: Measured(sum(len(result.findings) for result in results))}


def _pages(workspace: Path) -> Found:
    path = _notebook(workspace)
    if path is None:
        return {Figure.PAGES: None}
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise Unmeasured("no Chromium is here to print the notebook")
    from nbconvert import HTMLExporter  # pylint: disable=import-outside-toplevel # 2 s

    html, _ = HTMLExporter(mathjax_url="", require_js_url="").from_filename(str(path))
    with tempfile.TemporaryDirectory(prefix="nbkata-", ignore_cleanup_errors=True) as folder:
        source, printed = Path(folder, "notebook.html"), Path(folder, "notebook.pdf")
        source.write_text(html, encoding="utf-8")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
        flags += ["--disable-background-networking", f"--user-data-dir={folder}/profile"]
        try:
            command = [browser, *flags, f"--print-to-pdf={printed}", source.as_uri()]
            subprocess.run(command, capture_output=True, timeout=PRINTING_S, check=True)
            pages = len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))
        except (OSError, subprocess.SubprocessError) as error:
            raise Unmeasured(f"it could not be printed ({type(error).__name__})") from error
    return {Figure.PAGES: Measured(pages)}


def _pylint(workspace: Path) -> Found:
    from astroid import MANAGER  # pylint: disable=import-outside-toplevel # 1 s
    from pylint.lint import Run  # pylint: disable=import-outside-toplevel # the same
    from pylint.reporters.text import TextReporter  # pylint: disable=import-outside-toplevel

    files = _scripts(workspace)
    path = _notebook(workspace)
    if path is not None:
        files = [workspace / "src" / f"{re.sub(r'[^a-z]', '_', path.stem)}.py"]
        files[0].parent.mkdir(exist_ok=True)
        files[0].write_text(source_of_notebook(_read(path), path.name).text, encoding="utf-8")
    for file in files:  # the last state's module of that name is another one
        MANAGER.astroid_cache.pop(file.stem, None)
    options = [f"--rcfile={os.devnull}", "--persistent=n", "--max-line-length=100", "--score=y"]
    sys.path.insert(0, str(workspace / "src"))
    try:
        run = Run([*options, *map(str, files)], reporter=TextReporter(io.StringIO()), exit=False)
    finally:
        sys.path.remove(str(workspace / "src"))
        if path is not None:
            files[0].unlink()
    return {Figure.PYLINT: Measured(max(0.0, float(run.linter.stats.global_note)))}


def _coverage(workspace: Path) -> Found:
    if not _scripts(workspace) or not _has_tests(workspace):
        return {Figure.COVERAGE: None}
    tests = LearnerTests(workspace)
    try:
        found = tests.coverage()
    finally:
        tests.close()
    if isinstance(found, str):
        raise Unmeasured(found)
    return {Figure.COVERAGE: Measured(found[0])}


def _strength(workspace: Path) -> Found:
    if not _scripts(workspace) or not _has_tests(workspace):
        return {Figure.STRENGTH: None}
    found = measure_strength(StrengthWish(workspace, sample=SAMPLED, workers=1))
    if isinstance(found, Refusal):
        raise Unmeasured(found.what.rstrip("."))
    return {Figure.STRENGTH: Measured(found.percent, (found.caught, found.total))}


def _purity(workspace: Path) -> Found:
    if not _scripts(workspace) or not _has_tests(workspace):
        return {Figure.PURITY: None}
    found = check_purity(PurityRequest(("src",), workspace))
    if isinstance(found, Refusal):
        raise Unmeasured(found.what.rstrip("."))
    functions = [one for one in found.functions if not one.name.startswith("<")]
    if not functions:
        return {Figure.PURITY: None}
    pure = sum(one.verdict is Verdict.PURE for one in functions)
    share = (pure, len(functions))
    return {Figure.PURITY: Measured(100 * pure / len(functions), share)}


MEASURES: Mapping[tuple[Figure, ...], Callable[[Path], Found]] = {
    (Figure.STRENGTH,): _strength,
    (Figure.PURITY,): _purity,
    (Figure.COVERAGE,): _coverage,
    (Figure.PYLINT,): _pylint,
    (Figure.PAGES,): _pages,
    (Figure.SMELLS,): _smells,
    (
        Figure.LINES, Figure.CELLS, Figure.FUNCTIONS, Figure.WAYS_MOST, Figure.WAYS_MEAN,
    ): _size,
}  # fmt: skip
"""What each measures, the slowest first."""
