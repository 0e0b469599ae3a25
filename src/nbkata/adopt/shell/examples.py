"""Example rows for the first tests, where they are asked for."""

from pathlib import Path
from typing import Any

from nbkata.adopt.shell.runs import Limits, sandbox
from nbkata.common.core.refusal import Refusal
from nbkata.extract.core.codegen import Example
from nbkata.extract.shell.run import read_flow, run_examples
from nbkata.notebook.shell.notebook_files import write_notebook_json
from nbkata.smells.core.personal_names import is_personal_name


def example_rows(
    name: str, document: dict[str, Any], workspace: Path, limits: Limits
) -> dict[str, Example]:
    """By function; none for one that reads or makes a column which looks personal."""
    with sandbox(workspace) as folder:
        path = folder / f"{name}.ipynb"
        write_notebook_json(path, document)
        flow = read_flow(path)
        if isinstance(flow, Refusal):
            return {}
        examples, _ = run_examples(flow, limits.cell_s)
    return {
        function: example
        for function, example in examples.items()
        if not any(is_personal_name(column) for column in (*example.given, *example.expected))
    }
