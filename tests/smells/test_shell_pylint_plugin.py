"""The smells in pylint: alone, beside pylint's own, and on a notebook's joined cells."""

import json
import subprocess
import sys
from pathlib import Path

from support.builders import ROOT

from nbkata.notebook.core.notebook import Notebook
from nbkata.notebook.shell.notebook_files import read_notebook
from nbkata.smells.core.find import smells_in_script
from nbkata.smells.core.symbols import Smell

MESS = ROOT / "notebooks" / "titanic.ipynb"
ALL = ",".join(smell.value for smell in Smell)
WITHOUT_IMPORTS = ALL.replace(Smell.WILDCARD_IMPORT.value + ",", "")
"""For that one, pylint reads all of pandas and scikit-learn: 11 s."""

SCRIPT = """import pandas as pd
df = pd.read_csv('C:/Users/tom/a.csv')
print(df)  # pylint: disable=print-noise
# pylint: disable-next=W9527
df['a'][df['b'] > 3] = 2
df.head()
print(df)


def looks(frame):
    # pylint: disable=row-iteration
    for _, row in frame.iterrows():
        yield row


def looks_again(frame):
    for _, row in frame.iterrows():
        yield row


# pylint: disable=display-noise
df.tail()
"""


def pylint(
    *arguments: str, folder: Path, given: str | None = None, enable: str = WITHOUT_IMPORTS
) -> list[tuple[int, str]]:
    command = [sys.executable, "-m", "pylint", "--load-plugins", "nbkata.pylint_plugin"]
    done = subprocess.run(
        [*command, "--disable=all", f"--enable={enable}", "--output-format=json", *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert not done.stderr, done.stderr
    return sorted((one["line"], one["symbol"]) for one in json.loads(done.stdout))


def test_pylint_and_our_command_say_the_same_and_honour_the_same_comments(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SCRIPT, encoding="utf-8")
    ours = [(one.line, one.symbol.value) for one in smells_in_script(SCRIPT).findings]
    assert pylint("a.py", folder=tmp_path) == sorted(ours)
    assert (6, "display-noise") in ours and (17, "row-iteration") in ours
    assert not {(3, "print-noise"), (5, "chained-assignment"), (12, "row-iteration")} & set(ours)


def test_every_message_is_known_to_pylint(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from os.path import *\n", encoding="utf-8")
    assert (1, "wildcard-import") in pylint("a.py", folder=tmp_path, enable=ALL)


def test_on_joined_cells_the_notebook_gives_its_counts_and_outputs(tmp_path: Path) -> None:
    notebook = read_notebook(MESS)
    assert isinstance(notebook, Notebook)
    lines = [
        "pass" if line.lstrip()[:1] in ("%", "!") or line.startswith("cd ") else line
        for cell in notebook.code_cells
        if cell.source
        for line in cell.source.split("\n")
    ]
    given = "\n".join(lines) + "\n"
    output = pylint("--from-stdin", str(MESS), folder=tmp_path, given=given)
    symbols = {symbol for _, symbol in output}
    assert {smell.value for smell in Smell} - symbols == {"empty-cell", "wildcard-import"}
    shown = [line for line, symbol in output if symbol == "personal-data-shown"]
    assert "df.head(10)" in {lines[line - 1] for line in shown}


def test_options_are_pylints_own(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import pandas as pd\ndf = pd.read_csv(x)\nuse(df)\n", "utf-8")
    assert (2, "vague-name") in pylint("a.py", folder=tmp_path)
    assert (2, "vague-name") not in pylint("--smells-good-names=df", "a.py", folder=tmp_path)


def test_vscodes_linter_shows_smells_and_what_is_impure_in_a_core(tmp_path: Path) -> None:
    code = "def add_title(df):\n    print(df)\n    df['Title'] = 1\n"
    code += "    return [row for _, row in df.iterrows()]\n"
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))

    def shown(name: str) -> list[tuple[int, str]]:
        (tmp_path / name).write_text(code, encoding="utf-8")
        options = [*settings["pylint.args"], "--enable=impure-argument-edit,impure-output"]
        return pylint(*options, "--from-stdin", str(tmp_path / name), folder=ROOT, given=code)

    shell = set(shown("train.py"))
    assert (4, "row-iteration") in shell
    impure = {(2, "impure-output"), (3, "impure-argument-edit")}
    assert set(shown("features.py")) - shell == impure
