"""import-linter's contract for a functional core: it imports neither the shell nor I/O libraries.

import-linter sees imports alone; built-ins such as ``open`` and calls such as ``pd.read_csv`` are
what the purity check is for.
"""

from collections.abc import Sequence

# Libraries whose purpose is the world: nothing pure needs them.
IO_LIBRARIES = tuple("""
    argparse click ftplib getpass glob http httpx joblib logging matplotlib multiprocessing os
    pickle plotly requests seaborn shutil smtplib socket sqlalchemy sqlite3 subprocess sys tempfile
    typer urllib webbrowser
    """.split())


def contract(core: Sequence[str], shell: Sequence[str], folder: str) -> str:
    """The TOML to put into pyproject.toml.

    ``core`` and ``shell`` are full module names. Modules that lie side by side in ``folder``
    without a package are given to import-linter as parts of that folder, as it knows packages only.
    """
    flat = all("." not in name for name in core)
    sources = [f"{folder}.{name}" for name in core] if flat else list(core)
    roots = [folder] if flat else sorted({name.partition(".")[0] for name in core})
    return "\n".join(
        [
            "# Run: lint-imports" + (f"   (in the folder that holds {folder}/)" if flat else ""),
            "[tool.importlinter]",
            f"root_packages = {_listed(roots)}",
            "include_external_packages = true",
            "",
            "[[tool.importlinter.contracts]]",
            'name = "The functional core reaches neither for the shell nor for the world"',
            'type = "forbidden"',
            f"source_modules = {_listed(sources)}",
            f"forbidden_modules = {_listed([*shell, *IO_LIBRARIES])}",
            "",
        ]
    )


def _listed(names: Sequence[str]) -> str:
    items = "".join(f'    "{name}",\n' for name in names)
    return (
        f"[\n{items}]" if len(names) > 3 else "[" + ", ".join(f'"{name}"' for name in names) + "]"
    )
