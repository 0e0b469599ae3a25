"""In the child process: see what a call does, and stop what would leave traces."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

from nbkata.purity.core.effects import Effect
from nbkata.purity.core.findings import Cause, Finding
from nbkata.purity.core.watched import event_effect, must_be_stopped, named_call_effect, shown_event


class Stopped(BaseException):
    """Raised in place of an effect; no ``except Exception`` of the function swallows it."""


@dataclass
class Watch:
    """What one call did."""

    path: str  # the file of the function
    first_line: int
    last_line: int
    # The files of the project: what they call counts, what libraries do among themselves less.
    project: frozenset[str]
    findings: list[Finding] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    # Where the project's own code did it, not a library on its behalf.
    direct: set[tuple[int, Cause]] = field(default_factory=set)
    active: bool = False

    def add(self, effect_cause: Cause, message: str, frame: FrameType | None) -> None:
        """A finding at the line of the function that led to ``frame``."""
        line, where = self._place(frame)
        finding = Finding(line, effect_cause, f"{message}{where}")
        if frame is not None and real(frame.f_code.co_filename) in self.project:
            self.direct.add((line, effect_cause))
        if finding not in self.findings:
            self.findings.append(finding)

    def _place(self, frame: FrameType | None) -> tuple[int, str]:
        """The line in the function, and the place of the effect where that is elsewhere."""
        own, nearest = 0, ""
        while frame is not None:
            path = real(frame.f_code.co_filename)
            if path in self.project:
                if not nearest:
                    nearest = f"{os.path.basename(path)}, line {frame.f_lineno}"
                if path == self.path and self.first_line <= frame.f_lineno <= self.last_line:
                    own = frame.f_lineno
            frame = frame.f_back
        elsewhere = f"{os.path.basename(self.path)}, line {own}"
        return own, "" if nearest in ("", elsewhere) else f" ({nearest})"


_REAL: dict[str, str] = {}
_CURRENT: list[Watch] = []
# Audit events that mean nothing, whatever their arguments: a model that learns raises thousands.
_MEANINGLESS: set[str] = set()


def real(path: str) -> str:
    """The real path, kept: it is asked for at every event."""
    known = _REAL.get(path)
    if known is None:
        watch = _CURRENT[-1] if _CURRENT else None
        if watch is not None:
            watch.active = False
        known = _REAL[path] = os.path.realpath(path)
        if watch is not None:
            watch.active = True
    return known


def install_audit_hook() -> None:
    """Once in a process: audit hooks cannot be removed."""
    sys.addaudithook(_on_audit_event)


def _on_audit_event(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _MEANINGLESS or not _CURRENT or not _CURRENT[-1].active:
        return
    effect = event_effect(event, arguments)
    if effect is None:
        if event != "open":
            _MEANINGLESS.add(event)
        return
    watch = _CURRENT[-1]
    watch.active = False
    try:
        frame = sys._getframe(1)  # pylint: disable=protected-access # the hook's own frame is 0
        if _is_pythons_own(frame, watch.project) or _is_part_of_the_installation(effect, arguments):
            return
        watch.add(effect.cause, shown_event(effect, event, arguments), frame)
    finally:
        watch.active = True
    if must_be_stopped(effect):
        raise Stopped(effect.phrase)


_OWN = ("<frozen importlib", "linecache.py", "zoneinfo", "/joblib/", "\\joblib\\", "threadpoolctl")


def _is_pythons_own(frame: FrameType | None, project: frozenset[str]) -> bool:
    """Imports, source lines for messages, time zones and worker pools: no business of the call."""
    while frame is not None:
        path = frame.f_code.co_filename
        if real(path) in project:
            return False
        if any(part in path for part in _OWN):
            return True
        frame = frame.f_back
    return True


def _is_part_of_the_installation(effect: Effect, arguments: tuple[Any, ...]) -> bool:
    """Reading the files of an installed package is reading the package."""
    path = arguments[0] if arguments else None
    if effect.cause is not Cause.READS or not isinstance(path, str | bytes):
        return False
    full = os.path.abspath(os.fsdecode(path))
    roots = {sys.prefix, sys.base_prefix, "/sys", "/proc", "/usr/share/zoneinfo"}
    inside = any(full.startswith(os.path.join(root, "")) for root in roots)
    return inside and not full.startswith(os.path.join(os.getcwd(), ""))


class Screen(io.StringIO):
    """Stands in for stdout or stderr, and tells who writes."""

    def __init__(self, watch: Watch, name: str) -> None:
        super().__init__()
        self.watch = watch
        self.shown = name

    def write(self, text: str) -> int:
        """Keep nothing, tell where it came from."""
        if self.watch.active and text:
            self.watch.active = False
            shown = " ".join(text.split())[:40]
            frame = sys._getframe(1)  # pylint: disable=protected-access
            if not _is_pythons_own(frame, self.watch.project):
                self.watch.add(Cause.OUTPUT, f"writes to {self.shown}: {shown!r}", frame)
            self.watch.active = True
        return len(text)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """See files, processes, sockets, the screen, clocks, and the lines that run."""
    before = sys.stdout, sys.stderr, sys.stdin
    sys.stdout, sys.stderr = Screen(watch, "the screen"), Screen(watch, "stderr")
    sys.stdin = io.StringIO()
    _CURRENT.append(watch)
    watch.active = True
    sys.settrace(_line_tracer(watch))
    sys.setprofile(_call_profiler(watch))
    try:
        yield
    finally:
        sys.setprofile(None)
        sys.settrace(None)
        watch.active = False
        _CURRENT.pop()
        sys.stdout, sys.stderr, sys.stdin = before


def _line_tracer(watch: Watch) -> Callable[[FrameType, str, Any], Any]:
    def on_line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            watch.lines.add(frame.f_lineno)
        return on_line

    def on_call(frame: FrameType, event: str, _: Any) -> Any:
        path = frame.f_code.co_filename
        if event == "call" and (_REAL.get(path) or real(path)) == watch.path:
            watch.lines.add(frame.f_lineno)
            return on_line
        return None

    return on_call


def _call_profiler(watch: Watch) -> Callable[[FrameType, str, Any], None]:
    """Clocks, the environment and pyplot raise no audit event: their names are watched."""

    def on_event(frame: FrameType, event: str, function: Any) -> None:
        caller = frame.f_back if event == "call" else frame if event == "c_call" else None
        if caller is None:
            return
        # Mostly a library's: a call of `real` would cost as much again.
        path = caller.f_code.co_filename
        if (_REAL.get(path) or real(path)) not in watch.project:
            return
        if event == "c_call":
            _tell(watch, *_c_name(function), frame)
        else:
            module = str(frame.f_globals.get("__name__", ""))
            _tell(watch, module, frame.f_code.co_qualname, caller)

    return on_event


def _c_name(function: Any) -> tuple[str, str]:
    owner = getattr(function, "__self__", None)
    module = getattr(function, "__module__", None)
    if module is None and isinstance(owner, type):
        module = owner.__module__
    return str(module or ""), str(getattr(function, "__qualname__", ""))


_NAMED: dict[tuple[str, str], Effect | None] = {}


def _tell(watch: Watch, module: str, name: str, frame: FrameType) -> None:
    key = (module, name)
    if key not in _NAMED:
        _NAMED[key] = named_call_effect(module, name)
    effect = _NAMED[key]
    if effect is not None and watch.active:
        watch.active = False
        watch.add(effect.cause, f"{effect.phrase}: {module}.{name}()", frame)
        watch.active = True


def first_line_where(
    code: CodeType | None, changed: Callable[[], bool], call: Callable[[], Any], most: int = 400
) -> int | None:
    """The line of ``code`` after which ``changed()`` is first true while ``call()`` runs."""
    state: dict[str, Any] = {"last": None, "found": None, "left": most}

    def on_line(frame: FrameType, event: str, _: Any) -> Any:
        if state["found"] is None and state["left"] > 0 and event in ("line", "return"):
            state["left"] -= 1
            if state["last"] is not None and changed():
                state["found"] = state["last"]
        if event == "line":
            state["last"] = frame.f_lineno
        return on_line

    def on_call(frame: FrameType, event: str, _: Any) -> Any:
        return on_line if event == "call" and frame.f_code is code else None

    sys.settrace(on_call)
    try:
        call()
    finally:
        sys.settrace(None)
    found: int | None = state["found"]
    return found
