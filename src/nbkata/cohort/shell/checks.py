"""Checking one workspace in a process of its own, in a sandbox: however that ends, there is a result.

A check uses one processor, however many there are: so many workers are at work as the machine bears, and what
one does beside itself another would miss.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from nbkata.child.core.ended import Failed, Failure
from nbkata.child.shell.environ import child_environment
from nbkata.child.shell.run import ask
from nbkata.child.shell.cgroups import cgroups, ran_out_of_memory
from nbkata.child.shell.sandbox import BUBBLEWRAP, found_engine, outer
from nbkata.cohort.core.result import Ended, Result, result_from_json
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import ONE_CORE
from nbkata.common.shell.temporary import TemporaryFolder


class Job(NamedTuple):
    """What to check, and how."""

    id: str
    content: bytes  # of the submission: a file, or a tarball of what is taken of a folder
    kata: str
    step: str = ""  # a slug; empty: where its journal says
    every_step: bool = False
    timeout_s: int = 300  # for one run of the code, and for one cell
    is_trusted: bool = False  # without a sandbox


# The whole of a check: several runs of the code, and of its tests.
CHECK_S = 1200
# Where a submission is in the sandbox.
PLACE = "/tmp/submission"  # pylint: disable=hard-coded-path # of the sandbox, not of a machine


def check_job(job: Job) -> Result:
    """Check a workspace. Never raises: what went wrong is the result."""
    started = time.perf_counter()
    try:
        result = _checked(job)
    except Exception as error:  # pylint: disable=broad-exception-caught
        why = f"{type(error).__name__}: {error}"
        result = Result(job.id, Ended.NOT_STARTED, job.step, messages=(why,))
    seconds = round(time.perf_counter() - started, 2)
    return replace(result, seconds=seconds)


def _checked(job: Job) -> Result:
    engine = None if job.is_trusted else found_engine()
    if isinstance(engine, Refusal):
        return Result(job.id, Ended.NOT_STARTED, job.step, messages=(str(engine),))
    with TemporaryFolder() as folder, cgroups() as groups:
        path = Path(folder, "submission")
        path.write_bytes(job.content)
        request = {**job._asdict(), "content": None, "path": str(path), "apart": engine}
        if engine != BUBBLEWRAP:
            return _result(job, _asked(request, None), False)

        def lock(command: list[str], home: Path) -> list[str]:
            return outer(
                command,
                readable={PLACE: str(path)},
                writable=(home,),
                groups=groups,
                environment=ONE_CORE,
            )

        answer = _asked({**request, "path": PLACE, "apart": None}, lock)
        return _result(job, answer, ran_out_of_memory(groups))


def _asked(request: dict[str, Any], lock: Any) -> Any | Failed:
    return ask(
        "nbkata.cohort.shell.task",
        request,
        folder=Path(sys.prefix),
        environment={**child_environment(), **ONE_CORE},
        timeout_s=CHECK_S,
        lock=lock,
    )


def _result(job: Job, answer: Any | Failed, out_of_memory: bool) -> Result:
    if isinstance(answer, Failed):
        ended = Ended.NOT_STARTED if answer.failure is Failure.DIED else Ended(answer.failure)
        ended = Ended.OUT_OF_MEMORY if out_of_memory else ended
        return Result(job.id, ended, job.step, messages=(f"{answer.reason}.",))
    try:
        result = result_from_json({**answer, "id": job.id})
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return Result(job.id, Ended.NOT_STARTED, job.step, messages=(f"no result: {error}.",))
    if out_of_memory and result.ended is Ended.RED:
        return replace(result, ended=Ended.OUT_OF_MEMORY)
    return result
