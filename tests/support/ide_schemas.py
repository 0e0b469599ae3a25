"""What the editors read, as far as the kit uses it: our own trimmed description.

VS Code ships no schema files and passes unknown keys in silence, PyCharm publishes none: a key
that is not listed here is a slip, or belongs here with a look at the editor's documentation.
"""

from typing import Any

SETTINGS: dict[str, Any] = {
    "python.defaultInterpreterPath": str,
    "python.testing.pytestEnabled": bool,
    "python.testing.unittestEnabled": bool,
    "python.testing.pytestArgs": list,
    "python.analysis.extraPaths": list,
    "python.analysis.autoImportCompletions": bool,
    "black-formatter.importStrategy": {"useBundled", "fromEnvironment"},
    "pylint.importStrategy": {"useBundled", "fromEnvironment"},
    "pylint.args": list,
    "pylint.ignorePatterns": list,
    "notebook.formatOnSave.enabled": bool,
    "notebook.lineNumbers": {"on", "off"},
    "jupyter.notebookFileRoot": str,
    "files.associations": dict,
    "chat.disableAIFeatures": bool,
    "editor.inlineSuggest.enabled": bool,
    "github.copilot.enable": dict,
    "files.eol": {"\n", "\r\n", "auto"},
    "files.insertFinalNewline": bool,
    "files.trimTrailingWhitespace": bool,
    "files.exclude": dict,
    "search.exclude": dict,
    "search.useIgnoreFiles": bool,
    "editor.defaultFormatter": str,
    "editor.formatOnSave": bool,
    "editor.rulers": list,
    "editor.tabSize": int,
}
GROUPS = {"build", "test", "none"}
TASK: dict[str, Any] = {
    "label": str,
    "detail": str,
    "type": {"shell", "process"},
    "command": str,
    "args": list,
    "windows": dict,
    "options": dict,
    "group": (str, dict),
    "presentation": dict,
    "dependsOn": list,
    "dependsOrder": {"parallel", "sequence"},
    "problemMatcher": list,
}
LAUNCH: dict[str, Any] = {
    "name": str,
    "type": {"debugpy"},
    "request": {"launch", "attach"},
    "program": str,
    "module": str,
    "args": list,
    "cwd": str,
    "console": {"internalConsole", "integratedTerminal", "externalTerminal"},
    "justMyCode": bool,
    "purpose": list,
    "connect": dict,
}
SNIPPET: dict[str, Any] = {"scope": str, "prefix": str, "description": str, "body": list}
TOUR: dict[str, Any] = {"title": str, "isPrimary": bool, "steps": list}
STOP: dict[str, Any] = {"file": str, "pattern": str, "description": str}
DEVCONTAINER: dict[str, Any] = {
    "name": str,
    "image": str,
    "postCreateCommand": str,
    "customizations": dict,
}

COMPONENTS: dict[str, set[str]] = {
    "Black": {"enabledOnReformat", "enabledOnSave", "executionMode", "sdkName"},
    "ProjectRootManager": set(),
    "ProjectModuleManager": set(),
    "NewModuleRootManager": set(),
    "TestRunnerService": {"PROJECT_TEST_RUNNER"},
    "InspectionProjectProfileManager": {"myName", "USE_PROJECT_PROFILE"},
    "ProjectRunConfigurationManager": {
        *("INTERPRETER_OPTIONS", "PARENT_ENVS", "SDK_HOME", "WORKING_DIRECTORY"),
        *("IS_MODULE_SDK", "ADD_CONTENT_ROOTS", "ADD_SOURCE_ROOTS", "SCRIPT_NAME"),
        *("PARAMETERS", "EMULATE_TERMINAL", "MODULE_MODE"),
        *("_new_additionalArguments", "_new_target", "_new_targetType"),
    },
}
"""PyCharm's components, each with the options that it reads from a project."""

ROOTS = {
    "misc.xml": "project",
    "modules.xml": "project",
    "nbkata.iml": "module",
    "Project_Default.xml": "component",
    "profiles_settings.xml": "component",
}


def mistakes(document: dict[str, Any], described: dict[str, Any], where: str = "") -> list[str]:
    """Keys that are not described, and values of another kind."""
    found = []
    for key, value in document.items():
        kind = described.get(key)
        if kind is None:
            found.append(f"{where}{key} is not known")
        elif isinstance(kind, set):
            if value not in kind:
                found.append(f"{where}{key} is {value!r}, not one of {sorted(kind)}")
        elif not isinstance(value, kind):
            found.append(f"{where}{key} is {value!r}, not {kind}")
    return found
