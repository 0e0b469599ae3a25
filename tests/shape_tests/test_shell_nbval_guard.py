"""Under --nbval: stripped notebooks are told of, and a notebook's cells stay in one worker."""

import subprocess
import sys
from pathlib import Path

from support.builders import notebook_of, write_json


def nbval(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def test_a_stripped_notebook_is_told_of(tmp_path: Path) -> None:
    write_json(tmp_path / "bare.ipynb", notebook_of("x = 1\nx"))
    assert "bare.ipynb has no outputs (stripped?), so --nbval compares nothing" in nbval(tmp_path)


def test_a_notebook_with_outputs_is_not(tmp_path: Path) -> None:
    document = notebook_of("print(1)", "x = 1")
    output = {"output_type": "stream", "name": "stdout", "text": "1\n"}
    document["cells"][0] |= {"outputs": [output], "execution_count": 1}
    write_json(tmp_path / "full.ipynb", document)
    assert "compares nothing" not in nbval(tmp_path)


def test_cells_that_build_on_each_other_pass_under_xdist(tmp_path: Path) -> None:
    sources = ["x = 0"] + ["x += 1\nassert x < 99"] * 7 + ["assert x == 7"]
    write_json(tmp_path / "long.ipynb", notebook_of(*sources))
    output = nbval(tmp_path, "-n", "2", "-p", "xdist")
    assert "9 passed" in output, output
