"""The editors' AI features in a workspace: the settings that switch them off and on again."""

import json

SETTINGS = ".vscode/settings.json"
# An empty file of this name switches JetBrains' AI Assistant off in a project.
NO_AI = ".noai"
# VS Code's own features, ghost text of any extension, and Copilot's in versions that know no other switch.
OFF = {
    "chat.disableAIFeatures": True,
    "editor.inlineSuggest.enabled": False,
    "github.copilot.enable": {"*": False},
}


def switched(settings: str, is_on: bool) -> dict[str, bytes | None] | None:
    """The files that do it, by path; None if VS Code's settings are no plain JSON: they may have comments."""
    try:
        document = json.loads(settings)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    document = {key: value for key, value in document.items() if OFF.get(key) != value}
    text = json.dumps(document if is_on else document | OFF, indent=2, ensure_ascii=False) + "\n"
    return {SETTINGS: text.encode("utf-8"), NO_AI: None if is_on else b""}
