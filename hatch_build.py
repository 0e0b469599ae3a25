"""What the wheel carries beside the package. An editable install reads it from the clone instead."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = (
    *("exercises", "solutions", "notebooks", "docs", ".vscode"),
    *(".idea/misc.xml", ".idea/modules.xml", ".idea/nbkata.iml", ".idea/.gitignore"),
    *(".idea/inspectionProfiles", ".idea/runConfigurations"),  # and nothing personal
)


class KitBuildHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling's own configuration
    """Puts what the kit is about at ``nbkata/kit``, where `load_kit` looks outside of a clone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatchling calls this before it packs; ``version`` is ``standard`` or ``editable``."""
        if version == "standard":
            build_data["force_include"].update({name: f"nbkata/kit/{name}" for name in CARRIED})
