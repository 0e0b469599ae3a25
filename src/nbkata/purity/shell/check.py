"""The whole purity check: read the text, run the tests, call again, judge."""

import json
import os
import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbkata.child.shell.environ import plain_environment
from nbkata.child.shell.launch import Launched, launch
from nbkata.child.shell.pytest_options import quick_start
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import cores
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.purity.core.boundaries import contract
from nbkata.purity.core.evidence import CallEvidence, Outcome, evidence_from_json
from nbkata.purity.core.report import Problem, PurityReport
from nbkata.purity.core.static import FunctionText, read_functions
from nbkata.purity.core.verdict import checked_functions
from nbkata.purity.shell.project import Project, find_project, module_name
from nbkata.purity.shell.watched_run import DEFAULT_TIMEOUT_S, Kept, run_watched

# Another one than that of the tests: what depends on the order of a set shows.
HASH_SEED = "5"

# A second call may take this long, and twenty times what the first one took.
CALL_LIMIT_S = 10.0

# How many times slower a call may be under the audit hook, beyond the limit, before it is stopped.
SLOWER = 20


@dataclass(frozen=True, slots=True)
class PurityRequest:
    """What to check, and by which run."""

    modules: tuple[str, ...]
    folder: Path
    tests: tuple[str, ...] = ()
    script: str = ""  # run this script in place of the tests
    text_only: bool = False
    timeout_s: float = DEFAULT_TIMEOUT_S
    call_limit_s: float = CALL_LIMIT_S


def check_purity(request: PurityRequest) -> PurityReport | Refusal:
    """A verdict on every function of the modules."""
    started = time.perf_counter()
    project = find_project(request.modules, request.folder)
    if isinstance(project, Refusal):
        return project
    command = None if request.text_only else _command(request, project)
    if isinstance(command, Refusal):
        return command
    if command is None:
        report = _by_text(project, request)
    else:
        report = _by_running(project, request, command)
    return replace(report, seconds=time.perf_counter() - started)


def import_contract(request: PurityRequest) -> str | Refusal:
    """import-linter's contract that says: these modules are the core, their neighbours the shell."""
    project = find_project(request.modules, request.folder)
    if isinstance(project, Refusal):
        return project
    folder = Path(project.targets[0].path).parent
    core = [module.name for module in project.targets]
    beside = sorted(
        name
        for path, name in ((Path(file), module_name(Path(file))) for file in project.files)
        if name not in core and path.parent == folder and path.name != "__init__.py"
    )
    return contract(core, beside, folder.name)


def _texts(project: Project) -> tuple[FunctionText, ...]:
    wanted = {module.path for module in project.targets}
    found = read_functions([*project.targets, *project.others])
    return tuple(text for text in found if text.path in wanted)


def _by_text(project: Project, request: PurityRequest) -> PurityReport:
    note = "Nothing was run (--static)."
    if not request.text_only:
        note = f"There are no tests in {project.root}: only the text was read (--tests PATH)."
    return PurityReport(
        _shown(checked_functions(_texts(project), (), "nothing was run"), project), notes=(note,)
    )


def _command(request: PurityRequest, project: Project) -> list[str] | None | Refusal:
    """What makes the calls: a script, or pytest; none if there are no tests."""
    if request.script:
        if not (request.folder / request.script).is_file():
            return Refusal("there is no such script.", request.script, "Check the name.")
        return [str((request.folder / request.script).resolve())]
    tests = [str((request.folder / test).resolve()) for test in request.tests]
    for test, asked in zip(tests, request.tests, strict=True):
        place = Path(test.partition("::")[0])
        if not place.is_file() and not place.is_dir():
            return Refusal("there is no such test file or folder.", asked, "Check the name.")
    if not tests and (project.root / "tests").is_dir():
        tests = [str(project.root / "tests")]
    if not tests:
        tests = [str(path) for path in sorted(project.root.glob("test_*.py")) if path.is_file()]
    if not tests:
        return None
    # plain: pytest would load the modules that it rewrites past the probe
    options = ["-q", "-p", "no:cacheprovider", "--no-header", "--assert=plain"]
    options += quick_start(project.root)
    return ["pytest", *options, *tests]


def _by_running(project: Project, request: PurityRequest, command: list[str]) -> PurityReport:
    paths = [module.path for module in project.targets]
    with TemporaryFolder() as spool:
        helper = Helper(project.root, _libraries(project))
        try:
            texts: list[FunctionText] = []
            reading = threading.Thread(target=lambda: texts.extend(_texts(project)))
            reading.start()
            kept = run_watched(command, project.root, Path(spool), paths, request.timeout_s)
            reading.join()
            task = _task(project, kept, texts, spool)
            evidence = [*kept.lost, *_called_again(helper, task, request)]
        finally:
            helper.end()
    checked = checked_functions(texts, evidence, kept.unrun)
    return PurityReport(
        _shown(checked, project), _problems(project, kept), kept.notes, kept.seconds
    )


def _shown(checked: Sequence[Any], project: Project) -> tuple[Any, ...]:
    """With paths as the reader knows them: from the root of the project."""
    return tuple(
        replace(item, path=os.path.relpath(item.path, project.root).replace("\\", "/"))
        for item in checked
    )


def _problems(project: Project, kept: Kept) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            os.path.relpath(path, project.root),
            entry["line"],
            f"it cannot be imported ({entry['error']}), so its functions were only read.",
        )
        for path, entry in kept.imports.items()
        if entry["error"]
    )


def _libraries(project: Project) -> list[str]:
    """What the modules import from elsewhere: the child brings it in while the tests run."""
    own = {module.name.partition(".")[0] for module in [*project.targets, *project.others]}
    names = {
        full
        for module in project.targets
        for full in (*module.imports.values(), *module.stars)
        if full.partition(".")[0] not in own
    }
    found = {name if name.count(".") == 0 else name.rpartition(".")[0] for name in names}
    return sorted(found & _known(found))


def _known(names: set[str]) -> set[str]:
    """Leave out what does something when it is imported."""
    return {name for name in names if name.partition(".")[0] not in ("this", "antigravity", "src")}


def _task(
    project: Project, kept: Kept, texts: Sequence[FunctionText], spool: str
) -> dict[str, Any]:
    places: dict[str, dict[str, list[int]]] = {}
    for text in texts:
        places.setdefault(text.path, {})[text.name] = [text.line, text.end_line]
    imported = {path: entry["name"] for path, entry in kept.imports.items() if not entry["error"]}
    called = {call["path"] for call in kept.calls}
    return {
        "spool": spool,
        "project": sorted(project.files),
        "places": places,
        "sys_path": list(kept.sys_path),
        "modules": {path: name for path, name in imported.items() if path in called},
        "calls": list(kept.calls),
    }


def _called_again(
    helper: "Helper", task: dict[str, Any], request: PurityRequest
) -> list[CallEvidence]:
    """Evidence of every kept call; after a call that does not come back a new child goes on."""
    waiting = list(task["calls"])
    found: list[CallEvidence] = []
    while waiting:
        helper.give({**task, "calls": waiting})
        while waiting:
            call = waiting[0]
            evidence = helper.evidence(call, request.call_limit_s + SLOWER * call["seconds"])
            found.append(evidence)
            waiting = waiting[1:]
            if evidence.outcome in (Outcome.TIMED_OUT, Outcome.DIED):
                same = (call["path"], call["name"])
                waiting = [other for other in waiting if (other["path"], other["name"]) != same]
                helper.restart()
                break
    return found


class Helper:
    """The child process that calls again."""

    def __init__(self, root: Path, libraries: list[str]) -> None:
        self.root = root
        self.libraries = libraries
        self.lines: queue.Queue[str]
        self.process: Launched | None = None
        if cores() > 1:  # while the tests run
            self._start()

    def _start(self) -> None:
        environment = {
            **plain_environment(),
            "PYTHONHASHSEED": HASH_SEED,
            "LOKY_MAX_CPU_COUNT": "1",
            "MPLBACKEND": "Agg",
        }
        self.process = launch(
            "nbkata.purity.shell.replay",
            (),
            folder=self.root,
            environment=environment,
            talks=True,
            fresh=True,
        )
        self.lines = queue.Queue()
        reader = threading.Thread(
            target=_read, args=(self.process.answers, self.lines), daemon=True
        )
        reader.start()
        self._send(self.libraries)

    def _send(self, document: Any) -> None:
        assert self.process is not None and self.process.requests is not None
        with suppress(OSError):  # it is gone; the answer that does not come will tell
            self.process.requests.write(json.dumps(document) + "\n")
            self.process.requests.flush()

    def give(self, task: dict[str, Any]) -> None:
        """Say what to call."""
        if self.process is None:
            self._start()
        self._send(task)

    def evidence(self, call: dict[str, Any], limit_s: float) -> CallEvidence:
        """The answer for one call, or what became of the child instead."""
        started = False
        while True:
            try:
                line = self.lines.get(timeout=limit_s if started else 60 + limit_s)
            except queue.Empty:
                detail = f"did not return within {limit_s:.0f} s when it was called a second time"
                return CallEvidence(call["path"], call["name"], Outcome.TIMED_OUT, detail)
            if not line:
                detail = "ends the process it runs in when it is called a second time"
                return CallEvidence(call["path"], call["name"], Outcome.DIED, detail)
            answer = json.loads(line)
            started = True
            if answer.pop("done", None) == call["id"]:
                return evidence_from_json(answer)

    def restart(self) -> None:
        """A new child in place of one that hangs or died."""
        self.end()
        self._start()

    def end(self) -> None:
        """End the child, whatever it does."""
        if self.process is not None:
            self.process.end()


def _read(stream: Any, lines: "queue.Queue[str]") -> None:
    try:
        for line in stream:
            lines.put(line)
    except (OSError, ValueError):  # closed while it was read
        pass
    lines.put("")
