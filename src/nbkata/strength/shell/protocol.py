"""What a session of mutation testing is asked, and what it tells, event by event, as lines of JSON."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nbkata.strength.core.strength import MutantResult, MutantStatus


@dataclass(frozen=True, slots=True)
class StrengthRequest:
    """What is to be measured."""

    folder: Path
    # Paths in the folder, as pytest takes them; empty lets pytest find them.
    tests: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()  # paths in the folder; empty for every file that the tests run
    seed: int = 0
    sample: int | None = None
    changed: tuple[str, ...] | None = None  # ``path:line``: plant in these alone
    # Per cent: stop as soon as it is certain whether so many are caught.
    enough: float | None = None
    # Runs of the unchanged tests before the first change: the process is warm, they cost little.
    repeat: int = 0
    workers: int = 0  # runs at a time; 0: as many as there are processors, where it is asked
    method: str = "fork" if sys.platform == "linux" else "spawn"
    plants: bool = True  # whether mutants are tested; else the unchanged tests are only repeated


def request_as_json(request: StrengthRequest) -> str:
    """What `request_from_json` reads."""
    return json.dumps({**asdict(request), "folder": str(request.folder.resolve())})


def request_from_json(text: str) -> StrengthRequest:
    """Return what was asked, the folder by its full path."""
    fields = _with_tuples(json.loads(text))
    return StrengthRequest(**{**fields, "folder": Path(fields["folder"])})


@dataclass(frozen=True, slots=True)
class Baseline:
    """The first run of the unchanged tests."""

    code: int  # pytest's exit code; -1 if the run died
    failed: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Untargeted:
    """The tests run none of the targets; the session ends."""

    ran: tuple[str, ...]  # what they run instead


@dataclass(frozen=True, slots=True)
class Planted:
    """How many mutants there will be verdicts on."""

    total: int
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """One more run of the unchanged tests."""

    code: int
    failed: str

    @property
    def failure(self) -> str:
        """The test that failed; empty if none did."""
        return "" if self.code == 0 else self.failed or f"pytest ended with {self.code}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mutant."""

    place: int  # in the order of planting, from 0 on
    result: MutantResult


@dataclass(frozen=True, slots=True)
class Ended:
    """The session came to its end."""


Event = Baseline | Untargeted | Planted | Repeated | Verdict | Ended
_KINDS = {kind.__name__: kind for kind in (Baseline, Untargeted, Planted, Repeated, Verdict, Ended)}


def event_as_json(event: Event) -> str:
    """What `event_from_json` reads, on one line."""
    return json.dumps({"event": type(event).__name__, **asdict(event)})


def event_from_json(line: str) -> Event:
    """Return the event. Raises ``ValueError`` or ``LookupError`` if the line is none."""
    fields = _with_tuples(json.loads(line))
    kind = _KINDS[fields.pop("event")]
    if kind is Verdict:
        result = fields["result"]
        fields["result"] = MutantResult(**{**result, "status": MutantStatus(result["status"])})
    return kind(**fields)


def _with_tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
