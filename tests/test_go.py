"""`./go` as a person runs it, on a machine with Python and nothing else, without a network."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from minikit import MiniKit, add_program, make_minikit

posix = pytest.mark.skipif(os.name == "nt", reason="stands a shell script in for a program")


@pytest.fixture(name="bare")
def _bare(tmp_path: Path) -> MiniKit:
    """A fresh clone."""
    return make_minikit(tmp_path)


@pytest.fixture(name="first_run", scope="module")
def _first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MiniKit, int, str]]:
    """A kit that was set up, and how that went. Tests leave its environment as it is."""
    kit = make_minikit(tmp_path_factory.mktemp("kit"))
    code, said = kit.go()
    yield kit, code, said


@pytest.fixture(name="ready")
def _ready(first_run: tuple[MiniKit, int, str]) -> MiniKit:
    kit, code, said = first_run
    assert code == 0, said
    return kit


def test_the_first_run_tells_what_it_does_and_ends_in_start(
    first_run: tuple[MiniKit, int, str],
) -> None:
    _, code, said = first_run
    lines = said.splitlines()
    version = sys.version.split(maxsplit=1)[0]
    assert code == 0
    assert lines[0] == "Setting up, once. This takes a minute or two."
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
    code, said = ready.go()
    assert code == 0 and said.startswith("nbkata in a b é with ['start']\n")
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
    code, said = ready.go(LC_ALL="C")
    assert code == 0, said
    assert all(path.read_bytes().isascii() for path in ready.venv.rglob("*.pth"))


def test_start_is_given_the_arguments_and_its_exit_code_is_that_of_go(ready: MiniKit) -> None:
    assert "nbkata in a b é with ['start', 'monday']" in ready.go("start", "monday")[1]
    assert ready.go(EXIT_WITH="7")[0] == 7


def test_in_an_active_environment_nothing_is_said_of_activating(ready: MiniKit) -> None:
    assert "activate" not in ready.go(VIRTUAL_ENV=str(ready.venv))[1]


def test_the_tests_are_spread_and_what_follows_goes_to_pytest(ready: MiniKit) -> None:
    code, said = ready.go("test", "-k", "lock")
    workers = min(2, os.cpu_count() or 1)
    expected = ["-n", str(workers), "--dist", "loadscope", "-k", "lock"]
    assert (code, said) == (0, f"pytest in a b é with {expected}\n")


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
    code, said = ready.go("bench")
    shutil.rmtree(folder)
    assert said == "== benchmarks/bench_a.py\n1.0 s\n== benchmarks/bench_b.py\n"
    assert code == 3


def test_help_and_a_wrong_word_need_no_environment(bare: MiniKit) -> None:
    code, said = bare.go("help")
    assert code == 0 and said.startswith("Usage: ")
    code, said = bare.go("lba")
    assert code == 2 and said.startswith("There is no go 'lba'. Did you mean lab? ")
    assert not bare.venv.exists()


def test_a_wrong_hash_installs_nothing_and_the_next_run_mends_it(bare: MiniKit) -> None:
    bare.lock(digest="0" * 64)
    code, said = bare.go()
    assert code == 2
    assert "a downloaded package is not the one that requirements.lock names" in said
    assert "Traceback" not in said and not list(bare.venv.rglob("tiny_dep*"))
    bare.lock()
    code, said = bare.go()
    assert code == 0
    assert said.startswith(".venv is made anew: an earlier set-up did not finish.\n")


@posix
def test_without_any_python_the_sentence_says_where_to_get_one(bare: MiniKit) -> None:
    (bare.programs / "python3").unlink()
    code, said = bare.go()
    assert code == 2 and len(said.splitlines()) == 1
    assert "found no Python here" in said and "python.org" in said
    assert said.endswith("then run: ./go\n")


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
    (packages / "sitecustomize.py").write_text("print('Welcome to the cluster.')", encoding="utf-8")
    add_program(bare, "python3", f'exec "{talker}/bin/python" "$@"')
    code, said = bare.go("help")
    assert (code, said.splitlines()[:2]) == (
        0,
        ["Welcome to the cluster.", "Usage: ./go [WORD] [ARGUMENTS]"],
    )


@posix
def test_interrupted_while_it_installs_it_leaves_no_program_behind_and_the_next_run_mends_it(
    bare: MiniKit,
) -> None:
    pipe = bare.programs / "pipe"
    os.mkfifo(pipe)
    add_program(bare, "uv", f'PATH=/bin:/usr/bin; echo $$ > "{pipe}"; exec sleep 300')
    with bare.start() as process:
        installer = int(pipe.read_text(encoding="utf-8"))
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 130
    assert said.endswith("Stopped. Nothing is lost; go on with: ./go\n")
    with pytest.raises(ProcessLookupError):
        os.kill(installer, 0)
    (bare.programs / "uv").unlink()
    assert bare.go()[0] == 0


@posix
def test_uv_installs_from_the_same_lock(bare: MiniKit) -> None:
    uv = shutil.which("uv")
    if not uv or subprocess.run([uv, "--version"], check=False, capture_output=True).returncode:
        pytest.skip("uv is not on this machine")
    add_program(bare, "uv", f'PATH="{os.environ["PATH"]}"; exec "{uv}" "$@"')
    code, said = bare.go()
    assert code == 0, said
    assert "requirements.lock (1 packages), with uv ..." in said and "pip" not in said
    assert list(bare.venv.rglob("tiny_dep.*.pyc"))
