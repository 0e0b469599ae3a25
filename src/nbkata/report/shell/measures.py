"""Measuring one state of the learner's files; each measure gives one figure or a few.

A measure is a function of a throw-away workspace with the files in it. It runs in a worker
process, so that two of them share a machine and no state. If something should be there and
cannot be measured, it raises `Unmeasured` with the reason. `quick_figures` has the quick ones.
"""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.common.shell.walk import files_in, visible
from nbkata.kata.core.figures import SAMPLED, Figure, Measured
from nbkata.kata.shell.quick_figures import (
    Found,
    Unmeasured,
    notebook_in,
    read_notebook,
    scripts_in,
    sizes,
    smells,
    worked_on,
)
from nbkata.keys.shell.key_pages import BROWSERS
from nbkata.purity.core.verdict import Verdict
from nbkata.purity.shell.check import PurityRequest, check_purity
from nbkata.shape_tests.shell.learner_tests import LearnerTests
from nbkata.smells.core.source import source_of_notebook
from nbkata.strength.shell.protocol import StrengthRequest
from nbkata.strength.shell.strength import measure_strength

PRINTING_S = 120


def _has_tests(workspace: Path) -> bool:
    found = files_in(workspace / "tests", visible, ".py")
    return any(path.name.startswith("test_") for path in found)


def _pages(workspace: Path) -> Found:
    path = notebook_in(workspace)
    if path is None:
        return {Figure.PAGES: None}
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise Unmeasured("no Chromium is here to print the notebook")
    from nbconvert import HTMLExporter  # pylint: disable=import-outside-toplevel # 2 s

    html, _ = HTMLExporter(mathjax_url="", require_js_url="").from_filename(str(path))
    with TemporaryFolder() as folder:
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

    files = scripts_in(workspace)
    path = notebook_in(workspace)
    if path is not None:
        files = [workspace / "src" / f"{re.sub(r'[^a-z]', '_', path.stem)}.py"]
        files[0].parent.mkdir(exist_ok=True)
        files[0].write_text(
            source_of_notebook(read_notebook(path), path.name).text, encoding="utf-8"
        )
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
    if not scripts_in(workspace) or not _has_tests(workspace):
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
    if not scripts_in(workspace) or not _has_tests(workspace):
        return {Figure.STRENGTH: None}
    found = measure_strength(StrengthRequest(workspace, sample=SAMPLED, workers=1))
    if isinstance(found, Refusal):
        raise Unmeasured(found.what.rstrip("."))
    return {Figure.STRENGTH: Measured(found.percent, (found.caught, found.total))}


def _purity(workspace: Path) -> Found:
    if not scripts_in(workspace) or not _has_tests(workspace):
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


# What each measures, the slowest first.
MEASURES: Mapping[tuple[Figure, ...], Callable[[Path], Found]] = {
    (Figure.STRENGTH,): _strength,
    (Figure.PURITY,): _purity,
    (Figure.COVERAGE,): _coverage,
    (Figure.PYLINT,): _pylint,
    (Figure.PAGES,): _pages,
    (Figure.SMELLS,): lambda workspace: smells(worked_on(workspace)),
    (
        Figure.LINES, Figure.CELLS, Figure.FUNCTIONS, Figure.WAYS_MOST, Figure.WAYS_MEAN,
    ): lambda workspace: sizes(worked_on(workspace)),
}  # fmt: skip
