"""`./go`: the environment, then what was asked for. Standard library only, run by any Python 3.11+.

It prints by itself, as the command line's own console is not installed yet.
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cores import cores
from nbkata.common.shell.processes import run_shown
from nbkata.setup.core.go_commands import (
    FROM,
    Request,
    Shell,
    Task,
    activate_line,
    help_text,
    lab_command,
    pytest_command,
    request_in,
    shell_named,
    start_command,
)
from nbkata.setup.shell.environment import Environment
from nbkata.setup.shell.pack import check_pack
from nbkata.setup.shell.set_up import make_ready

BAD_INPUT = 2
INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Set up where needed, do what was asked for; the exit code of what ran last, or 2."""
    _prepare_streams()
    signal.signal(signal.SIGTERM, _stop)
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup's
        signal.signal(signal.SIGHUP, _stop)
    go = ".\\go" if os.name == "nt" else "./go"
    request = request_in(argv, go)
    if isinstance(request, Refusal):
        return _refuse(request)
    if request.task is Task.HELP:
        print(help_text(go))
        return 0
    pack = Path(request.pack).resolve() if request.pack else None
    again = f'{go} {FROM} "{request.pack}"' if pack else go
    environment = Environment(Path(__file__).resolve().parents[4], again, pack)
    try:
        refused = check_pack(pack, environment.kit / "requirements.lock") if pack else None
        ready = refused or make_ready(environment, _say)
    except KeyboardInterrupt:
        return _refuse(Refusal("Stopped. Nothing is lost; go on with:", "", again), INTERRUPTED)
    return _refuse(ready) if isinstance(ready, Refusal) else _do(request, environment)


def _do(request: Request, environment: Environment) -> int:
    python = str(environment.python)
    match request.task:
        case Task.TEST:
            return _run(pytest_command(python, request.arguments, cores()), environment)
        case Task.LAB:
            return _lab(request, environment)
        case Task.BENCH:
            return _bench(request, environment)
    code = _run(start_command(python, request.arguments), environment)
    if code == 0 and not environment.is_active:
        _say(f"  To type just nbkata in this terminal: {_activate_line(environment)}")
    return code


def _lab(request: Request, environment: Environment) -> int:
    python, workspace = str(environment.python), environment.kit / "workspace"
    if not workspace.is_dir():
        code = _run(start_command(python, ()), environment)
        if code:
            return code
    return run_shown(lab_command(python, request.arguments), workspace, environment.variables())


def _bench(request: Request, environment: Environment) -> int:
    """Each in a process of its own, so that none warms up the next; the worst exit code."""
    benchmarks = sorted((environment.kit / "benchmarks").glob("bench_*.py"))
    if not benchmarks:
        _say("There is no benchmark in benchmarks/ yet.")
    worst = 0
    for benchmark in benchmarks:
        _say(f"== benchmarks/{benchmark.name}")
        command = (str(environment.python), "-P", str(benchmark), *request.arguments)
        worst = max(worst, _run(command, environment))
    return worst


def _run(command: Sequence[str], environment: Environment) -> int:
    return run_shown(command, environment.kit, environment.variables())


def _activate_line(environment: Environment) -> str:
    windows = os.name == "nt"
    here = Path.cwd() == environment.kit
    scripts = environment.scripts.relative_to(environment.kit) if here else environment.scripts
    shell = shell_named(os.environ.get("SHELL", ""), windows)
    return activate_line(shell, str(scripts) if shell is Shell.WINDOWS else scripts.as_posix())


def _prepare_streams() -> None:
    """A console that does not know a letter of a path shows its code instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _stop(number: int, _frame: FrameType | None) -> None:
    """Leave through every `finally`, so that nothing that was started stays behind."""
    raise SystemExit(128 + number)


def _say(line: str) -> None:
    print(line, flush=True)


def _refuse(refusal: Refusal, code: int = BAD_INPUT) -> int:
    print(refusal, file=sys.stderr)
    return code
