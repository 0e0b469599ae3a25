"""The answer of ``nbkata extract --json``."""

from collections.abc import Mapping
from typing import Any

from nbkata.extract.core.analysis import Flow
from nbkata.extract.core.candidate import Candidate, estimator_name
from nbkata.extract.core.codegen import Example, first_test, function_source
from nbkata.extract.core.constants import distinct_constants


def document(flow: Flow, examples: Mapping[str, Example], notes: tuple[str, ...]) -> dict[str, Any]:
    """Candidates in order of worth, with their code and tests; what is dead."""
    return {
        "candidates": [_candidate(item, flow, examples) for item in flow.candidates],
        "dead": {
            "columns": [list(column) for column in flow.liveness.dead_columns],
            "names": list(flow.liveness.dead_names),
        },
        "flow": [
            {
                "cell": fact.cell,
                "line": flow.code.place(fact.first).line,
                "role": fact.role.value,
                "live": live,
                "reads": sorted(fact.reads),
                "writes": sorted(fact.binds | fact.edits),
                "columns_read": [list(column) for column in sorted(fact.columns_read)],
                "columns_written": [list(column) for column in sorted(fact.columns_written)],
                "columns_dropped": [list(column) for column in sorted(fact.columns_dropped)],
            }
            for fact, live in zip(flow.facts, flow.liveness.live, strict=True)
        ],
        "unread_cells": [place.cell for place in flow.code.unread],
        "notes": list(notes),
    }


def _candidate(item: Candidate, flow: Flow, examples: Mapping[str, Example]) -> dict[str, Any]:
    return {
        "cells": list(item.cells),
        "name": item.name,
        "inputs": [name for name in (estimator_name(item), *item.inputs) if name],
        "outputs": list(item.outputs),
        "side_effects": [
            {"cell": effect.place.cell, "line": effect.place.line, "what": effect.what}
            for effect in item.side_effects
        ],
        "signature": item.signature,
        "worth": item.worth,
        "repeats": item.repeats,
        "columns_read": list(item.columns_read),
        "columns_written": list(item.columns_written),
        "columns_dropped": list(item.columns_dropped),
        "constants": [
            {
                "name": constant.name,
                "value": constant.value,
                "cell": constant.place.cell,
                "line": constant.place.line,
            }
            for constant in distinct_constants(item.constants)
        ],
        "function": function_source(item, flow.code),
        "test": first_test(item, examples.get(item.name)),
    }
