"""`./go` as a person runs it, on a machine with Python and nothing else, without a network."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.minikit import MiniKit, add_program, make_minikit

posix = pytest.mark.skipif(os.name == "nt", reason="stands a shell script in for a program")


@pytest.fixture(name="first_run", scope="module")
def _first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MiniKit, int, str]]:
    """A kit that was set up, and how that went. Tests leave its environment as it is."""
    kit = make_minikit(tmp_path_factory.mktemp("kit"))
    code, output = kit.go()
    yield kit, code, output


@pytest.fixture(name="ready")
def _ready(first_run: tuple[MiniKit, int, str]) -> MiniKit:
    kit, code, output = first_run
    assert code == 0, output
    return kit


@pytest.fixture(name="venv", scope="module")
def _venv(first_run: tuple[MiniKit, int, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment that it made, before anything was installed in it."""
    installed = shutil.ignore_patterns("tiny_dep*", "jupyterlab*", "pytest*", "nbkata*")
    folder = tmp_path_factory.mktemp("made") / "venv"
    return Path(shutil.copytree(first_run[0].venv, folder, symlinks=True, ignore=installed))


@pytest.fixture(name="bare")
def _bare(tmp_path: Path, venv: Path) -> MiniKit:
    """A fresh clone; its environments are copies of the one that the first run made."""
    return make_minikit(tmp_path, venv)


def test_the_first_run_tells_what_it_does_and_ends_in_start(
    first_run: tuple[MiniKit, int, str],
) -> None:
    _, code, output = first_run
    lines = output.splitlines()
    version = sys.version.split(maxsplit=1)[0]
    assert code == 0
    assert lines[0] == "Setting up, once. This takes one or two minutes, on a slow machine ten."
    assert lines[1].startswith(f"  making .venv with Python {version} ... ")
    assert lines[2].startswith("  installing requirements.lock (1 packages), with pip ... ")
    assert lines[3].startswith("  installing the kit, with pip ... ")
    assert lines[4] == "nbkata in a b é with ['start']"
    assert "activate" in lines[5] and len(lines) == 6


def test_bytecode_is_there_before_the_first_import(ready: MiniKit) -> None:
    assert list(ready.venv.rglob("tiny_dep.*.pyc"))
    assert list((ready.root / "src" / "nbkata").glob("__pycache__/__main__.*.pyc"))


def test_the_environment_has_pip_for_packages_of_the_learners_own(ready: MiniKit) -> None:
    assert list(ready.venv.rglob("pip/__main__.py"))


def test_a_second_run_changes_nothing_and_goes_straight_to_start(ready: MiniKit) -> None:
    before = ready.snapshot()
    code, output = ready.go()
    assert code == 0 and output.startswith("nbkata in a b é with ['start']\n")
    assert ready.snapshot() == before


@posix
def test_a_second_run_takes_less_than_two_seconds_of_its_own(ready: MiniKit) -> None:
    import resource  # pylint: disable=import-outside-toplevel,import-error # POSIX only

    def seconds() -> float:  # of processor time: a busy machine must not fail this
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = seconds()
    assert ready.go()[0] == 0
    assert seconds() - before < 2


def test_a_console_that_knows_only_ascii_stops_nothing(ready: MiniKit) -> None:
    code, output = ready.go(LC_ALL="C")
    assert code == 0, output
    assert all(path.read_bytes().isascii() for path in ready.venv.rglob("*.pth"))


def test_start_is_given_the_arguments_and_its_exit_code_is_that_of_go(ready: MiniKit) -> None:
    assert "nbkata in a b é with ['start', 'monday']" in ready.go("start", "monday")[1]
    assert ready.go(EXIT_WITH="7")[0] == 7


def test_in_an_active_environment_nothing_is_said_of_activating(ready: MiniKit) -> None:
    assert "activate" not in ready.go(VIRTUAL_ENV=str(ready.venv))[1]


def test_the_tests_are_spread_and_what_follows_goes_to_pytest(ready: MiniKit) -> None:
    code, output = ready.go("test", "-k", "lock")
    workers = min(4, os.cpu_count() or 1) + 1
    expected = ["-n", str(workers), "--dist", "loadscope", "--no-loadscope-reorder", "-k", "lock"]
    assert (code, output) == (0, f"pytest in a b é with {expected}\n")


def test_lab_makes_the_workspace_first_and_opens_it(ready: MiniKit) -> None:
    refused = ready.go("lab", EXIT_WITH="2")
    assert refused == (2, "")
    (ready.root / "workspace").mkdir()
    assert ready.go("lab", "--no-browser") == (0, "jupyterlab in workspace with ['--no-browser']\n")
    (ready.root / "workspace").rmdir()


def test_bench_runs_every_benchmark_and_says_so_kindly_where_there_is_none(
    ready: MiniKit,
) -> None:
    assert ready.go("bench") == (0, "There is no benchmark in benchmarks/ yet.\n")
    folder = ready.root / "benchmarks"
    folder.mkdir()
    (folder / "bench_b.py").write_text("raise SystemExit(3)", encoding="utf-8")
    (folder / "bench_a.py").write_text("print('1.0 s')", encoding="utf-8")
    (folder / "other.py").write_text("raise SystemExit(4)", encoding="utf-8")
    code, output = ready.go("bench")
    shutil.rmtree(folder)
    assert output == "== benchmarks/bench_a.py\n1.0 s\n== benchmarks/bench_b.py\n"
    assert code == 3


def test_help_and_a_wrong_word_need_no_environment(bare: MiniKit) -> None:
    code, output = bare.go("help")
    assert code == 0 and output.startswith("Usage: ")
    code, output = bare.go("lba")
    assert code == 2 and output.startswith("There is no go 'lba'. Did you mean lab? ")
    assert not bare.venv.exists()


def test_a_wrong_hash_installs_nothing_and_the_next_run_fixes_it(bare: MiniKit) -> None:
    bare.lock(digest="0" * 64)
    code, output = bare.go()
    assert code == 2
    assert "a downloaded package is not the one that requirements.lock names" in output
    assert "Traceback" not in output and not list(bare.venv.rglob("tiny_dep*"))
    bare.lock()
    code, output = bare.go()
    assert code == 0
    assert output.startswith(".venv is made anew: an earlier set-up did not finish.\n")


@posix
def test_without_any_python_the_sentence_says_where_to_get_one(bare: MiniKit) -> None:
    (bare.programs / "python3").unlink()
    code, output = bare.go()
    assert code == 2 and len(output.splitlines()) == 1
    assert "found no Python here" in output and "python.org" in output
    assert output.endswith("then run: ./go\n")
    assert bare.go("ready") == (1, output)


@posix
def test_a_python_that_does_not_run_is_passed_over(bare: MiniKit) -> None:
    (bare.programs / "python3").rename(bare.programs / "python")
    add_program(bare, "python3", "echo 'install me from the store' >&2; exit 49")
    assert bare.go("help") == (0, bare.go("--help")[1])


@posix
def test_the_only_python_may_print_when_it_starts(bare: MiniKit) -> None:
    talker = bare.programs / "talker"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", talker], check=True)
    (packages,) = talker.glob("lib/python*/site-packages")
    # Not by a sitecustomize: Debian has one of its own, which comes first. A venv reads this twice.
    once = "hasattr(sys, 'welcomed') or (print('Welcome to the cluster.'), setattr(sys, 'welcomed', 1))"
    (packages / "welcome.pth").write_text(f"import sys; {once}\n", encoding="utf-8")
    add_program(bare, "python3", f'exec "{talker}/bin/python" "$@"')
    code, output = bare.go("help")
    assert (code, output.splitlines()[:2]) == (
        0,
        ["Welcome to the cluster.", "Usage: ./go [WORD] [ARGUMENTS]"],
    )


@pytest.fixture(name="hanging")
def _hanging(bare: MiniKit) -> Path:
    """A pipe that tells the process id of an installer that never ends."""
    pipe = bare.programs / "pipe"
    os.mkfifo(pipe)
    add_program(bare, "uv", f'PATH=/bin:/usr/bin; echo $$ > "{pipe}"; exec sleep 300')
    return pipe


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_stopped_while_it_installs_it_leaves_no_program_behind_and_the_next_run_fixes_it(
    bare: MiniKit, hanging: Path, number: int, code: int
) -> None:
    with bare.start() as process:
        installer = int(hanging.read_text(encoding="utf-8"))
        process.send_signal(number)
        message = process.communicate(timeout=60)[0]
    assert process.returncode == code
    assert ("Stopped. Nothing is lost; go on with: ./go" in message) == (code == 130)
    with pytest.raises(ProcessLookupError):
        os.kill(installer, 0)
    (bare.programs / "uv").unlink()
    assert bare.go()[0] == 0


OWN = "import tiny_dep, own, sys; sys.stdout.write(own.__file__)"


def _add_own_package(kit: MiniKit) -> None:
    """What a learner may have installed."""
    (packages,) = (path.parent for path in kit.venv.rglob("tiny_dep.py"))
    (packages / "own.py").touch()


def _own_package_works(kit: MiniKit) -> bool:
    python = next(path for path in kit.venv.glob("*/python*") if path.stem == "python")
    command = [python, "-I", "-c", OWN]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    return Path(done.stdout).is_relative_to(kit.venv)


def test_without_network_a_changed_lock_costs_no_environment(bare: MiniKit) -> None:
    assert bare.go()[0] == 0
    _add_own_package(bare)
    with (bare.root / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write(f"new-dep==1.0 --hash=sha256:{'0' * 64}\n")
    code, output = bare.go(PIP_NO_INDEX="", PIP_INDEX_URL="http://127.0.0.1:9/", PIP_RETRIES="1")
    assert code == 2 and "the package index cannot be reached" in output
    assert ".venv is again what it was before, with all its packages.\n" in output
    assert _own_package_works(bare)
    code, output = bare.go()  # a mirror that lacks the file
    assert code == 2 and "the package index has no file of new-dep==1.0 for Python" in output
    assert _own_package_works(bare)
    bare.lock()
    assert bare.go()[1].startswith("nbkata in a b é with ['start']\n")  # the lock of before
    assert _own_package_works(bare)


@posix
def test_a_killed_update_is_undone_by_the_next_run_but_not_under_its_installer(
    bare: MiniKit, hanging: Path
) -> None:
    uv = bare.programs / "uv"
    uv.rename(bare.programs / "other")
    assert bare.go()[0] == 0
    _add_own_package(bare)
    with (bare.root / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    (bare.programs / "other").rename(uv)
    with bare.start() as process:
        installer = int(hanging.read_text(encoding="utf-8"))
        process.kill()
    uv.unlink()
    assert not (bare.venv / "nbkata-setup.json").exists()  # half done
    with bare.start() as process:
        assert process.stdout
        assert process.stdout.readline().startswith("Another go is setting up in this folder")
        os.kill(installer, signal.SIGKILL)
        output = process.communicate(timeout=60)[0]
    assert process.returncode == 0, output
    assert (
        ".venv is again what it was before" in output and "requirements.lock has changed" in output
    )
    assert _own_package_works(bare)
    assert not list(bare.root.glob(".venv-*"))


@posix
def test_a_companys_settings_lead_to_its_mirror_and_nowhere_else(bare: MiniKit) -> None:
    """Every file that pip reads, each with settings that alone would break or redirect."""
    elsewhere = bare.programs / "elsewhere"
    person, company = bare.programs / ".config" / "pip", bare.programs / "xdg" / "pip"
    for folder, text in {
        person: f"[global]\nno-index = yes\nfind-links = {bare.wheels}\ntimeout = 7\n"
        f"target = {elsewhere}\nquiet = 3\n[install]\nconstraint = {elsewhere}\n",
        company: f"[global]\nrequire-virtualenv = yes\nrequire-hashes = yes\ndry-run = yes\n"
        f"find-links = {elsewhere}\nreport = {elsewhere}\n"
        f"[install]\nno-binary = :all:\nuser = yes\nprefix = {elsewhere}\nroot = {elsewhere}\n",
    }.items():
        folder.mkdir(parents=True)
        (folder / "pip.conf").write_text(text, encoding="utf-8")
    for name in ("PIP_CONFIG_FILE", "PIP_NO_INDEX", "PIP_FIND_LINKS"):
        del bare.variables[name]
    code, output = bare.go(
        XDG_CONFIG_DIRS=str(company.parent), PIP_ROOT=str(elsewhere), PIP_NO_DEPS="no"
    )
    assert code == 0, output
    assert list(bare.venv.rglob("tiny_dep.py")) and not elsewhere.exists()


@posix
def test_uv_installs_from_the_same_lock_whatever_its_settings_say(bare: MiniKit) -> None:
    uv = shutil.which("uv")
    if not uv or subprocess.run([uv, "--version"], check=False, capture_output=True).returncode:
        pytest.skip("uv is not on this machine")
    add_program(bare, "uv", f'PATH="{os.environ["PATH"]}"; exec "{uv}" "$@"')
    settings = Path(bare.variables.pop("UV_CONFIG_FILE"))
    elsewhere = bare.programs / "elsewhere"
    with settings.open("a", encoding="utf-8") as file:
        file.write(
            f'required-version = "==0.0.1"\n[pip]\ntarget = "{elsewhere}"\nno-binary = [":all:"]\n'
            f'require-hashes = true\nsystem = true\nexclude-newer = "2000-01-01"\n'
        )
    person = bare.programs / ".config" / "uv"
    person.mkdir(parents=True)
    settings.rename(person / "uv.toml")
    code, output = bare.go(UV_TARGET=str(elsewhere), UV_REQUIRE_HASHES="1", UV_NO_BINARY="1")
    assert code == 0, output
    assert "requirements.lock (1 packages), with uv ..." in output and "pip" not in output
    assert not elsewhere.exists() and not list(bare.venv.glob("*uv*"))
    assert list(bare.venv.rglob("tiny_dep.*.pyc"))
