"""The attack on the kit's promises: what it counts, and what its exit code says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.builders import ROOT

KINDS = """
import sys
sys.path.insert(0, {benchmarks!r})
import attack
from attacks.trial import Trial

def kind(chance, folder):
    number = 0
    while True:
        number += 1
        if number == 4:
            raise KeyboardInterrupt
        yield Trial({fault}="a file" if number == 2 else "")

attack.KINDS = {{"mine": kind, "another": kind}}
sys.exit(attack.main())
"""


@pytest.mark.parametrize(
    ("fault", "row"), [("lost", "1     0      0"), ("faked", "0     0      1")]
)
def test_the_attack_counts_what_went_wrong_and_says_how_to_see_it_again(fault: str, row: str):
    code = KINDS.format(benchmarks=str(ROOT / "benchmarks"), fault=fault)
    done = _attack("-c", code, "--trials", "3", "--kind", "mine", "--seed", "7")
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines() == [
        f"{fault}: mine, trial 2, seed 7: a file",
        "kind  tried  lost  left  faked",
        f"mine      3     {row}",
    ]


def test_ctrl_c_ends_it_with_the_table_so_far():
    code = KINDS.format(benchmarks=str(ROOT / "benchmarks"), fault="left")
    done = _attack("-c", code, "--kind", "mine")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == "mine      3     0     1      0"


def test_an_attack_that_finds_nothing_ends_with_0_and_leaves_nothing(tmp_path: Path):
    done = _attack(str(ROOT / "benchmarks" / "attack.py"), "--trials", "1", TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(line.split()[-4:] == ["1", "0", "0", "0"] for line in done.stdout.splitlines()[1:])
    assert not list(tmp_path.iterdir())


def _attack(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
