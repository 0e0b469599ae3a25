"""The shape tests of an adopted notebook's steps."""

import pytest

from nbkata.adopt.shell.adopted_shape import core_said, dead_said, functions_said, noise_said
from nbkata.kata.core.kata import Behaviour, Kata, Subject

KATA = Kata(
    "t", "n.ipynb", (), (), (Behaviour("00-net", Subject.SEAM, "src/n.py", "g", {}, "run", "data"),)
)
RUN = "import pandas as pd\n\n\ndef run():\n    df = pd.DataFrame({'a': [1]})\n"
PURE = "def double(x):\n    return x * 2\n"


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path):
    """With folders for code and tests."""
    for name in ("src", "tests"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("df.head()", "src/n.py, line 6 only shows something: df.head()"),
        ("print(df)", "line 6 only shows something: print(df)"),
        ("df", "line 6 only shows something: df"),
        ("plt.plot([1])", "line 6 only shows something: plt.plot([1])"),
        ("df.fillna(0, inplace=True)", ""),
        ("model.fit(df)", ""),
    ],
)
def test_a_line_inside_of_run_that_only_shows_is_noise(workspace, line, answer):
    (workspace / "src" / "n.py").write_text(f"{RUN}    {line}\n    return df\n", encoding="utf-8")
    message = noise_said(workspace)
    assert answer in message and bool(answer) == bool(message)


def test_what_run_computes_and_nobody_reads_is_dead(workspace):
    code = f"{RUN}    spare = df.copy()\n    return df\n"
    (workspace / "src" / "n.py").write_text(code, encoding="utf-8")
    assert "src/n.py, line 6: nobody reads spare." in dead_said(workspace)
    (workspace / "src" / "n.py").write_text(f"{RUN}    return df\n", encoding="utf-8")
    assert dead_said(workspace) == ""


def test_a_function_counts_when_it_is_pure_called_and_tested(workspace):
    path = workspace / "src" / "n.py"
    path.write_text(f"{RUN}    return df\n", encoding="utf-8")
    assert functions_said(workspace, KATA, 1).startswith("There is no function of your own yet.")
    path.write_text(f"{PURE}\n\n{RUN}    return double(df)\n", encoding="utf-8")
    assert "double (src/n.py, line 1) has no unit test" in functions_said(workspace, KATA, 1)
    test = "from n import double\n\n\ndef test_it():\n    assert double(2) == 4\n"
    (workspace / "tests" / "test_n.py").write_text(test, encoding="utf-8")
    assert functions_said(workspace, KATA, 1) == ""
    assert functions_said(workspace, KATA, 3).startswith("1 of 3 functions")
    path.write_text(
        f"{PURE.replace('return', 'print(x); return')}\n\n{RUN}    return double(df)\n",
        encoding="utf-8",
    )
    assert "double (src/n.py, line 1) is not pure" in functions_said(workspace, KATA, 1)


def test_the_core_stands_in_modules_of_its_own_and_is_pure(workspace):
    (workspace / "src" / "n.py").write_text(f"{RUN}    return df\n", encoding="utf-8")
    assert core_said(workspace, KATA).startswith("All is still in src/n.py.")
    (workspace / "src" / "features.py").write_text(PURE, encoding="utf-8")
    assert core_said(workspace, KATA) == ""
    impure = "def load(x):\n    return open(x).read()\n"
    (workspace / "src" / "features.py").write_text(impure, encoding="utf-8")
    assert core_said(workspace, KATA).startswith(
        "load (src/features.py, line 1) is not pure: line 2"
    )
