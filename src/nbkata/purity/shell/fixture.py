"""The pytest fixture ``assert_pure``: a test that says "everything in ``features`` is pure"."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nbkata.child.shell.environ import PLANTED


@pytest.fixture(name="assert_pure")
def fixture_assert_pure(request: pytest.FixtureRequest) -> Callable[..., None]:
    """A function that takes modules and fails, naming the lines, where one is not proven pure.

    ``assert_pure("features", "model", tests=["tests/test_features.py"])``. Modules and tests are
    found from pytest's root folder. The tests run once more, watched, in a process of their own;
    in that run the test that asks is skipped, and while `nbkata strength` plants changes as well: it
    would run all tests again for each of them.
    """

    def assert_pure(
        *modules: str,
        tests: tuple[str, ...] | list[str] = (),
        allow_unexercised: bool = False,
        timeout_s: float = 300,
    ) -> None:
        __tracebackhide__ = True  # pylint: disable=unused-variable # pytest reads it
        if "NBKATA_PURITY" in os.environ:
            pytest.skip("this is the watched run that the purity check itself started")
        if PLANTED in os.environ:
            pytest.skip(
                "a change is planted in the code, and whether it is pure is not the question"
            )
        text = _failures(
            Path(request.config.rootpath), modules, tuple(tests), allow_unexercised, timeout_s
        )
        if text:
            from nbkata.terminal.visible import visible  # pylint: disable=import-outside-toplevel

            pytest.fail(visible(text), pytrace=False)

    return assert_pure


def _failures(
    folder: Path,
    modules: tuple[str, ...],
    tests: tuple[str, ...],
    allow_unexercised: bool,
    timeout_s: float,
) -> str:
    # pylint: disable=import-outside-toplevel # the plugin is loaded by every pytest run
    from nbkata.common.core.refusal import Refusal
    from nbkata.purity.core.report import failure_text
    from nbkata.purity.shell.check import PurityRequest, check_purity

    request = PurityRequest(modules, folder, tests=tests, timeout_s=timeout_s)
    report = check_purity(request)
    if isinstance(report, Refusal):
        return str(report)
    text = failure_text(report, allow_unexercised=allow_unexercised)
    return "\n".join([text, *report.notes]) if text else ""
