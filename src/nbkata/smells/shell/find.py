"""Smells of many files: cached by content, on all cores, one bad file never stopping the others."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nbkata.child.shell.interpreter import project_python
from nbkata.common.shell.cores import cores
from nbkata.smells.core.find import ALL, smells_in
from nbkata.smells.core.finding import Smells, Unread
from nbkata.smells.core.settings import ASSUMED, LATEST, Settings
from nbkata.smells.core.symbols import Smell
from nbkata.smells.shell.cache import keep_answer, kept_answer, key_of
from nbkata.smells.shell.sources import read_source

# Bytes of files without a cached answer from which on other processes pay their start.
_WORTH_A_WORKER = 300_000


@dataclass(frozen=True, slots=True)
class SmellsRequest:
    """What to look for."""

    only: frozenset[Smell] = ALL
    settings: Settings = field(default_factory=Settings)
    use_cache: bool = True

    def as_texts(self) -> list[str]:
        """What the answer depends on, as texts for the cache's key."""
        return [*sorted(smell.value for smell in self.only), *self.settings.as_texts()]


def installed_versions() -> dict[str, tuple[int, int]]:
    """Major and minor of the libraries whose old names are looked for, if installed where the code runs."""
    found, project = {}, project_python()
    for name, latest in LATEST.items():
        try:
            text = project.packages.get(name, "") if project else version(name)
            major, minor = text.split(".")[:2]
            found[name] = (int(major), int("".join(c for c in minor if c.isdigit()) or 0))
        except (PackageNotFoundError, ValueError):
            if name in ASSUMED:
                found[name] = latest
    return found


def find_smells(
    files: Sequence[Path],
    request: SmellsRequest,
    on_progress: Callable[[int], None] = lambda done: None,
    workers: int | None = None,
) -> list[Smells]:
    """The smells of each file, in the order given; ``told`` is called with how many files are done."""
    keys = [
        key_of(path, str(path), request.as_texts()) if request.use_cache else None for path in files
    ]
    answers: dict[int, Smells] = {}
    for number, key in enumerate(keys):
        kept = kept_answer(key) if key else None
        if kept is not None:
            answers[number] = kept
    missing = [number for number in range(len(files)) if number not in answers]
    on_progress(len(answers))
    for number, smells in zip(
        missing, _fresh([files[n] for n in missing], request, workers), strict=True
    ):
        answers[number] = smells
        if key := keys[number]:
            keep_answer(key, smells)
        on_progress(len(answers))
    return [answers[number] for number in range(len(files))]


def _fresh(files: list[Path], request: SmellsRequest, workers: int | None) -> Iterator[Smells]:
    count = workers or cores()
    size = sum(_size(path) for path in files)
    if len(files) < 4 or count < 2 or (workers is None and size < _WORTH_A_WORKER):
        yield from (smells_of_file(path, request) for path in files)
        return
    context = multiprocessing.get_context("spawn")  # the one way that all systems have
    with ProcessPoolExecutor(min(count, len(files)), mp_context=context) as pool:
        chunk = files_at_a_time(len(files), count)
        yield from pool.map(partial(smells_of_file, request=request), files, chunksize=chunk)


def files_at_a_time(files: int, workers: int) -> int:
    """How many a worker is given: few, so that all workers end together; several, if there are many."""
    return max(1, min(8, files // (workers * 16)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def smells_of_file(path: Path, request: SmellsRequest) -> Smells:
    """Read one file and find its smells; never raises for what is in it."""
    name = str(path)
    try:
        read = read_source(path, name)
        if isinstance(read, Unread):
            return Smells(name, (), (read,))
        source, note = read
        found = smells_in(source, request.only, request.settings)
    except (RecursionError, MemoryError) as error:
        return Smells(name, (), (Unread(name, f"it is too large to be read ({error})."),))
    return replace(found, notes=(note, *found.notes)) if note else found
