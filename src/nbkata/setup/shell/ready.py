"""`./go ready`: whether this machine is ready, before anything is installed and after it.

Every Python from 2.7 on can read this file: no annotations and no f-strings here. Standard
library only.
"""

# pylint: disable=consider-using-f-string # 2.7 has none

import binascii
import errno
import glob
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time

from nbkata.setup.core.ready import (
    CLOCK_S,
    Finding,
    block_of,
    disk_finding,
    exit_code,
    folder_finding,
    network_fault,
)
from nbkata.setup.core.system import system_name

ABOUT = (
    "import struct, sys; print('%d.%d.%d ' % sys.version_info[:3] + str(struct.calcsize('P') * 8))"
)
HAS_VENV = "import ensurepip, venv"
# pip itself, or the one that came with Python: Debian has it in a place of its own.
PIP = """
import glob, os, runpy, sys, sysconfig
try:
    import pip
except ImportError:
    import ensurepip
    folders = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")]
    folders += [sysconfig.get_config_var("WHEEL_PKG_DIR") or ""]
    sys.path[:0] = [path for it in folders for path in glob.glob(os.path.join(it, "pip-*.whl"))]
sys.argv[0] = "pip"
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""
# The seconds of an answer's clock. Nothing else of the answer is believed, so nothing is verified.
DATE = """
import email.utils, ssl, sys, urllib.error, urllib.request
context = ssl._create_unverified_context()
try:
    answer = urllib.request.urlopen(sys.argv[1], timeout=10, context=context)
except urllib.error.HTTPError as error:
    answer = error
print(email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp())
"""
AFTERWARDS = "nbkata.facilitate.shell.readiness"
STAMP = "nbkata-setup.json"


def main(kit, command, version):
    # type: (str, list[str], str) -> int
    """Print the block for the kit's folder; ``command`` starts the Python that suits, if one does.

    ``version`` is what was found otherwise.
    """
    about = _output(command + ["-c", ABOUT]).split() if command else []
    system = system_name(sys.platform, platform.machine(), int(about[1]) if about else 64)
    installed = os.path.isfile(os.path.join(kit, ".venv", STAMP))
    findings = [
        _python(command, about, version),
        _git(),
        disk_finding(_free_bytes(kit), _memory_bytes(), installed),
        _network(kit, command, installed),
        folder_finding(kit, system, _is_writable(kit)),
        _editor(kit),
        _kit(kit, installed),
    ]
    print("\n".join(block_of(findings, system, binascii.hexlify(os.urandom(3)).decode("ascii"))))
    return exit_code(findings)


def _python(command, about, version):
    # type: (list[str], list[str], str) -> Finding
    if not about:
        return Finding("python", "no-python", "found %s" % version if version else "")
    if about[1] == "32":
        return Finding("python", "32-bits", about[0])
    if _run(command + ["-c", HAS_VENV])[0] and not _program("uv"):
        return Finding("python", "no-pip", about[0])
    return Finding("python", "", about[0])


def _git():
    # type: () -> Finding
    found = re.search(r"\d+(\.\d+)+", _output(["git", "--version"]))
    return Finding("git", "" if found else "no-git", found.group() if found else "")


def _free_bytes(folder):
    # type: (str) -> int
    if hasattr(shutil, "disk_usage"):
        return shutil.disk_usage(folder).free
    if hasattr(os, "statvfs"):
        found = getattr(os, "statvfs")(folder)
        return int(found.f_bavail * found.f_frsize)
    return 1 << 62  # a 2.7 on Windows: what it lacks is a better Python


def _memory_bytes():
    # type: () -> int
    try:
        sysconf = getattr(os, "sysconf")
        return int(sysconf("SC_PAGE_SIZE") * sysconf("SC_PHYS_PAGES"))
    except (AttributeError, EnvironmentError, ValueError):  # Windows has no sysconf
        pass
    try:
        import ctypes  # pylint: disable=import-outside-toplevel # not in every Python

        kilobytes = ctypes.c_ulonglong()
        windows = getattr(ctypes, "windll").kernel32
        windows.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
        return int(kilobytes.value) * 1024
    except (ImportError, AttributeError, EnvironmentError):
        return 0


def _network(kit, command, installed):
    # type: (str, list[str], bool) -> Finding
    """Load the first package of the lock as the set-up would: by pip, with this person's settings."""
    if installed:
        return Finding("network", "", "not needed any more: all is installed")
    if not command:
        return Finding("network", "", "not looked at: that takes a Python that suits")
    package = _first_package(kit)
    code, output = _download(command, package, dict(os.environ))
    fault = network_fault(output, code, False)
    if fault == "dead-proxy":
        bare = {name: text for name, text in os.environ.items() if not _is_proxy(name)}
        fault = network_fault(output, code, _download(command, package, bare)[0] == 0)
    off = _clock_is_off_s(command, output) if fault in ("", "certificate") else 0
    if abs(off) > CLOCK_S:
        direction = "ahead" if off > 0 else "behind"
        return Finding("network", "wrong-clock", "%d minutes %s" % (abs(off) // 60, direction))
    return Finding("network", fault, "" if fault else "the package index answers")


def _first_package(kit):
    # type: (str) -> str
    with open(os.path.join(kit, "requirements.lock"), "rb") as file:
        text = file.read().decode("utf-8")
    found = re.search(r"^([\w.-]+==[\w.]+) \\\r?$", text, re.MULTILINE)
    return found.group(1) if found else "pip"


def _download(command, package, variables):
    # type: (list[str], str, dict[str, str]) -> tuple[int, str]
    try:
        folder = tempfile.mkdtemp(prefix="nbkata-")
    except EnvironmentError as error:
        return 1, str(error)
    asked = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--dest", folder, package]
    quick = ["--retries", "0", "--timeout", "10", "--no-input", "--disable-pip-version-check"]
    try:
        return _run(command + ["-I", "-c", PIP, "download", "-vv"] + quick + asked, variables)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_proxy(name):
    # type: (str) -> bool
    return name.lower().endswith("_proxy")


def _clock_is_off_s(command, output):
    # type: (list[str], str) -> float
    """How many seconds this machine's clock is ahead; 0 if nobody says so."""
    found = re.search(r"https?://[^\s'\",)]+/", output)
    if not found:
        return 0
    answer = _output(command + ["-I", "-c", DATE, found.group()])
    try:
        return time.time() - float(answer)
    except ValueError:
        return 0


def _is_writable(folder):
    # type: (str) -> bool
    try:
        handle, path = tempfile.mkstemp(prefix=".nbkata-", dir=folder)
        os.close(handle)
        os.remove(path)
        return True
    except EnvironmentError as error:
        return error.errno == errno.ENOSPC  # that is another fault


def _editor(kit):
    # type: (str) -> Finding
    """The editors are data of the room `keys`."""
    try:
        path = os.path.join(kit, "src", "nbkata", "keys", "keymaps.json")
        with open(path, "rb") as file:
            editors = json.loads(file.read().decode("utf-8"))["ides"]
    except (EnvironmentError, ValueError, KeyError):
        editors = []
    names = []
    for editor in editors:
        if not _is_here(editor):
            continue
        if editor.get("extensions") and not any(map(_matches, editor["extensions"])):
            return Finding("editor", "no-extension", "")
        names.append("%s (%s)" % (editor["name"], editor["python"]))
    if not names:
        return Finding(
            "editor", "", "none of those that the guides know; ./go lab opens JupyterLab"
        )
    return Finding("editor", "", ", ".join(names))


def _is_here(editor):
    # type: (dict[str, list[str]]) -> bool
    return any(map(_program, editor["programs"])) or any(map(_matches, editor.get("places", [])))


def _matches(pattern):
    # type: (str) -> bool
    return bool(glob.glob(os.path.expandvars(os.path.expanduser(pattern))))


def _program(name):
    # type: (str) -> bool
    ends = (".exe", ".cmd", ".bat") if os.name == "nt" else ("",)
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return any(os.path.isfile(os.path.join(it, name + end)) for it in folders for end in ends if it)


def _kit(kit, installed):
    # type: (str, bool) -> Finding
    """After `./go`: a kernel, a cell and a test, in the environment."""
    if not installed:
        begun = os.path.exists(os.path.join(kit, ".venv"))
        return Finding(
            "kit", "unfinished" if begun else "", "" if begun else "not set up yet: ./go"
        )
    windows = os.name == "nt"
    python = os.path.join(
        kit, ".venv", *(("Scripts", "python.exe") if windows else ("bin", "python"))
    )
    code, output = _run([python, "-P", "-m", AFTERWARDS])
    if code == 0:
        return Finding("kit", "", "set up; a kernel, the first cell and pytest run")
    last = (output.strip().splitlines() or [""])[-1]
    found = re.match(r"(no-kernel|no-cell|no-pytest)\b *([\w ]*)", last)
    return Finding("kit", *found.groups()) if found else Finding("kit", "unfinished", "")


def _output(command):
    # type: (list[str]) -> str
    code, output = _run(command)
    return "" if code else output


def _run(command, variables=None):
    # type: (list[str], dict[str, str] | None) -> tuple[int, str]
    """Exit code and all that it prints; -1 and nothing if it cannot be started."""
    with open(os.devnull) as nothing:  # pylint: disable=unspecified-encoding # 2.7 has none
        try:
            # pylint: disable-next=consider-using-with # 2.7's has no with
            process = subprocess.Popen(
                command,
                env=variables,
                stdin=nothing,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        except EnvironmentError:
            return -1, ""
        output = process.communicate()[0].decode("utf-8", "replace")
    return process.returncode, output
