"""The learner's tests, run in a copy of the workspace with a time limit."""

import contextlib
import json
import os
import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.launch import launch
from nbkata.child.shell.remembered_models import FOLDER
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.common.shell.walk import but, copy_files, walk
from nbkata.workspace.core.workspace import MARKER

# For one run of the tests.
TIMEOUT_S = 150


@dataclass(frozen=True, slots=True)
class Tested:
    """One test in one run."""

    file: str
    name: str
    outcome: str  # ``passed``, ``failed``, or ``skipped``: it was not run, or cannot fail
    message: str
    # What it asked of models, and where a program read its arguments: ``{"what":
    # "fit"|"predict_proba"|"arguments", "rows", "digest", "during"}``.
    asked: tuple[Mapping[str, Any], ...]

    @property
    def passed(self) -> bool:
        """Whether it was run, and could have failed."""
        return self.outcome == "passed"


@dataclass(frozen=True, slots=True)
class TestRun:
    """One run of all the tests."""

    __test__ = False

    tests: tuple[Tested, ...]
    trouble: str = ""  # why the tests could not run to their end; otherwise empty

    @property
    def failed(self) -> tuple[Tested, ...]:
        """The tests that failed: they notice that something is wrong."""
        return tuple(test for test in self.tests if test.outcome == "failed")


CACHES = ("__pycache__", ".pytest_cache")


class LearnerTests:
    """The learner's tests in a copy of the workspace, held by one process until it is closed."""

    def __init__(self, workspace: Path, model: str = "") -> None:
        """``model`` is the class that learns, as ``module:Class``."""
        self.folder = TemporaryFolder()
        self.place = place = Path(self.folder.name).resolve() / "workspace"
        self.prefix = json.dumps(str(place) + os.sep)[1:-1]
        copy_files(workspace, place, but({MARKER, ".git", *CACHES}))
        self.before = _stamps(place)
        self.model = model
        self._begin()
        self._ask({"breakage": None, "coverage": False})  # answered while others do their work

    def _begin(self) -> None:
        """Start the process, or another one if it has ended."""
        self.answers: queue.Queue[str] = queue.Queue()
        self.process = launch(
            "nbkata.shape_tests.shell.tests_driver",
            (self.model,),
            folder=self.place,
            environment={
                FOLDER: str(Path(self.folder.name, "models")),
                **child_environment(),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            talks=True,
        )
        listening = (self.process.answers, self.answers)
        threading.Thread(target=_listen, args=listening, daemon=True).start()

    @cached_property
    def as_they_are(self) -> TestRun:
        """The run of all the tests, nothing broken."""
        answer = self._answer()
        return TestRun((), answer) if isinstance(answer, str) else _test_run(answer)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The files that the tests write as they run, by their paths in the workspace."""
        assert self.as_they_are is not None
        now = _stamps(self.place)
        return tuple(sorted(name for name in now if now[name] != self.before.get(name)))

    def with_broken(self, **breakage: Any) -> TestRun:
        """The unit tests while one thing is broken; see the driver for what can be."""
        answer = self._asked({"breakage": breakage, "coverage": False})
        return TestRun((), answer) if isinstance(answer, str) else _test_run(answer)

    def noticed(self, breakages: Sequence[Mapping[str, Any]]) -> list[bool]:
        """Which of some breakages the unit tests notice for sure; the others are to be asked alone."""
        answer = self._asked({"breakages": breakages})
        found = [] if isinstance(answer, str) else answer["noticed"]
        return found or [False] * len(breakages)

    def coverage(self) -> tuple[float, Mapping[str, Sequence[int]]] | str:
        """The share of lines of ``src/`` that the tests run, in per cent, and the lines missed."""
        answer = self._asked({"breakage": None, "coverage": True})
        return answer if isinstance(answer, str) else (answer["percent"], answer["missing"])

    def close(self) -> None:
        """End the process and remove the copy."""
        self.process.end()
        self.folder.cleanup()

    def _asked(self, request: Mapping[str, Any]) -> Any:
        """The answer to one more request; the first was asked at the start."""
        assert self.as_they_are is not None
        self._ask(request)
        return self._answer()

    def _ask(self, request: Mapping[str, Any]) -> None:
        assert self.process.requests is not None
        with contextlib.suppress(OSError, ValueError):  # it is gone: there will be no answer
            self.process.requests.write(json.dumps(request) + "\n")
            self.process.requests.flush()

    def _answer(self) -> Any:
        """What the driver says, or a text on why it says nothing; then another one takes over."""
        try:
            line = self.answers.get(timeout=TIMEOUT_S)
        except queue.Empty:
            line = ""
            why = f"they did not end within {TIMEOUT_S} s: is there an endless loop, or is the machine busy?"
        else:
            why = "Python died while they ran"
        if not line:
            self.process.end()
            self._begin()
            return why
        return json.loads(line.replace(self.prefix, ""))  # the learner knows no copy


def _listen(lines: IO[str], answers: "queue.Queue[str]") -> None:
    with contextlib.suppress(ValueError):  # closed meanwhile
        for line in lines:
            answers.put(line)
    answers.put("")


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Of the files in a folder, caches left out."""
    return {
        found.name: (found.stat.st_mtime_ns, found.stat.st_size)
        for found in walk(folder, but(CACHES))
        if not found.is_folder
    }


def _test_run(answer: Mapping[str, Any]) -> TestRun:
    tests = tuple(
        Tested(test["file"], test["test"], test["outcome"], test["message"], tuple(test["asked"]))
        for test in answer["tests"]
    )
    trouble = "" if answer["code"] in (0, 1, 5) or tests else answer["said"].strip()[-300:]
    return TestRun(tests, trouble)
