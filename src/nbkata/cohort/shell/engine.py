"""Where the checks run: threads over processes here, or a cluster by dask.distributed.

Both are an executor of `concurrent.futures`; nobody else knows which it is.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from nbkata.child.core.ended import Failed, Failure
from nbkata.child.shell.launch import end_all
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import cores
from nbkata.kata.shell.kit import load_kit
from nbkata.kata.shell.kit_digest import digest_of_kit

# Workers that a task may take with it before it is given up, by name.
LOST_WORKERS = 2
START_S = 60
# Tasks that wait at a worker, so that it is never idle.
AHEAD = 2
LOOK_S = 0.2
DASHBOARD = "127.0.0.1:0"  # it knows no keys
CLUSTERS = ("local", "ssh", "slurm")
INSTALL = "Install it: pip install 'nbkata[cohort]'"


@dataclass(frozen=True, slots=True)
class Engine:
    """An executor, and what to know about it."""

    name: str
    executor: Executor
    workers: int
    is_elsewhere: bool  # whether its workers may have other files than this machine
    end: Callable[[], None]  # end what runs on this machine, now


Task = TypeVar("Task")
Answer = TypeVar("Answer")


# To be entered.
Opened = AbstractContextManager[Engine] | AbstractContextManager[Engine | Refusal]


def opened(scheduler: str, cluster: str, workers: int) -> Opened | Refusal:
    """Return the engine that the options ask for; 0 workers: one for each processor."""
    if cluster and cluster.partition(":")[0] not in CLUSTERS:
        what = f"{cluster!r} is no kind of cluster."
        return Refusal(what, "--cluster", "Give local, ssh:HOST,HOST or slurm.")
    count = workers or cores()
    return dask(scheduler, cluster, count) if scheduler or cluster else local(count)


def in_turn(
    engine: Engine, work: Callable[[Task], Answer], tasks: Iterable[Task]
) -> Generator[tuple[Task, Answer | Failed], None, None]:
    """Yield each task with what ``work`` makes of it, as soon as it is there.

    Close it (`contextlib.closing`): whatever ends it, Ctrl-C included, nothing that was begun on this
    machine goes on.
    """
    waiting: dict[Future[Answer], Task] = {}

    def done() -> Iterator[tuple[Task, Answer | Failed]]:
        for future in wait(waiting, LOOK_S, FIRST_COMPLETED).done:
            answer: Answer | Failed = _outcome(future)
            yield waiting.pop(future), answer

    try:
        for task in tasks:
            while len(waiting) >= AHEAD * engine.workers:
                yield from done()
            waiting[engine.executor.submit(work, task)] = task
        while waiting:
            yield from done()
    finally:
        for future in waiting:
            future.cancel()
        left = [future for future in waiting if not future.done()]
        while left and not engine.is_elsewhere:
            engine.end()
            left = list(wait(left, LOOK_S).not_done)


def _outcome(future: Future[Answer]) -> Answer | Failed:
    try:
        return future.result()
    except CancelledError:
        return Failed(Failure.DIED, "its task was cancelled")
    except Exception as error:  # pylint: disable=broad-exception-caught
        why = f"no worker could finish it ({type(error).__name__}: {error})"
        return Failed(Failure.DIED, why)


@contextmanager
def local(workers: int) -> Iterator[Engine]:
    """Threads, each of which waits for the process of one check."""
    with ThreadPoolExecutor(workers) as pool:
        yield Engine(f"{workers} processes here", pool, workers, False, end_all)


@contextmanager
def dask(scheduler: str, cluster: str, workers: int) -> Iterator[Engine | Refusal]:
    """The workers of a scheduler at ``tcp://…`` or ``tls://…``, or of a cluster that is made for this."""
    try:
        import distributed  # pylint: disable=import-outside-toplevel
    except ImportError:
        yield Refusal("dask.distributed is not installed here.", "", INSTALL)
        return
    if cluster.startswith("ssh") and not distributed.Security().tls_ca_file:
        what = "workers by ssh need keys for TLS, which Dask's settings name on each host."
        yield Refusal(what, cluster, "docs/scaling.md says how they are made.")
        return
    settings = {
        "distributed.scheduler.allowed-failures": LOST_WORKERS,
        "distributed.comm.timeouts.connect": f"{START_S}s",
        "distributed.worker.daemon": False,  # a check starts processes
    }
    import dask as settings_of  # pylint: disable=import-outside-toplevel, import-error

    made: Any = None
    with settings_of.config.set(settings):
        try:
            made = scheduler or _cluster(distributed, cluster, workers)
            client = distributed.Client(made, set_as_default=False)
        except Exception as error:  # pylint: disable=broad-exception-caught
            if made is not None and not isinstance(made, str):
                made.close()
            what = f"no workers can be reached ({type(error).__name__}: {error})."
            yield Refusal(
                what, scheduler or cluster, "Is the scheduler running? Check its address."
            )
            return
        try:
            yield _engine(client, scheduler or cluster, workers)
        finally:
            with suppress(Exception):  # a cluster that is gone closes with complaints
                client.close()
            if not isinstance(made, str):
                with suppress(Exception):
                    made.close()


def _cluster(distributed: Any, cluster: str, workers: int) -> Any:
    kind, _, hosts = cluster.partition(":")
    if kind == "local":
        return distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
        )
    if kind == "ssh":  # keys that are made now would be in commands, which others there can read
        names = [name for name in hosts.split(",") if name]
        logging.getLogger("distributed.deploy.ssh").setLevel(logging.WARNING)
        return distributed.SSHCluster(
            [names[0], *names],
            security=distributed.Security(),
            scheduler_options={"protocol": "tls://", "dashboard_address": DASHBOARD},
            worker_options={
                "protocol": "tls://",
                "nthreads": 1,
                "n_workers": -(-workers // len(names)),
            },
        )
    secure = distributed.Security.temporary()  # TLS: others can reach these ports
    # pylint: disable-next=import-outside-toplevel, import-error
    from dask_jobqueue import SLURMCluster

    made = SLURMCluster(
        protocol="tls://",
        security=secure,
        shared_temp_directory=str(Path.home()),
        scheduler_options={"dashboard_address": DASHBOARD},
    )
    made.scale(jobs=workers)
    return made


def _engine(client: Any, name: str, workers: int) -> Engine | Refusal:
    """Refuse workers that have another kit, kata or lock: their verdicts would not be comparable."""
    client.wait_for_workers(1, timeout=START_S)
    own = kit_version()
    others = [place for place, theirs in client.run(kit_version).items() if theirs != own]
    if others:
        what = (
            f"{len(others)} of the workers have another kit or other libraries than this machine."
        )
        return Refusal(what, others[0], "Install the same kit there, from the same lock.")
    count = len(client.scheduler_info(n_workers=-1)["workers"]) or workers
    return Engine(f"Dask, {name}", client.get_executor(), count, True, lambda: None)


def kit_version(kata: str = "refactoring") -> str:
    """Of the kit, the kata and the libraries of the machine that this runs on."""
    kit = load_kit(name=kata)
    return "" if isinstance(kit, Refusal) else digest_of_kit(kit)
