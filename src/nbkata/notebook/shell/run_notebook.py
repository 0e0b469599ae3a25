"""Running a notebook from a fresh kernel, cell by cell."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from nbkata.child.shell import bounds, ending
from nbkata.child.shell.environ import plain_environment
from nbkata.child.shell.interpreter import Interpreter, programs_of, project_python
from nbkata.child.shell.launch import ending_with_all
from nbkata.child.shell.sandbox import inner
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.notebook.core.run import DEFAULT_CELL_TIMEOUT_S, Executed, Stopped, StopReason
from nbkata.notebook.core.streams import joined_streams
from nbkata.notebook.shell.cells import AfterCell, BeforeCell, raised, too_deep, without_outputs
from nbkata.notebook.shell.kernels import OWN
from nbkata.notebook.shell.plain_run import run_plainly


def run_notebook(  # pylint: disable=too-many-arguments # each is one thing a caller may want
    document: dict[str, Any],
    folder: Path,
    *,
    kernel: str = OWN,
    timeout_s: int = DEFAULT_CELL_TIMEOUT_S,
    environment: dict[str, str] | None = None,
    at_start: str = "",
    memory_gb: float = 0,
    before_cell: BeforeCell | None = None,
    after_cell: AfterCell | None = None,
) -> Executed | Stopped:
    """Run every code cell of a nbformat 4 document with ``folder`` as the working directory.

    The document itself is left alone. ``at_start`` is code that runs unseen before the first cell
    (seeds, names). ``memory_gb`` is what the kernel may take, 0 for a share of the machine's.
    ``before_cell`` is called with the number of each code cell about
    to run; ``after_cell`` may ask the kernel about its names. IPython's start-up
    files and settings of this person are not looked at. Whatever happens, Ctrl-C included,
    the kernel is gone afterwards.
    """
    project = project_python() if kernel == OWN else None
    if project is not None and "ipykernel" not in project.modules:
        return run_plainly(
            document,
            folder,
            timeout_s=timeout_s,
            environment={**plain_environment(), **(environment or {})},
            at_start=at_start,
            memory_gb=memory_gb,
            before_cell=before_cell,
            after_cell=after_cell,
        )
    # pylint: disable=import-outside-toplevel # nbclient takes 0.3 s; only runs pay for it
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager

    from nbkata.notebook.shell.counting_client import CountingClient

    notebook = nbformat.from_dict(without_outputs(document))
    notebook = nbformat.v4.rwbase.rejoin_lines(notebook)
    client = CountingClient(
        notebook,
        timeout=timeout_s,
        kernel_name=kernel,
        resources={"metadata": {"path": str(folder)}},
        shutdown_kernel="immediate",
        record_timing=False,  # a saved notebook must not change with the clock
        extra_arguments=["--log-level=ERROR"],  # no kernel chatter
    )
    manager = client.create_kernel_manager()
    process = _Kernel(client)
    started = time.perf_counter()
    with TemporaryFolder() as home:
        _connect_by_files(manager, home)
        variables = ending.marked(plain_environment())
        if kernel == OWN:  # a person's kernel of that name may be of another Python
            folders = [] if project is None else [_kernel_of(project, home)]
            manager.kernel_spec_manager = KernelSpecManager(
                kernel_dirs=folders, ensure_native_kernel=project is None
            )
            variables = variables if project is None else programs_of(project, variables)
        variables |= {"IPYTHONDIR": home, **(environment or {})}
        if manager.kernel_spec is not None:  # if it is, the start says so
            command = manager.kernel_spec.argv
            manager.kernel_spec.argv = inner(command, folder, (home,), variables)
        try:
            stopped = _run_cells(process, variables, at_start, memory_gb, before_cell, after_cell)
        finally:
            process.end()
    if stopped is not None:
        return stopped
    done = json.loads(json.dumps(client.nb))
    for cell in done["cells"]:
        if "outputs" in cell:
            cell["outputs"] = joined_streams(cell["outputs"])
    return Executed(done, time.perf_counter() - started)


def _kernel_of(project: Interpreter, home: str) -> str:
    """Write down how the kernel of that Python is started; return the folder of such files."""
    words = [project.path, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": words, "display_name": OWN, "language": "python"}
    path = Path(home, "kernels", OWN, "kernel.json")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(spec), encoding="utf-8")
    return str(path.parent.parent)


def _connect_by_files(manager: Any, home: str) -> None:
    """Let the kernel listen to files in ``home``, where the system knows such sockets, not to ports.

    Ports can be reached by everybody on the machine; and its connection file is removed with ``home``.
    """
    manager.connection_file = str(Path(home, "kernel.json"))
    longest = len(os.fsencode(manager.connection_file)) + len("-ipc-5")
    if sys.platform != "win32" and longest < LONGEST_SOCKET:
        manager.transport = "ipc"


# macOS allows a socket's path so many bytes, Linux four more.
LONGEST_SOCKET = 104


def _run_cells(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    process: "_Kernel",
    environment: dict[str, str],
    at_start: str,
    memory_gb: float,
    before_cell: BeforeCell | None,
    after_cell: AfterCell | None,
) -> Stopped | None:
    # pylint: disable=import-outside-toplevel
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    index, client = None, process.client
    memory_gb = memory_gb or bounds.memory_limit_gb()
    try:
        kernel = client.setup_kernel(
            env=environment,
            stdout=subprocess.DEVNULL,  # what cells print comes as messages
            stderr=subprocess.DEVNULL,  # its own log
        )
        with kernel, ending_with_all(process):
            process.guard()
            _ask(client, bounds.kernel_code(memory_gb), "None")
            if at_start:
                _ask(client, at_start, "None")
            for index, cell in enumerate(client.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                if before_cell:
                    before_cell(index)
                if reason := too_deep(cell.source):
                    return Stopped(StopReason.RAISED, index, reason)
                client.execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
                if after_cell:
                    after_cell(index, lambda code, expression: _ask(client, code, expression))
    except CellTimeoutError:
        return Stopped(StopReason.TIMED_OUT, index, timeout_s=int(client.timeout))
    except DeadKernelError:
        if client.is_too_much:
            return Stopped(StopReason.TOO_MUCH_OUTPUT, index, f"{bounds.OUTPUT_MB} MB")
        return Stopped(StopReason.KERNEL_DIED, index)
    except CellExecutionError as error:
        return _raised(index, cell.source, error, memory_gb)
    except (OSError, RuntimeError, LookupError) as error:
        if index is not None:
            raise
        return Stopped(StopReason.NO_KERNEL, None, str(error) or type(error).__name__)
    return None


def _ask(client: Any, code: str, expression: str) -> str:
    message = client.kc.execute(
        code, silent=True, store_history=False, user_expressions={"answer": expression}
    )
    content = client.wait_for_reply(message)["content"]
    answer = content.get("user_expressions", {}).get("answer", {})
    if content["status"] != "ok" or answer.get("status") != "ok":
        failed = content if content["status"] != "ok" else answer
        raise RuntimeError(f"{failed.get('ename')}: {failed.get('evalue')}")
    return str(answer["data"]["text/plain"])


class _Kernel:
    """The kernel of one run."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.group: int | None = None

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """As nbclient holds it; none before its start and after its end."""
        return getattr(getattr(self.client.km, "provisioner", None), "process", None)

    def guard(self) -> None:
        """See to it that what cells start ends with this process; jupyter_client makes a group."""
        if self.process is not None:
            self.group = self.process.pid
            ending.guard(self.group)

    def end(self) -> None:
        """nbclient ends the kernel when a cell fails, but not what cells have started.

        Nor the kernel itself, if Ctrl-C falls into its start.
        """
        if self.group is not None:
            ending.end_group(self.group)
        process = self.process
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


def _raised(index: int | None, source: str, error: Any, memory_gb: float) -> Stopped:
    """With the line of the cell: IPython heads its frame ``Cell In[4], line 3``; a syntax error
    says ``(1234.py, line 3)`` itself.

    Of a chain of errors the last began in the cell; the ones before it may lie wholly elsewhere.
    """
    message, plain = error.evalue, re.sub(r"\x1b\[[0-9;]*m", "", error.traceback)
    last = re.split(r"(?:direct cause of|handling of the above exception)", plain)[-1]
    marked = re.search(r"^Cell In\[\d+\], line (\d+)", last, re.MULTILINE)
    in_cell = re.search(r" \(\d+\.py, line (\d+)\)$", message)
    if in_cell:
        message = message[: in_cell.start()]
    found = in_cell or marked
    line = int(found[1]) if found else None
    return raised(index, source, error.ename, message, line, memory_gb)
