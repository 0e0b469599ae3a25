"""Finds the Python of this machine that suits best, and hands over to `nbkata.setup.shell.go` in it.

Every Python from 2.7 on can read this file, so that an old one ends in a clear sentence and not in
a syntax error: no annotations and no f-strings here. Standard library only.
"""

# pylint: disable=consider-using-f-string # 2.7 has none

from __future__ import print_function  # the Python that reads this may be a 2.7

import os  # loaded long before this script; whatever else is imported comes after the next lines
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
ENVIRONMENT = os.path.join(os.path.dirname(SOURCE), ".venv")
# A script's own folder comes first in the path, where its neighbours would shadow the library.
sys.path[:] = [SOURCE] + [entry for entry in sys.path if os.path.abspath(entry or ".") != HERE]

import subprocess  # pylint: disable=wrong-import-position # see above

RUNNING = sys.version_info[:2]
PROVEN = ((3, 13), (3, 12), (3, 11))  # what the kit's own tests run on
HOPED_FOR = ((3, 14), (3, 15))  # every package has files for them
QUIETLY = ["-E", "-s", "-S"]  # without a `sitecustomize` that may print
ASK_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def main(argv):
    """Run `go` here, or in a Python of this machine that suits better."""
    if argv[:1] == ["ready"]:
        return look_at_machine()
    made_by = of_environment()
    if made_by:  # another terminal, another Python on its PATH: no reason to install all anew
        return hand_over([made_by, "-I", os.path.join(HERE, "bootstrap.py")] + argv)
    if RUNNING not in PROVEN:
        windows = os.name == "nt"
        found = on_machine(RUNNING, windows)
        taken = choose(found, windows)
        if not taken:
            print(refusal(found, windows), file=sys.stderr)
            return 2
        command = found[taken]
        if (not command or taken in PROVEN) and not os.path.exists(ENVIRONMENT):
            print(reason(taken, RUNNING))
            sys.stdout.flush()
        if command:
            return hand_over(command + ["-I", os.path.join(HERE, "bootstrap.py")] + argv)
    from nbkata.setup.shell.go import main as go  # pylint: disable=import-outside-toplevel

    return go(argv)


def of_environment():
    """The path of the Python that `.venv` was made with, if it is a proven one of another version."""
    try:
        with open(os.path.join(ENVIRONMENT, "pyvenv.cfg"), "rb") as file:
            lines = file.read().decode("utf-8", "replace").splitlines()
    except EnvironmentError:  # there is none
        return ""
    for line in lines:
        name, _, path = line.partition("=")
        if name.strip() == "executable":  # Python itself writes it, from 3.11 on
            version = version_of([path.strip()])
            return path.strip() if version in PROVEN and version != RUNNING else ""
    return ""


def look_at_machine():
    """`go ready`, which this Python runs, whichever it is; the exit code."""
    sys.dont_write_bytecode = True  # an old one would put it beside the sources
    from nbkata.setup.shell.ready import main as ready  # pylint: disable=import-outside-toplevel

    windows = os.name == "nt"
    found = {RUNNING: []} if RUNNING in PROVEN else on_machine(RUNNING, windows)
    taken = RUNNING if RUNNING in PROVEN else choose(found, windows)
    command = (found[taken] or [sys.executable]) if taken else []
    return ready(os.path.dirname(SOURCE), command, listed(found))


def on_machine(running, windows):
    """The versions of what bears no version in its name, each with the command that starts it."""
    found = {None: [], running: []}  # type: dict[object, list[str]] # None: what does not run
    for name in ("python3", "python"):
        for path in on_path(name, windows):
            found.setdefault(version_of([path]), [path])
    del found[None]
    return found


def choose(found, windows):
    """The best version on this machine, added to those found; None if none will do."""
    for version in PROVEN + HOPED_FOR:
        for command in () if version in found else named(version, windows):
            if version_of(command) == version:
                found[version] = command
                break
        if version in found:
            return version
    return None


def reason(taken, running):
    """Why this Python and not another, in one line."""
    name = as_text(taken)
    if taken not in PROVEN:
        why = "of %s, on which nbkata is proven, none is here" % listed(PROVEN)
    elif running in HOPED_FOR:
        why = "nbkata is proven on it, and not on %s, which comes first here" % as_text(running)
    else:
        age = "old" if running < min(PROVEN) else "new"
        why = "%s, which comes first here, is too %s" % (as_text(running), age)
    return "Taking Python %s: %s." % (name, why)


def refusal(found, windows):
    """The sentence for a machine without a Python that suits."""
    return (
        "%s, and found only %s here. Install one from python.org or with your package manager, "
        "then run: %s" % (needed(), listed(found), go_command(windows))
    )


def needed():
    """How these sentences begin, those of `go` and `go.bat` too, which find no Python to ask."""
    ends = tuple(as_text(version) for version in (min(PROVEN), max(HOPED_FOR), max(PROVEN)))
    return "nbkata needs Python %s to %s, best %s" % ends


def listed(versions):
    """Such as `3.11, 3.12, 3.13`."""
    return ", ".join(as_text(version) for version in sorted(set(versions)))


def as_text(version):
    """Such as `3.13`."""
    return "%d.%d" % version


def go_command(windows):
    """How a person calls `go` on their system."""
    return ".\\go" if windows else "./go"


def named(version, windows):
    """Commands that may start this version."""
    for path in on_path("python" + as_text(version), windows):
        yield [path]
    if windows:
        for path in on_path("py", windows):
            yield [path, "-" + as_text(version)]
    for path in on_path("uv", windows):
        python = output_of([path, "python", "find", "--no-python-downloads", as_text(version)])
        if python:
            yield [python]


def on_path(name, windows):
    """Every program of that name, in the order of the PATH."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, name + (".exe" if windows else ""))
        if folder and os.path.isfile(path) and os.access(path, os.X_OK):
            yield path


def version_of(command):
    """The major and minor version of a Python; None if it is none, or does not run."""
    answer = output_of(command + QUIETLY + ["-c", ASK_VERSION])
    try:
        major, minor = answer.split(".")
        return int(major), int(minor)
    except ValueError:
        return None


def output_of(command):
    """What a command prints; nothing if it fails."""
    with open(os.devnull, "w") as nowhere:  # pylint: disable=unspecified-encoding # 2.7 has none
        try:
            # pylint: disable-next=consider-using-with # 2.7's has no with
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=nowhere)
        except OSError:
            return ""
        answer = process.communicate()[0].decode("utf-8", "replace").strip()
    return answer if process.returncode == 0 else ""


def hand_over(command):
    """Become the other Python; Windows can only start it and wait."""
    if os.name != "nt":
        os.execv(command[0], command)
    process = subprocess.Popen(command)  # pylint: disable=consider-using-with # as above
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # it got the signal as well, and ends in its own time
            pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
