"""Finds a Python that is new enough, and hands over to `nbkata.shell.go` in it.

Every Python from 2.7 on can read this file, so that an old one ends in a clear sentence and not in
a syntax error: no annotations and no f-strings here. Standard library only.
"""

# pylint: disable=consider-using-f-string # 2.7 has none

from __future__ import print_function  # the Python that reads this may be a 2.7

import os  # loaded long before this script; whatever else is imported comes after the next lines
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
# A script's own folder stands first in the path, where its neighbours would shadow the library.
sys.path[:] = [SOURCE] + [entry for entry in sys.path if os.path.abspath(entry or ".") != HERE]

import subprocess  # pylint: disable=wrong-import-position # see above

OLDEST = (3, 11)
PROVEN = ((3, 13), (3, 12), (3, 11))  # what the kit's own tests run on
ASK_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def main(argv):
    """Run `go` here, or in the first Python on this machine that is new enough."""
    if sys.version_info[:2] >= OLDEST:
        from nbkata.shell.go import main as go  # pylint: disable=import-outside-toplevel

        return go(argv)
    windows = os.name == "nt"
    found = [sys.version_info[:2]]
    for command in candidates(windows):
        version = version_of(command)
        if version and version >= OLDEST:
            return hand_over(command + ["-I", os.path.join(HERE, "bootstrap.py")] + argv)
        if version and version not in found:
            found.append(version)
    print(too_old(found, windows), file=sys.stderr)
    return 2


def too_old(found, windows):
    """The sentence for a machine whose every Python is too old."""
    names = ", ".join("%d.%d" % version for version in sorted(found))
    return (
        "nbkata needs Python 3.11, 3.12 or 3.13, and found only %s here. Install one from "
        "python.org or with your package manager, then run: %s" % (names, go_command(windows))
    )


def go_command(windows):
    """How a person calls `go` on their system."""
    return ".\\go" if windows else "./go"


def candidates(windows):
    """Commands that may start a newer Python, the proven versions first."""
    names = ["python%d.%d" % version for version in PROVEN] + ["python3", "python"]
    for name in names:
        for path in on_path(name, windows):
            yield [path]
    if windows:
        for path in on_path("py", windows):
            for version in PROVEN:
                yield [path, "-%d.%d" % version]
    for path in on_path("uv", windows):
        python = output_of([path, "python", "find", "--no-python-downloads", ">=3.11"])
        if python:
            yield [python]


def on_path(name, windows):
    """Every program of that name, in the order of the PATH."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, name + (".exe" if windows else ""))
        if folder and os.path.isfile(path) and os.access(path, os.X_OK):
            yield path


def version_of(command):
    """The major and minor version of a Python; None where it is none, or does not run."""
    answer = output_of(command + ["-E", "-s", "-c", ASK_VERSION])
    try:
        major, minor = answer.split(".")
        return int(major), int(minor)
    except ValueError:
        return None


def output_of(command):
    """What a command prints; nothing where it fails."""
    with open(os.devnull, "w") as nowhere:  # pylint: disable=unspecified-encoding # 2.7 has none
        try:
            # pylint: disable-next=consider-using-with # 2.7's has no with
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=nowhere)
        except OSError:
            return ""
        answer = process.communicate()[0].decode("utf-8", "replace").strip()
    return answer if process.returncode == 0 else ""


def hand_over(command):
    """Become the newer Python; Windows can only start it and wait."""
    if os.name != "nt":
        os.execv(command[0], command)
    process = subprocess.Popen(command)  # pylint: disable=consider-using-with # as above
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # it was told as well, and ends in its own time
            pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
