"""``--python``, which the commands that run other people's code share."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from nbkata.child.shell.interpreter import OLDEST, Interpreter, looked_at, python_in, used
from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.notebook.shell.kernels import python_of_kernel
from nbkata.notebook.shell.notebook_files import read_python_notebook_json
from nbkata.notebook.shell.workspace_python import kept_python
from nbkata.terminal import screen

PythonOption = Annotated[
    Path | None,
    typer.Option(
        "--python",
        help="The Python of the code's own environment; by default the one found beside it.",
    ),
]
# Environments as they are usually called, beside the code or at the root of what git knows.
ENVIRONMENTS = (".venv", "venv")


@contextmanager
def project_python(
    asked: Path | None, source: Path, needs_pytest: bool = True, runs: bool = True
) -> Iterator[None]:
    """Let the code in ``source`` be run by the Python asked for, or its project's own, and say by which.

    Without ``runs`` only its versions are asked for: any Python will do.
    """
    found = asked or _own_python(source)
    interpreter = None if found is None else or_refuse(looked_at(found))
    if interpreter is None or interpreter.is_own:
        yield
        return
    if runs:
        or_refuse(_lacks(interpreter, needs_pytest))
    what = "Runs in" if runs else "For"
    found_by = "" if asked else "; another: --python PATH"
    screen.err.print(f"{what} {interpreter}{found_by}", markup=False, soft_wrap=True)
    with used(interpreter):
        yield


def _lacks(interpreter: Interpreter, needs_pytest: bool) -> Refusal | None:
    """Why code cannot be run by this Python."""
    here = f"Or run it in nbkata's own environment: --python {sys.executable}"
    if interpreter.version < OLDEST:
        what = f"nbkata runs code with Python {'.'.join(map(str, OLDEST))} or newer."
        return Refusal(what, str(interpreter), here)
    if needs_pytest and "pytest" not in interpreter.modules:
        what = "pytest is not installed in this environment."
        return Refusal(what, str(interpreter), f"{interpreter.installs} pytest\n{here}")
    return None


def _own_python(source: Path) -> Path | None:
    """The workspace's, the one of the notebook's kernel, or of an environment beside the code or at its git root."""
    source = source.resolve()
    if kept := kept_python(source):
        return kept
    if source.suffix == ".ipynb":
        document = read_python_notebook_json(source)
        kernel = None if isinstance(document, Refusal) else python_of_kernel(document)
        if kernel:
            return kernel
    home = source if source.is_dir() else source.parent
    root = next((folder for folder in (home, *home.parents) if (folder / ".git").exists()), home)
    for folder in (home, root):
        for name in ENVIRONMENTS:
            environment = folder / name
            is_own = environment.resolve() == Path(sys.prefix).resolve()
            if (environment / "pyvenv.cfg").is_file() and not is_own:
                return python_in(environment)
    return None
