"""Measuring the strength of a folder's tests, in copies of it.

Why an engine of our own: mutmut 3 changes nothing outside functions and runs on POSIX alone;
cosmic-ray starts a new interpreter, and so imports pandas and scikit-learn anew, for each mutant.
Neither knows `how=`, `median` or a column, and neither can tell a mutant that changes nothing
from one that the tests missed (`nbkata.strength.shell.oracle`).
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nbkata.child.shell import ending
from nbkata.child.shell.environ import PLANTED, plain_environment
from nbkata.child.shell.interpreter import environment_there, python
from nbkata.child.shell.remembered_models import FOLDER
from nbkata.child.shell.sandbox import inner
from nbkata.child.shell.scratch_copy import MOST_BYTES, copy_folder, size_to_copy
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import ONE_CORE, cores
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.purity.shell.project import read_module, refused_as_module
from nbkata.strength.core.strength import MutantResult, Strength, settled
from nbkata.strength.shell.protocol import (
    Baseline,
    Ended,
    Event,
    Planted,
    Repeated,
    StrengthRequest,
    Untargeted,
    Verdict,
    event_from_json,
    request_as_json,
)

# Different hash seeds that the flake meter's runs are spread over.
HASH_SEEDS = 10


# Told after each verdict: how many are done, of how many, and the verdict.
OnVerdict = Callable[[int, int, MutantResult], None]
# Told after each run of the unchanged tests: how many are done, of how many.
OnRepeat = Callable[[int, int], None]


def measure_strength(
    request: StrengthRequest,
    on_progress: OnVerdict | None = None,
    on_repeat: OnRepeat | None = None,
    has_to_end: Callable[[int], bool] = lambda _: False,
) -> Strength | Refusal:
    """Plant every mutant in turn and run the tests; the learner's files are only read.

    ``has_to_end``, asked with the number of verdicts after each, ends it early.
    """
    started = time.perf_counter()
    tested: dict[int, MutantResult] = {}
    runs: list[str] = []
    planted, refusal = 0, None
    targets: tuple[str, ...] = ()
    with TemporaryFolder() as work:
        copied = _copied(request, Path(work))
        if isinstance(copied, Refusal):
            return copied
        with _SessionProcess(request, Path(work)) as events:
            for event in events:
                if isinstance(event, Baseline | Untargeted):
                    refusal = _refusal(event, request)
                elif isinstance(event, Planted):
                    planted, targets = event.total, event.targets
                elif isinstance(event, Repeated):
                    runs.append(event.failure)
                    if on_repeat:
                        on_repeat(len(runs), request.repeat)
                elif isinstance(event, Verdict):
                    tested[event.place] = event.result
                    if on_progress:
                        on_progress(len(tested), planted, event.result)
                    certain = settled(tested, planted, request.enough) if request.enough else None
                    if certain is not None:
                        tested = dict(enumerate(certain))
                        break
                    if has_to_end(len(tested)):
                        planted = len(tested)
                        break
                if refusal is not None:
                    return refusal
    verdicts = tuple(tested.values())
    found = Strength(verdicts, time.perf_counter() - started, planted, targets)
    failed = [name for name in runs if name]
    flaky = tuple(sorted(set(failed)))
    return with_flakes(found, len(failed), len(runs), flaky) if runs else found


def count_flakes(
    request: StrengthRequest,
    runs: int,
    on_progress: OnRepeat | None = None,
    hash_seeds: int = HASH_SEEDS,
    until_failed: bool = False,
) -> tuple[int, tuple[str, ...]] | Refusal:
    """How often the unchanged tests fail in ``runs`` runs, and which fail.

    Every run has random numbers of its own where the code seeds none; the runs are spread over
    ``hash_seeds``, each of which costs the start of a process. With ``until_failed`` no other hash
    seed is tried after one under which a run failed.
    """
    failed: list[str] = []
    done, seeds = 0, min(hash_seeds, runs)
    with TemporaryFolder() as work:
        copied = _copied(request, Path(work))
        if isinstance(copied, Refusal):
            return copied
        for number in range(seeds):
            if failed and until_failed:
                break
            share = runs // seeds + (number < runs % seeds)
            repeated = replace(request, repeat=share, plants=False)
            with _SessionProcess(repeated, Path(work), number) as events:
                for event in events:
                    if not isinstance(event, Repeated):
                        continue
                    done += 1
                    if event.failure:
                        failed.append(event.failure)
                    if on_progress:
                        on_progress(done, runs)
    return len(failed), tuple(sorted(set(failed)))


SESSION = ("-m", "nbkata.strength.shell.session")


class _SessionProcess:
    """The session's process: its events as they come, and its end whatever happens."""

    def __init__(self, request: StrengthRequest, work: Path, hash_seed: int = 0) -> None:
        self.errors = (work / "errors.txt").open("w", encoding="utf-8")
        variables = environment_there(_environment(work, hash_seed))
        request = replace(request, workers=request.workers or cores())
        command = [python(), *SESSION, str(work.resolve()), request_as_json(request)]
        self.process = ending.start(
            inner(command, work.resolve(), (), variables),
            stdout=subprocess.PIPE,
            stderr=self.errors,
            stdin=subprocess.DEVNULL,
            env=variables,
        )

    def __enter__(self) -> Iterator[Event]:
        return self._events()

    def _events(self) -> Iterator[Event]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = event_from_json(line)
            if isinstance(event, Ended):
                return
            yield event
        self.errors.flush()
        output = Path(self.errors.name).read_text(encoding="utf-8").strip().splitlines()
        raise RuntimeError(
            "the session ended early: " + (output[-1] if output else "no reason given")
        )

    def __exit__(self, *_: object) -> None:
        self.process.terminate()  # its own handler ends the workers
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        ending.end(self.process)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.errors.close()


def _copied(request: StrengthRequest, work: Path) -> Refusal | None:
    if not request.folder.is_dir():
        return Refusal("there is no such folder.", str(request.folder), "Name a folder with tests.")
    for target in request.targets:
        if not (request.folder / target).is_file():
            return Refusal("there is no such file.", target, "Check --target.")
        path = request.folder / target
        module = refused_as_module(path, target) or read_module(path)
        if isinstance(module, Refusal):
            return module
    if size_to_copy(request.folder) > MOST_BYTES:
        what = "the folder holds more than 2 GB, too much to copy."
        return Refusal(what, str(request.folder), "Run this in the folder of one project.")
    copy_folder(request.folder, work / "pristine")
    return None


def _environment(work: Path, hash_seed: int) -> dict[str, str]:
    """One thread a worker, a home and a temporary folder inside the copy, no pictures."""
    home, temporary = work / "home", work / "tmp"
    home.mkdir(exist_ok=True)
    temporary.mkdir(exist_ok=True)
    data = os.environ.get("SCIKIT_LEARN_DATA") or str(Path.home() / "scikit_learn_data")
    return {
        **plain_environment(),
        **ONE_CORE,
        **dict.fromkeys(("HOME", "USERPROFILE"), str(home)),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)),
        "SCIKIT_LEARN_DATA": data,
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": str(hash_seed),
        PLANTED: "1",
        FOLDER: str(home / f".models-{hash_seed}"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", ""),
        "PYTEST_ADDOPTS": "",
    }


def _refusal(event: Baseline | Untargeted, request: StrengthRequest) -> Refusal | None:
    """What the run of the unchanged tests says against going on."""
    where = ", ".join(request.tests) or str(request.folder)
    if isinstance(event, Untargeted):
        wanted = ", ".join(request.targets) or "any module of this folder"
        ran = ", ".join(path for path in event.ran if "test" not in path) or "none"
        what = f"no test runs {wanted} (they run: {ran})."
        return Refusal(what, where, "Import the module in a test, or name another --target.")
    code = event.code
    if code == 0:
        return None
    if code == 5:
        return Refusal("pytest finds no tests here.", where, "Write one: nbkata characterize")
    if code == -1:
        return Refusal("the run of the unchanged tests died.", where, "Run pytest and look.")
    first = event.message.splitlines()[:1]
    if code == 4 and not event.failed:
        what = (
            f"pytest cannot begin here: {first[0].rstrip('.') if first else 'it does not say why'}."
        )
        return Refusal(what, where, "Run pytest there and look.")
    reason = f" ({first[0]})" if first else ""
    what = f"{event.failed or 'pytest'} fails before anything was changed{reason}."
    return Refusal(what, where, "Fix it first: strength needs green tests.")


def with_flakes(
    strength: Strength, flakes: int, runs: int, flaky: tuple[str, ...] = ()
) -> Strength:
    """The measurement with the flake meter's figures in it."""
    return replace(strength, flakes=flakes, runs=runs, flaky=flaky)


def relative_to(folder: Path, paths: Sequence[Path]) -> tuple[str, ...]:
    """Paths as they are called inside the copy; ``a/test_x.py::test_y`` keeps its tail."""
    return tuple(
        Path(os.path.relpath(str(path), folder)).as_posix() if path.exists() else path.as_posix()
        for path in paths
    )
