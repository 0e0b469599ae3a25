"""A sandbox for other people's code: no network, no files but the system's and the kit's.

With bubblewrap there are two. The outer one holds the check of a workspace as a whole, the kit's own
processes with it: whatever they read comes from strangers. In it, each process that runs the learner's
code is in an inner one, in which it sees neither the others' files nor their processes: what it may
write is its own folder and the answer that it was asked for. So verdicts are formed outside of the
sandbox in which the code runs, and out of the outer one comes a JSON document alone.

With podman and Docker each such process is in a container of its own, and there is no outer one (see
`apart`): no container can be made in a container without rights that would open it.

Bubblewrap does not bound how many processes there are and what they take together. A cgroup does, where
one can be made, and the limit on a user's processes does where that user is not root.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from nbkata.child.core.confined import (
    HOME,
    IMAGE,
    ISOLATED,
    MEMORY_GB,
    SHARED,
    Confined,
    by_bubblewrap,
    by_container,
    in_memory,
    marked,
)
from nbkata.child.shell import ending
from nbkata.child.shell.cgroups import cgroups
from nbkata.child.shell.interpreter import project_python
from nbkata.child.shell.visible import answers, confine, fonts, kit_places
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.temporary import TemporaryFolder

# The variable that is set in the outer sandbox, to the folder that is checked once there is one; and
# in `apart`, to a JSON document of the engine and the cgroups.
INSIDE = "NBKATA_SANDBOX"
BUBBLEWRAP = ("bwrap",)
# The first that works is taken. Podman's usual runtime, crun, refuses what some systems make of cgroups.
ENGINES = (BUBBLEWRAP, ("podman",), ("podman", "--runtime", "runc"), ("docker",))
TRY_S = 60
SEE_ALSO = ("Run 'docker", "See 'docker")  # after Docker's reason


@cache
def found_engine() -> tuple[str, ...] | Refusal:
    """What makes sandboxes here, each tried once, as the start of its command; or why nothing does."""
    install = "Install bubblewrap (apt install bubblewrap) or podman."
    there = [engine for engine in ENGINES if shutil.which(engine[0])]
    if sys.platform != "linux" or not there:
        return Refusal("there is no sandbox here for other people's code.", "", install)
    whys: list[str] = []
    for engine in there:
        if engine == ("docker",) and "DOCKER_HOST" in os.environ:  # the code is not given this
            engine = ("docker", "--host", os.environ["DOCKER_HOST"])
        why = _why_not(engine)
        if not why:
            return engine
        whys.append(f"{' '.join(engine)}: {why}")
    what = f"no sandbox for other people's code can be made here ({'; '.join(whys)})."
    return Refusal(what, "", "Allow user namespaces, and run this as a user other than root.")


def sandbox_problem() -> Refusal | None:
    """Why there is no sandbox here; None if there is one."""
    found = found_engine()
    return found if isinstance(found, Refusal) else None


def sandbox_name() -> str:
    """What makes it, for people."""
    found = found_engine()
    return "none" if isinstance(found, Refusal) else found[0].replace("bwrap", "bubblewrap")


def _why_not(engine: tuple[str, ...]) -> str:
    """Why this one makes no sandbox here; empty if it does."""
    try:
        if engine == BUBBLEWRAP:
            with cgroups() as groups:
                if _user().startswith("0:") and not groups:
                    return "as root, and without cgroups, nothing bounds how many processes code starts"
                nested = ("bwrap", *_inner_options("/", ()), "true")  # as for the learner's code
                command = outer(nested, groups=groups)
                tried = subprocess.run(command, capture_output=True, text=True, check=False)
        else:
            _make_image(engine)
            with TemporaryFolder() as folder:
                command = _contained(
                    engine, confine(("true",), {}, (os.path.realpath(folder),), {}, folder)
                )
                tried = subprocess.run(
                    command, capture_output=True, text=True, timeout=TRY_S, check=False
                )
    except (OSError, subprocess.SubprocessError) as error:
        return f"{type(error).__name__}: {error}"
    if not tried.returncode:
        return ""
    lines = [one for one in tried.stderr.splitlines() if one and not one.startswith(SEE_ALSO)]
    return lines[-1] if lines else f"exit code {tried.returncode}"


def _make_image(engine: tuple[str, ...]) -> None:
    """An image without a file, of a tarball without one: none is downloaded."""
    there = subprocess.run(
        [*engine, "image", "inspect", IMAGE], capture_output=True, timeout=TRY_S, check=False
    )
    if there.returncode:
        nothing = bytes(NOTHING)
        subprocess.run(
            [*engine, "import", "-", IMAGE], input=nothing, capture_output=True, timeout=TRY_S, check=False
        )  # fmt: skip


# Of a tarball: two empty blocks are its end.
NOTHING = 1024


def outer(
    command: Sequence[str],
    *,
    readable: Mapping[str, str] | None = None,
    writable: Sequence[Path] = (),
    groups: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    folder: str = HOME,
    inside: str = "",
) -> list[str]:
    """Return the command that runs ``command`` in the outer sandbox, bubblewrap's.

    ``readable`` says what else is there, by path in it; ``groups`` are the cgroups to be in; ``inside``
    is a folder to check, which is there, empty.
    """
    confined = confine(command, readable, [*map(str, writable)], environment, folder)
    confined = replace(
        confined,
        variables={**confined.variables, INSIDE: inside},
        empty=(inside,) if inside else (),
    )
    return [*_entering([*map(str, groups)]), *by_bubblewrap(confined)]


def _entering(groups: Sequence[str]) -> list[str]:
    return ["/bin/sh", "-c", _ENTER, "sh", *groups, "--"] if groups else []


_ENTER = (
    'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"'
)


def inner(
    command: Sequence[str],
    folder: Path,
    writable: Sequence[Path | str] = (),
    environment: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the command for the learner's code: in a sandbox of its own if this is in the outer one,
    or in `apart`.
    """
    inside = os.environ.get(INSIDE)
    if inside is None:
        return list(command)
    if not inside.startswith("{"):
        return ["bwrap", *_inner_options(str(folder), writable), "--", *command]
    how = json.loads(inside)
    places = [os.path.realpath(place) for place in (folder, *writable)]
    variables = {**(environment or {}), **PARENT}
    theirs = project_python()
    seen = [*variables.get("PYTHONPATH", "").split(os.pathsep)]
    seen += [theirs.prefix, str(Path(os.path.realpath(theirs.path)).parents[1])] if theirs else []
    readable = {place: place for place in seen if place}
    confined = confine(command, readable, places, variables, places[0])
    confined = replace(confined, empty=answers(), memory_gb=how["memory_gb"])
    if tuple(how["engine"]) == BUBBLEWRAP:
        return [*_entering(how["groups"]), *by_bubblewrap(confined)]
    return _contained(how["engine"], confined, how["mark"])


class Keeper(NamedTuple):
    """What keeps a sandbox open for processes that go into it."""

    process: "subprocess.Popen[str]"
    inside: int  # the number of a process in it


def is_nested() -> bool:
    """Whether this is in the outer sandbox."""
    return not os.environ.get(INSIDE, "{").startswith("{")


def kept_open(folder: Path, writable: Sequence[Path | str]) -> Keeper:
    """Make the sandbox that `inner` makes in the outer one, with nothing at work in it. Raise OSError if it fails."""
    read, write = os.pipe()
    with os.fdopen(read, encoding="ascii") as told:
        try:
            process = ending.start(
                ["bwrap", "--info-fd", str(write), *_inner_options(str(folder), writable), *_KEEP],
                pass_fds=(write,),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        finally:
            os.close(write)
        assert process.stdout is not None
        if process.stdout.readline():
            return Keeper(process, json.load(told)["child-pid"])
    ending.end(process)
    raise OSError("no sandbox could be made")


# Says that it is made, and stays.
_KEEP = ("--", "/bin/sh", "-c", "echo && read -r _")
# A kernel would miss its parent, which it cannot see.
PARENT = {"JPY_PARENT_PID": "1"}


def is_contained() -> bool:
    """Whether each process of the learner's code has a container of its own."""
    return is_apart() and tuple(json.loads(os.environ[INSIDE])["engine"]) != BUBBLEWRAP


def is_apart() -> bool:
    """Whether each process of the learner's code has a sandbox of its own, and this one is in none."""
    return os.environ.get(INSIDE, "").startswith("{")


def _contained(engine: Sequence[str], confined: Confined, mark: str = "") -> list[str]:
    line = os.path.join(confined.writable[-1], f".nbkata-{os.urandom(4).hex()}")
    holder = (sys.executable, "-I", "-S", str(Path(__file__).with_name("in_container.py")))
    there = {at: place for at, place in confined.readable.items() if os.path.exists(place)}
    return by_container(engine, replace(confined, readable=there), _user(), line, holder, mark)


def _user() -> str:
    if sys.platform == "win32":
        return ""
    return f"{os.getuid()}:{os.getgid()}"


def run_again(workspace: Path, arguments: Sequence[str]) -> int:
    """Run a command of the kit's in a sandbox, on a copy of the workspace; its exit code.

    The copy is in the workspace's place, or, where each process has a sandbox of its own, elsewhere and
    without the repository's settings, which git would follow. It is gone afterwards. Links are copied
    as links, and in the outer sandbox lead nowhere.
    """
    at, kits = str(workspace.resolve()), (sys.executable, "-m", "nbkata", *arguments)
    if found_engine() != BUBBLEWRAP:
        with TemporaryFolder() as home, apart():
            copy = os.path.join(home, workspace.name)
            shutil.copytree(at, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            return subprocess.call(kits, cwd=copy, stdin=subprocess.DEVNULL)
    copied = ("/bin/sh", "-c", f'cp -RP {_ORIGINAL}/. "$0" && exec "$@"', at)
    with cgroups() as groups:
        command = outer(
            (*copied, *kits), readable={_ORIGINAL: at}, groups=groups, folder=at, inside=at
        )
        return subprocess.call(command, stdin=subprocess.DEVNULL)


_ORIGINAL = f"{HOME}/original"


@contextmanager
def apart(memory_gb: float = MEMORY_GB, engine: Sequence[str] = ()) -> Iterator[None]:
    """While the block lasts, each process of other people's code that this one starts is in a sandbox.

    There is no outer one: what these processes leave is read by this one, as files that hold data.
    """
    found = engine or found_engine()
    assert not isinstance(found, Refusal), "`sandbox_problem` is asked before"
    with cgroups(memory_gb) as groups:  # the containers have their engine's
        mark = os.urandom(8).hex()
        paths = [*map(str, groups)]
        how = {"engine": found, "groups": paths, "memory_gb": memory_gb, "mark": mark}
        os.environ[INSIDE] = json.dumps(how)
        try:
            yield
        finally:
            os.environ.pop(INSIDE)
            if found != BUBBLEWRAP:
                _remove_containers(found, mark)


def _remove_containers(engine: Sequence[str], mark: str) -> None:
    """Those that were made and never begun, since their engine was killed between the two."""
    try:
        listed = subprocess.run(
            [*engine, *marked(mark)], capture_output=True, text=True, timeout=TRY_S, check=False
        )
        if left := listed.stdout.split():
            command = [*engine, "rm", "--force", *left]
            subprocess.run(command, capture_output=True, timeout=TRY_S, check=False)
    except (OSError, subprocess.SubprocessError):
        pass  # the engine is gone, or busy: what it keeps is idle


def _inner_options(folder: str, writable: Sequence[Path | str]) -> list[str]:
    folder, checked = os.path.realpath(folder), os.environ.get(INSIDE)
    is_in = checked and os.path.commonpath((folder, checked)) == checked
    asked = map(str, (checked if is_in else folder, *writable))
    places = [place for place in asked if place not in ("/", HOME)]
    return [
        *(*ISOLATED, "--disable-userns", "--ro-bind", "/", "/", "--dev", "/dev"),
        *(
            "--ro-bind",
            "/proc",
            "/proc",
            *in_memory(HOME, SHARED),
        ),  # a new one cannot be mounted in here
        *(word for at in (*fonts(), *kit_places()) for word in ("--ro-bind-try", at, at)),
        *in_memory(*answers()),
        *(word for place in places for word in ("--bind", place, place)),
        *(word for pair in PARENT.items() for word in ("--setenv", *pair)),
        *("--unsetenv", INSIDE, "--chdir", folder),
    ]
