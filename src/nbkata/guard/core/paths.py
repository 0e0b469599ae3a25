"""What a file is to the safety net, by its path from the project's folder."""

from pathlib import PurePosixPath

# Lines that `nbkata guard --approve` and `nbkata characterize --approve` add.
APPROVALS = "tests/approvals.txt"
_GOLDEN_FOLDERS = frozenset(("golden", "goldens", "snapshots", "__snapshots__"))
_CONFIGURATIONS = frozenset(("pyproject.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg"))


def is_golden(path: str) -> bool:
    """Whether it holds approved results."""
    pure = PurePosixPath(path)
    named = pure.suffix == ".json" and pure.name.startswith("golden")
    return named or pure.suffix != ".py" and not _GOLDEN_FOLDERS.isdisjoint(pure.parts[:-1])


def is_test(path: str) -> bool:
    """Whether it is a test, or Python code that tests use."""
    pure = PurePosixPath(path)
    return pure.suffix == ".py" and (
        not {"tests", "test"}.isdisjoint(pure.parts[:-1])
        or pure.name == "conftest.py"
        or is_collected(path)
    )


def is_collected(path: str) -> bool:
    """Whether pytest looks for tests in it, if nothing is configured."""
    pure = PurePosixPath(path)
    return pure.suffix == ".py" and (
        pure.name.startswith("test_") or pure.name.endswith("_test.py")
    )


def is_code(path: str) -> bool:
    """Whether it is code that the tests are about."""
    return path.endswith((".py", ".ipynb")) and not is_test(path)


def is_configuration(path: str) -> bool:
    """Whether pytest may read settings in it."""
    return PurePosixPath(path).name in _CONFIGURATIONS


def is_net(path: str) -> bool:
    """Whether the safety net consists of it."""
    return is_golden(path) or is_test(path) or is_configuration(path) or path == APPROVALS
