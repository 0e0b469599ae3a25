"""The kit's own functional core, held to what it asks of a learner's."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from support.builders import ROOT

from nbkata.dataflow.core.modules import Module
from nbkata.purity.core.report import PurityReport, failure_text
from nbkata.purity.core.static import FunctionText
from nbkata.purity.core.verdict import CheckedFunction, Verdict
from nbkata.purity.shell import check
from nbkata.purity.shell.check import PurityRequest, check_purity

CORES = tuple(sorted(path.as_posix() for path in (ROOT / "src" / "nbkata").glob("*/core")))
SHELL_LIKE = {
    "nbkata.purity.core.checker": "pylint's own interface: a checker reports through itself",
    "nbkata.smells.core": "a view keeps memos in itself, and astroid's logger is quieted",
}
"""Modules and packages in a core/ that are excused, with the reason."""


@pytest.fixture(autouse=True, scope="module")
def _texts_are_read_once() -> Iterator[None]:
    """Both tests ask the same of the text of 500 modules, which takes longest."""
    read, known = check.read_functions, dict[tuple[str, ...], tuple[FunctionText, ...]]()

    def read_once(modules: Sequence[Module]) -> tuple[FunctionText, ...]:
        paths = tuple(module.path for module in modules)
        if paths not in known:
            known[paths] = read(modules)
        return known[paths]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "read_functions", read_once)
        yield


def excused(function: CheckedFunction) -> bool:
    """Whether its module is listed above, or it is a method of a private class that changes its
    own object alone: nobody outside the module holds such an object, and who makes one is judged.
    """
    private = "." in function.name and function.name.startswith("_")
    own = all(reason.message.startswith("changes its own object") for reason in function.reasons)
    listed = any(f"{function.module}.".startswith(f"{name}.") for name in SHELL_LIKE)
    return listed or (private and own)


def checked(**how: object) -> PurityReport:
    """The check of all of core/."""
    report = check_purity(PurityRequest(CORES, ROOT, **how))  # type: ignore[arg-type]
    assert isinstance(report, PurityReport), report
    return report


def test_by_its_text_no_function_of_the_core_is_impure():
    impure = [
        f"{function.module}.{function.name}, line {reason.line}: {reason.message}"
        for function in checked(text_only=True).functions
        if function.verdict is Verdict.IMPURE and not excused(function)
        for reason in function.reasons
    ]
    assert impure == []


def test_called_again_the_functions_of_the_core_change_nothing_and_agree():
    tests = ("tests/extract/test_command_extract.py::test_a_name_from_an_earlier_cell_is_an_input",)
    tests += ("tests/workspace/test_core_journal.py", "tests/kata/test_core_kata.py")
    report = checked(tests=tests)
    assert report.notes == ()
    strict = replace(
        report, functions=tuple(item for item in report.functions if not excused(item))
    )
    assert failure_text(strict, allow_unexercised=True) == ""
    pure = [function for function in report.functions if function.verdict is Verdict.PURE]
    assert len(pure) >= 60, len(pure)
