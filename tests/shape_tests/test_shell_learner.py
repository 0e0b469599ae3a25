"""The learner's code as the shape tests see it."""

from pathlib import Path

from nbkata.shape_tests.shell.learner import Learner


def test_a_file_is_named_by_its_path_in_the_workspace_in_a_package_too(tmp_path: Path):
    (tmp_path / "src" / "titanic").mkdir(parents=True)
    for name in ("train.py", "titanic/model.py"):
        (tmp_path / "src" / name).touch()
    learner = Learner.__new__(Learner)  # no process: nothing is run
    learner.source_folder = (tmp_path / "src").resolve()
    shown = [learner.shown(path) for path in learner.files]
    assert sorted(shown) == ["src/titanic/model.py", "src/train.py"]
