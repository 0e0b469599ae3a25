"""Which files of a submission are taken, and where in an archive the workspace is."""

import pytest

from nbkata.cohort.core.taken import is_outside, is_taken, left_out, root_of


@pytest.mark.parametrize("name", ["../x.py", "a/../../x.py", "/etc/x", "C:/x", "..\\x.py", "a\0b"])
def test_a_name_that_leads_out_is_known(name: str):
    assert is_outside(name) and not is_outside("src/a..b.py")


def test_the_workspace_is_the_folder_nearest_to_the_top():
    assert root_of(["readme.txt", "alice/src/train.py", "alice/old/src/train.py"]) == "alice/"
    assert root_of(["src/train.py", "alice/.nbkata/journal.jsonl"]) == ""
    assert root_of(["readme.txt", "src"]) is None


def test_code_tests_notebooks_and_notes_are_taken_and_nothing_that_acts_by_its_name():
    taken = [
        "src/train.py",
        "review/answers.json",
        "tests/golden/y.csv",
        "notebooks/a.ipynb",
        "BUGS.md",
        "old/titanic.ipynb",  # step 03 wants it gone
    ]
    others = [
        *(
            "conftest.py",
            "tests/conftest.py",
            "src/sitecustomize.py",
            "src/a.pth",
            "data/titanic.csv",
        ),
        *("pyproject.toml", "src/__pycache__/a.pyc", ".nbkata/history/a.zip", "tests/pytest.ini"),
        *(".nbkata/a.ipynb", "old/.ipynb_checkpoints/a.ipynb", "percent.py"),
    ]
    assert [name for name in (*taken, *others) if is_taken(name)] == taken
    assert left_out(["pyproject.toml", *others]) == (
        *(
            "conftest.py",
            "src/a.pth",
            "src/sitecustomize.py",
            "tests/conftest.py",
            "tests/pytest.ini",
        ),
    )
