"""Running a notebook and its script for their records, each in a copy of the workspace."""

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbkata.adopt.core.proof import by_cell, last_statements
from nbkata.adopt.core.script import Script
from nbkata.adopt.core.shown import outputs_of
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.notebook.core.run import Stopped
from nbkata.notebook.shell.kernels import OWN
from nbkata.record.core.record import Record
from nbkata.record.shell.record import record_notebook
from nbkata.record.shell.record_script import record_script

# Of the notebook's first run and the tests; and of what is compared with them.
SEED, OTHER_SEED = 1, 2
# Of all that is run beside the notebook.
HASH_SEED = 7


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may take."""

    cell_s: int
    memory_gb: float = 0  # 0: a share of the machine's


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of the notebook."""

    record: Record
    seconds: float = 0.0
    stopped: Stopped | None = None
    # Without the kernel's start and the cells that import: a run where all is imported already.
    warm_s: float = 0.0
    sources: Mapping[int, str] = field(default_factory=dict)
    outputs: Mapping[int, str] = field(default_factory=dict)  # the text that each cell showed


def run_notebook_once(
    document: dict[str, Any],
    workspace: Path,
    limits: Limits,
    number: int,
    before_cell: Callable[[int], None],
) -> Ran:
    """A fresh kernel, with ``number`` as its seed and hash seed."""
    clock = _Clock(document, before_cell)
    with sandbox(workspace) as folder:
        answer = record_notebook(
            document,
            folder,
            kernel=OWN,  # where the script and the tests run as well
            timeout_s=limits.cell_s,
            environment=_environment(number),
            at_start=start_code(number),
            memory_gb=limits.memory_gb,
            before_cell=clock.before_cell,
        )
    assert not isinstance(answer, Refusal)  # the document was read already
    if isinstance(answer.run, Stopped):
        return Ran(answer.record, stopped=answer.run)
    seconds = answer.run.seconds
    warm_s = max(0.0, seconds - clock.importing_s)
    outputs = outputs_of(answer.run.document)
    return Ran(answer.record, seconds, warm_s=warm_s, sources=answer.sources, outputs=outputs)


class _Clock:
    """Seconds that went into the kernel's start and into cells which import."""

    def __init__(self, document: dict[str, Any], tell: Callable[[int], None]) -> None:
        sources = [str(cell.get("source", "")) for cell in document["cells"]]
        self.imports = {n for n, text in enumerate(sources) if _IMPORTS.search(text)}
        self.importing_s = 0.0
        self.cell: int | None = None
        self.since = time.perf_counter()
        self.tell = tell

    def before_cell(self, cell: int) -> None:
        """The one before has ended."""
        now = time.perf_counter()
        if self.cell is None or self.cell in self.imports:
            self.importing_s += now - self.since
        self.cell, self.since = cell, now
        self.tell(cell)


_IMPORTS = re.compile(r"^\s*(import|from) ", re.MULTILINE)


def run_script(
    script: Script,
    name: str,
    workspace: Path,
    limits: Limits,
    timeout_s: int,
    seeds: tuple[int, int],
) -> tuple[Record, Stopped | None]:
    """The script's record, statement by statement where a cell ends.

    ``seeds`` are its seed and its hash seed. If the latter is not the notebook's, what differs from a
    run of the notebook with the same seed stays random however it is seeded.
    """
    with sandbox(workspace) as folder:
        path = folder / "src" / f"{name}.py"
        path.write_text(script.text, encoding="utf-8")
        answer = record_script(
            path,
            folder,
            stops=last_statements(script),
            timeout_s=timeout_s,
            environment=_environment(seeds[1]),
            at_start=start_code(seeds[0]),
            memory_gb=limits.memory_gb,
        )
    assert not isinstance(answer, Refusal)  # the file was just written
    return answer.record, answer.run if isinstance(answer.run, Stopped) else None


def as_cells(ran: Record, script: Script, like: Record) -> Record:
    """The script's record with the notebook's stages."""
    return by_cell(ran, script, [(stage.cell, stage.source) for stage in like.stages])


def start_code(seed: int) -> str:
    """Code to run first: seeds for what draws without one."""
    inner = (
        "import random, sys, os\n"
        f"random.seed({seed})\n"
        "try:\n    import numpy\n"
        f"    numpy.random.seed({seed})\n"
        "    generator = numpy.random.default_rng\n"
        f"    numpy.random.default_rng = lambda seed={seed}: generator(seed)\n"
        "except ImportError:\n    pass\n"
        "sys.path.insert(1, os.path.join(os.getcwd(), 'src'))\n"
    )
    return f"exec({inner!r}, {{}})"


def _environment(hash_seed: int) -> dict[str, str]:
    return {"PYTHONHASHSEED": str(hash_seed), "PYTHONWARNINGS": "ignore"}


@contextmanager
def sandbox(workspace: Path) -> Iterator[Path]:
    """A copy of the workspace's data and modules that a run may use up."""
    with TemporaryFolder() as work:
        folder = Path(work, "workspace")
        for name in ("data", "src", "output"):
            if (workspace / name).is_dir():
                shutil.copytree(workspace / name, folder / name, symlinks=True)
        for name in ("data", "src"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for path in workspace.iterdir():
            if path.is_dir() and path.name not in OURS and not (folder / path.name).exists():
                shutil.copytree(path, folder / path.name, symlinks=True)
        yield folder


# Folders of a workspace; others were made for what the notebook writes.
OURS = {"data", "src", "output", "tests", "kata", "notebooks", ".nbkata"}
