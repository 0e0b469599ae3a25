"""The editors' shared settings of the repository, made to fit a workspace of its own.

In the repository they lead into ``workspace/`` and to its ``.venv``; here the workspace is the
folder that is opened, and the programs are those that nbkata was installed with.
"""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

# How the names of tasks and run configurations begin that are about the kit itself.
KIT_ONLY = "kit"


def fitted(files: Mapping[str, str], python: str) -> dict[str, str]:
    """By path, the settings as they are for a workspace; ``python`` is the interpreter's path."""
    return {
        name: _fitted(name, text, python)
        for name, text in files.items()
        if not PurePosixPath(name).name.startswith(KIT_ONLY)
    }


def _fitted(name: str, text: str, python: str) -> str:
    if name == ".vscode/tasks.json":
        return _json(_tasks(json.loads(text), python))
    if name == ".vscode/settings.json":
        return _json(_settings(json.loads(text), python))
    if name.endswith(".iml"):
        lines = text.splitlines(keepends=True)
        return "".join(line for line in lines if "$MODULE_DIR$/workspace/" not in line)
    text = text.replace("${workspaceFolder}/workspace", "${workspaceFolder}")
    return text.replace("$PROJECT_DIR$/workspace", "$PROJECT_DIR$")


def _tasks(document: dict[str, Any], python: str) -> dict[str, Any]:
    tasks = [task for task in document["tasks"] if not task["label"].startswith(KIT_ONLY)]
    return document | {"tasks": [_task(task, python) for task in tasks]}


def _task(task: dict[str, Any], python: str) -> dict[str, Any]:
    if "command" not in task:
        return task
    here = {key: value for key, value in task.items() if key != "windows"}
    if task["command"].endswith("/nbkata"):
        return here | {"command": python, "args": ["-m", "nbkata", *task["args"]]}
    return here | {"command": python}


def _settings(document: dict[str, Any], python: str) -> dict[str, Any]:
    kept = {
        key: value
        for key, value in document.items()
        if key not in ("search.exclude", "search.useIgnoreFiles", "pylint.ignorePatterns")
    }
    here = {"python.defaultInterpreterPath": python, "python.analysis.extraPaths": ["src"]}
    return kept | here


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
