"""Which kernel runs a notebook: its own, where that is installed here, else this environment's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbkata.child.shell.interpreter import project_python
from nbkata.common.core.refusal import Refusal

# The kernel of the Python that nbkata runs in, whatever else is installed.
OWN = "python3"


def kernel_for(document: Mapping[str, Any], wanted: str = "") -> str | Refusal:
    """The name of an installed Python kernel.

    A kernel of another language is refused, and so is ``wanted`` if it is not installed. A
    notebook's own kernel is often one of another machine: if it is not here, `OWN` takes its place.
    """
    named = wanted or (OWN if project_python() else _named_in(document))
    if named == OWN:
        return OWN
    # pylint: disable=import-outside-toplevel # 0.1 s; most notebooks name the usual kernel
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    try:
        language = manager.get_kernel_spec(named).language
    except (NoSuchKernel, OSError, ValueError):
        language = ""
    if language.lower() == "python":
        return named
    if language:
        what = f"this kernel runs {language}, not Python."
        return Refusal(what, named, "Name a Python kernel: --kernel NAME")
    if not wanted:
        return OWN
    known = ", ".join(sorted(manager.find_kernel_specs()))
    next_step = "Leave --kernel out, or install it: python -m ipykernel install --user --name NAME"
    return Refusal(f"there is no such kernel here (there are: {known}).", wanted, next_step)


def python_of_kernel(document: Mapping[str, Any]) -> Path | None:
    """The Python of the kernel that a notebook names, if that is installed and of one environment alone."""
    named = _named_in(document)
    if named == OWN:
        return None
    # pylint: disable=import-outside-toplevel
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(named)
    except (NoSuchKernel, OSError, ValueError):
        return None
    path = Path(spec.argv[0]) if spec.argv else Path()
    is_python = spec.language.lower() == "python" and path.is_absolute() and path.is_file()
    return path if is_python else None


def _named_in(document: Mapping[str, Any]) -> str:
    spec = document.get("metadata", {}).get("kernelspec", {})
    name = spec.get("name") if isinstance(spec, Mapping) else None
    return str(name or OWN)
