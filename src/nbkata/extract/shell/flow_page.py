"""The flow of cells and names as a page: the tangle before, the pipeline after, the functions to extract."""

from collections.abc import Mapping

from nbkata.common.shell.pages import render
from nbkata.extract.core.analysis import Flow, why_nothing
from nbkata.extract.core.codegen import Example, first_test, function_source
from nbkata.extract.core.picture import KINDS, change, picture


def flow_page(flow: Flow, examples: Mapping[str, Example], name: str) -> str:
    """The HTML document for the notebook or script of this name."""
    functions = [
        (item, function_source(item, flow.code), first_test(item, examples.get(item.name)))
        for item in flow.candidates
    ]
    return render(
        "extract/flow.html",
        title=f"{name}: what to extract",
        picture=picture(flow),
        change=change,
        kinds=KINDS,
        unit="block" if flow.code.is_script else "cell",
        dead_columns=[column for _, column in flow.liveness.dead_columns],
        dead_names=flow.liveness.dead_names,
        functions=functions,
        nothing="" if functions else why_nothing(flow),
    )
