"""Which settings of a person or company reach pip and uv, and in what form.

Standard library only: this runs before anything is installed.
"""

import ast
import json
import re
from collections.abc import Iterable, Mapping

# They would lead a Python that `go` starts to other modules.
REDIRECTING = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__")

# Settings of pip and uv that say how to reach packages. All others (constraint, target, user,
# require-hashes, no-binary, ...) would install something else or elsewhere, and are left out.
KEPT_SETTINGS = frozenset(
    "index index-url default-index extra-index-url pypi-url index-strategy no-index find-links "
    "proxy http-proxy https-proxy no-proxy trusted-host insecure-host allow-insecure-host "
    "cert client-cert native-tls system-certs use-feature keyring-provider credentials-dir "
    "timeout default-timeout http-timeout http-connect-timeout request-timeout "
    "retries resume-retries http-retries concurrent-downloads "
    "offline cache-dir no-cache-dir no-cache link-mode".split()
)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables for what `go` starts."""
    return {name: value for name, value in environment.items() if name not in REDIRECTING}


def installer_environment(
    environment: Mapping[str, str], of_files: Mapping[str, str], nowhere: str, uv_file: str
) -> dict[str, str]:
    """The variables for pip and uv: a person's own mirrors, proxies and certificates, no more.

    Neither can leave out some of a configuration file's settings. So pip is shown no file
    (``nowhere`` is the system's null device) and has what is kept ``of_files`` as variables; uv is shown ``uv_file``, made by `uv_settings`.
    """
    outside = {name: value for name, value in environment.items() if _passes(name)}
    return {
        **{"PIP_" + key.upper().replace("-", "_"): value for key, value in of_files.items()},
        **clean_environment(outside),
        "PIP_CONFIG_FILE": nowhere,
        "UV_CONFIG_FILE": uv_file,
        "NO_COLOR": "1",
    }


def offline_environment(
    environment: Mapping[str, str], nowhere: str, uv_file: str
) -> dict[str, str]:
    """The variables for pip and uv if all comes from a folder: no setting of anybody's."""
    outside = {name: text for name, text in environment.items() if name[:3] not in ("UV_", "PIP")}
    nothing = {"PIP_CONFIG_FILE": nowhere, "UV_CONFIG_FILE": uv_file, "UV_OFFLINE": "1"}
    return {**clean_environment(outside), **nothing, "NO_COLOR": "1"}


def pip_list_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables for `pip config list`: it prints what files say, however quiet they ask for."""
    outside = {name: value for name, value in environment.items() if not name.startswith("PIP_")}
    asked = {name: environment[name] for name in ("PIP_CONFIG_FILE",) if name in environment}
    return {**clean_environment(outside), **asked, "PIP_QUIET": "0", "PIP_VERBOSE": "0"}


def pip_settings(listed: str) -> dict[str, str]:
    """What is kept of the output of `pip config list`; the section ``install`` wins."""
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}}
    for section, key, text in re.findall(r"^(\w+)\.([\w-]+)=(['\"].*)$", listed, re.MULTILINE):
        if section in found and key in KEPT_SETTINGS:
            found[section][key] = str(ast.literal_eval(text.rstrip()))
    return found["global"] | found["install"]


def uv_files(environment: Mapping[str, str], windows: bool, home: str) -> tuple[str, ...]:
    """The settings files that uv would read, the weakest first; some of them may not exist."""
    if environment.get("UV_CONFIG_FILE"):
        return (environment["UV_CONFIG_FILE"],)
    if environment.get("UV_NO_CONFIG"):
        return ()
    if windows:
        folders = [environment.get("PROGRAMDATA", ""), environment.get("APPDATA", "")]
    else:
        system = environment.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        person = environment.get("XDG_CONFIG_HOME") or f"{home}/.config"
        folders = ["/etc", *reversed(system.split(":")), person]
    return tuple(f"{folder}/uv/uv.toml" for folder in folders if folder)


def uv_settings(files: Iterable[Mapping[str, object]]) -> str:
    """One uv.toml of what is kept of several, the weakest first; its lists are joined as uv does."""
    kept: dict[str, object] = {}
    for file in files:
        pip = file.get("pip")
        for table in (file, pip if isinstance(pip, Mapping) else {}):
            for key, value in table.items():
                if key in KEPT_SETTINGS:
                    old = kept.get(key)
                    if isinstance(value, list) and isinstance(old, list):
                        value = [*value, *old]
                    kept[key] = value
    return "".join(f"{key} = {_as_toml(value)}\n" for key, value in kept.items())


def _as_toml(value: object) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(key)} = {_as_toml(inner)}" for key, inner in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _passes(variable: str) -> bool:
    for tool in ("PIP_", "UV_"):
        if variable.upper().startswith(tool):
            setting = variable[len(tool) :].lower().replace("_", "-")
            return setting in KEPT_SETTINGS or setting.startswith("index-")  # a login of an index
    return True
