"""First tests for proposed functions, from made-up arguments and what comes out for them."""

import re
from collections.abc import Mapping
from pathlib import Path

from nbkata.adopt.core.made_up import made_up, made_up_test
from nbkata.adopt.shell.runs import HASH_SEED, sandbox
from nbkata.characterize.shell.characterize import formatted
from nbkata.child.core.ended import Failed
from nbkata.child.shell.environ import QUIET, plain_environment
from nbkata.child.shell.run import ask
from nbkata.extract.core.analysis import Flow
from nbkata.extract.core.candidate import Candidate
from nbkata.extract.core.codegen import function_source
from nbkata.extract.core.facts import Role
from nbkata.record.core.record import Fingerprint, Record

TRIAL_S = 60


def first_tests(flow: Flow, record: Record, building: Path) -> dict[str, str]:
    """By function; none for one that cannot be called with what can be made up."""
    sources = {item.name: function_source(item, flow.code) for item in flow.candidates}
    arguments = {}
    for item in flow.candidates:
        found = made_up(item, sources[item.name], _seen(item, record))
        if found is not None and item.returns:
            arguments[item.name] = found
    items = {item.name: item for item in flow.candidates if item.name in arguments}
    if not items:
        return {}
    request = {
        "head": _head(flow, "\n".join(sources[name] for name in items)),
        "functions": {
            name: {
                "source": sources[name],
                "arrange": "".join(f"{key} = {made}\n" for key, made in arguments[name].items()),
                "call": f"{name}({', '.join(item.takes)})",
                "returns": item.returns,
                "columns": item.columns_written,
            }
            for name, item in items.items()
        },
    }
    with sandbox(building) as folder:
        environment = {**plain_environment(), **QUIET, "PYTHONHASHSEED": str(HASH_SEED)}
        answer = ask(
            "nbkata.adopt.shell.trial",
            request,
            folder=folder,
            environment=environment,
            timeout_s=TRIAL_S,
        )
    if isinstance(answer, Failed):
        return {}
    return {
        name: formatted(made_up_test(items[name], arguments[name], asserts))
        for name, asserts in answer.items()
        if asserts
    }


def _seen(item: Candidate, record: Record) -> Mapping[str, Fingerprint]:
    """What each name held before the function's first cell, or else after it."""
    before: dict[str, Fingerprint] = {}
    for stage, state in record.states():
        if stage.cell < item.facts[0].cell:
            before = dict(state)
        elif stage.cell == item.facts[0].cell:
            return {**state, **before}
    return before


def _head(flow: Flow, sources: str) -> str:
    """The notebook's imports and definitions that the functions need, and those of the tests."""
    words = set(re.findall(r"\w+", sources))
    texts = ["import numpy as np", "import pandas as pd"]
    texts += ["from sklearn.base import clone"] * ("clone(" in sources)
    needed: list[str] = []
    for fact in reversed(flow.facts):
        if fact.role in (Role.IMPORT, Role.DEFINE) and fact.binds & words:
            text = flow.code.source(fact.first, fact.last)
            words |= set(re.findall(r"\w+", text)) if fact.role is Role.DEFINE else set()
            needed = [text, *needed]
    return "\n".join([*texts, *needed])
