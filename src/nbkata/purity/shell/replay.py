"""The child process that calls captured functions again: ``python -m nbkata.purity.shell.replay``.

It reads two lines of JSON: libraries to import while the tests still run, then what to call; it
answers with one line of JSON before and after each call.
"""

import dis
import functools
import importlib
import inspect
import json
import os
import pickle
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbkata.child.shell import bounds
from nbkata.purity.core.changes import changes
from nbkata.purity.core.evidence import CallEvidence, Outcome, evidence_to_json
from nbkata.purity.core.findings import Cause, Finding
from nbkata.purity.core.fixes import of_change
from nbkata.purity.shell.audit import Watch, first_line_where, install_audit_hook, watching
from nbkata.purity.shell.calling import Arguments, outcome
from nbkata.purity.shell.capture import load_instrumented, pickled
from nbkata.purity.shell.state import Global, SharedState, seed_all, shared_state

_NOTHING = object()


def main() -> None:
    """Serve one purity check, then end."""
    bounds.bound()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with suppress(ImportError, ValueError, AttributeError, OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what C code prints is no answer
    for library in json.loads(sys.stdin.readline() or "[]"):
        with suppress(Exception):
            importlib.import_module(library)
    task = json.loads(sys.stdin.readline() or "null")
    if task is None:
        return
    replay = Replay(task)
    install_audit_hook()
    for call in task["calls"]:
        answers.write(json.dumps({"start": call["id"]}) + "\n")
        answers.flush()
        evidence = replay.evidence(call)
        answers.write(json.dumps({"done": call["id"], **evidence_to_json(evidence)}) + "\n")
        answers.flush()
    os._exit(0)  # threads and exit handlers of the project have no say any more


class Replay:
    """Knows the project's functions, and calls them."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.spool = Path(task["spool"])
        mine = os.path.join(os.path.dirname(os.path.realpath(__file__)), "")
        self.project = frozenset(p for p in task["project"] if not p.startswith(mine))
        self.places: dict[str, dict[str, list[int]]] = task["places"]
        self.functions: dict[tuple[str, str], Any] = {}
        self.problems: dict[str, str] = {}
        self.known: dict[Global, bytes] | None = None
        """Copies of the project's globals, as long as no call has changed one."""
        sys.path[:] = task["sys_path"]
        # The tests have shown these warnings; the second call would only repeat them.
        # pylint: disable-next=blanket-warning-filter
        warnings.simplefilter("ignore")
        load_instrumented(frozenset(task["modules"]), self._register, lambda *_: None)
        for path, name in task["modules"].items():
            try:
                importlib.import_module(name)
            except BaseException as error:  # pylint: disable=broad-exception-caught
                self.problems[path] = f"{type(error).__name__}: {error}"

    def _register(self, path: str, name: str, outermost: bool, defined: Any) -> Any:
        """Remember the function that calls reach; the innermost where decorators hide it."""
        if isinstance(defined, types.FunctionType):
            if outermost or (path, name) not in self.functions:
                self.functions[(path, name)] = defined
        return defined

    def evidence(self, call: dict[str, Any]) -> CallEvidence:
        """Call it twice, and say what was seen."""
        path, name = call["path"], call["name"]
        function = self.functions.get((path, name))
        if function is None:
            why = self.problems.get(path, "its module makes it anew")
            detail = f"it cannot be called again in another process ({why})"
            return CallEvidence(path, name, Outcome.NOT_COPIED, detail)
        try:
            arguments = Arguments((self.spool / f"{call['id']}.pickle").read_bytes(), function)
        except Exception as error:  # pylint: disable=broad-exception-caught # any __setstate__
            detail = f"its arguments cannot be rebuilt in another process ({error})"
            return CallEvidence(path, name, Outcome.NOT_COPIED, detail)
        first, last = self.places[path][name]
        watch = Watch(path, first, last, self.project)
        trial = Trial(function, arguments, watch, self.project, self.known)
        findings = tuple(trial.findings(self._original(call["id"])))
        self.known = trial.known
        return CallEvidence(
            path, name, Outcome.DONE, findings=findings, lines=frozenset(watch.lines)
        )

    def _original(self, number: str) -> Any:
        with suppress(Exception):
            return pickle.loads((self.spool / f"{number}.result").read_bytes())
        return _NOTHING


class Trial:
    """Two calls of one function with the same arguments."""

    def __init__(
        self,
        function: Any,
        arguments: Arguments,
        watch: Watch,
        project: frozenset[str],
        known: dict[Global, bytes] | None,
    ) -> None:
        self.function = function
        self.arguments = arguments
        self.watch = watch
        self.project = project
        self.code = inspect.unwrap(function).__code__
        self.known = known

    def findings(self, original: Any) -> Iterator[Finding]:
        """What the two calls showed."""
        given = self.arguments.copy()
        seed_all(1)
        state = shared_state(self.project, self.known)
        first, seen_first = self._watched(given)
        yield from self._changed_arguments(given)
        yield from self._changed_state(state)
        seed_all(2)
        # What was not seen the first time is not asked for: the slow half of watching is left out.
        second, seen_again = self._watched(self.arguments.copy(), by_name=bool(seen_first))
        again = {(finding.line, finding.cause) for finding in seen_again}
        for finding in seen_first:  # what a library does the first time only is its own start
            place = (finding.line, finding.cause)
            if place in self.watch.direct or place in again:
                yield finding
        if first[0] == "stopped" and second[0] != "stopped":
            first, _ = self._watched(self.arguments.copy())
        yield from self._disagreement(first, second, original)

    def _watched(self, given: Any, by_name: bool = True) -> tuple[tuple[str, Any], list[Finding]]:
        """``by_name``: every call and line is looked at as well, which takes a multiple of the time."""
        self.watch.findings.clear()
        with watching(self.watch):
            if not by_name:
                sys.setprofile(None)
                sys.settrace(None)
            ended = outcome(self.function, *given)
        return ended, list(self.watch.findings)

    def _changed_arguments(self, given: Any) -> Iterator[Finding]:
        before = self.arguments.named(self.arguments.copy())
        after = self.arguments.named(given)
        for name, value in before.items():
            found = changes(value, after[name], name)
            if found:
                line = self._line_of_change(name)
                own = name == "self"
                message = "changes its own object" if own else f"edits its argument {name}"
                shown = " and ".join(found[:2]) + (" and more" if len(found) > 2 else "")
                yield Finding(
                    line,
                    Cause.ARGUMENT,
                    f"{message}: {shown}",
                    target=name,
                    origin=shown,
                    remedy=of_change(name, value, found),
                )

    def _line_of_change(self, name: str) -> int:
        """Call once more, looking after each line."""
        given = self.arguments.copy()
        mine = self.arguments.named(given)[name]
        pristine = self.arguments.named(self.arguments.copy())[name]
        seed_all(1)
        line = self._first_line(lambda: bool(changes(pristine, mine, name)), given)
        return line or 0

    def _first_line(self, changed: Callable[[], bool], given: Any) -> int | None:
        quiet = Watch(self.watch.path, 0, 0, self.project)
        with watching(quiet):
            sys.setprofile(None)
            sys.settrace(None)
            return first_line_where(self.code, changed, lambda: outcome(self.function, *given))

    def _changed_state(self, state: SharedState) -> Iterator[Finding]:
        found = list(state.differences(self.project))
        self.known = None if any(cause is Cause.GLOBAL for cause, _, _ in found) else state.globals_
        for cause, name, message in found:
            line = 0
            if cause in (Cause.RANDOM, Cause.GLOBAL, Cause.SETTINGS):
                seed_all(1)
                fresh = shared_state(self.project)
                line = (
                    self._first_line(
                        functools.partial(_has_changed, fresh, self.project, name),
                        self.arguments.copy(),
                    )
                    or 0
                )
            yield Finding(line, cause, message, target=name)

    def _likely(self) -> str:
        """Why another process may get another result, as far as the function's own text tells it."""
        names, known = _names_in(self.code), inspect.unwrap(self.function).__globals__
        held = sorted(
            name
            for name in names & known.keys()
            if hasattr(known[name], "__dict__")
            and not isinstance(known[name], type | types.ModuleType)
            and not callable(known[name])
        )
        in_any_order = sorted(names & _IN_ANY_ORDER.keys() - known.keys())
        if held and not in_any_order:
            return f"an earlier call may have changed {held[0]}, which is made outside of it"
        if in_any_order and not held:
            return _IN_ANY_ORDER[in_any_order[0]]
        return (
            "the order of a set, hash(), a patched name, or an object made outside of the function "
            "that an earlier call changed"
        )

    def _disagreement(self, first: Any, second: Any, original: Any) -> Iterator[Finding]:
        for other, where in ((second, "the same arguments"), (original, "another process")):
            if other is _NOTHING or (other is original and first[0] != "returned"):
                continue
            mine = first[1] if other is original else first
            theirs = other if other is original else second
            if other is original:
                mine = _rebuilt(mine)
                if mine is _NOTHING:
                    continue
            found = changes(mine, theirs, "the result")
            if found:
                shown = found[0].replace("the result[1]", "the result")
                with_ = f"two calls with {where}" if other is second else f"a call in {where}"
                verb = "disagree" if other is second else "gave another result"
                hint = "" if other is second else f" ({self._likely()})"
                message = f"{with_} {verb}{hint}: {shown}"
                yield Finding(self.watch.first_line, Cause.UNSTABLE, message)
                return


def _names_in(code: types.CodeType) -> set[str]:
    """What its text looks up outside of it, and ``set`` for a set that is written out."""
    names = {*code.co_names}
    if any(step.opname == "BUILD_SET" for step in dis.get_instructions(code)):
        names.add("set")
    return names.union(
        *(_names_in(one) for one in code.co_consts if isinstance(one, types.CodeType))
    )


_OF_A_SET = "the order of a set is another in each process"
_IN_ANY_ORDER = {
    "set": _OF_A_SET,
    "frozenset": _OF_A_SET,
    "hash": "hash() gives another number in each process",
}


def _has_changed(state: SharedState, project: frozenset[str], name: str) -> bool:
    return any(changed == name for _, changed, _ in state.differences(project))


def _rebuilt(value: Any) -> Any:
    """As the original result was: through a pickle, which may leave caches out."""
    with suppress(Exception):
        return pickle.loads(pickled(value))
    return _NOTHING


if __name__ == "__main__":
    main()
