"""A Databricks source file as a notebook."""

import re
from typing import Any


def databricks_cells(text: str) -> dict[str, Any]:
    """The nbformat 4 document; ``# MAGIC %md`` cells become markdown, other magics stay magics."""
    parts = re.split(r"^# COMMAND -+\s*$", text.partition("\n")[2], flags=re.MULTILINE)
    cells = [_cell(part.strip("\n")) for part in parts if part.strip()]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _cell(text: str) -> dict[str, Any]:
    lines = [line for line in text.split("\n") if not line.startswith("# DBTITLE")]
    magic = [line.removeprefix("# MAGIC").removeprefix(" ") for line in lines]
    if not any(line.startswith("# MAGIC") for line in lines):
        return _code("\n".join(lines))
    first = next(line for line in magic if line.strip())
    if first.startswith(("%md", "%undefined")):
        source = "\n".join(magic).strip().partition("\n")
        head = first.partition(" ")[2]
        return {"cell_type": "markdown", "metadata": {}, "source": f"{head}\n{source[2]}".strip()}
    if re.match(r"%(sql|scala|r|sh|fs)\b", first):
        return _code("\n".join(magic).replace("%", "%%", 1))
    return _code("\n".join(magic))


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
