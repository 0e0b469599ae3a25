"""The lines of code that a branch changed, by git: what `nbkata strength --diff` plants changes in."""

import re
from dataclasses import replace
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import read_file
from nbkata.strength.shell.protocol import StrengthRequest
from nbkata.strength.shell.session import is_test_file
from nbkata.workspace.shell.git import Repository, repository_of, run_git

_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
_FORM = (
    "--unified=0", "--relative", "--no-color", "--no-ext-diff", "--no-renames", "--dst-prefix=b/",
)  # fmt: skip


def changed_lines(folder: Path, base: str) -> tuple[str, ...] | Refusal:
    """``src/train.py:7`` for each line of a Python file that is not as it was where the branch left
    ``base``, what is not committed included."""
    repository = repository_of(folder)
    if isinstance(repository, Refusal):
        return repository
    if repository is None:
        return Refusal("this is in no git repository.", str(folder), "--diff needs one: git init")
    old = run_git(folder, "merge-base", "--", base, "HEAD").stdout.strip()
    if not old:
        what = f"git knows no revision {base!r} here, or no commit that it shares with this branch."
        return Refusal(what, str(folder), "git branch --all lists the branches.")
    asked = ("-c", "core.quotepath=false", "diff", *_FORM, old, "--", "*.py")
    return (*_in_diff(run_git(folder, *asked).stdout), *_in_new_files(repository))


def on_changed_lines(request: StrengthRequest, changed: tuple[str, ...]) -> StrengthRequest:
    """The request for these lines alone: of its targets, or of all files that are no tests."""
    files = {line.rpartition(":")[0] for line in changed}
    wanted = files & set(request.targets) if request.targets else filter(_is_code, files)
    there = [path for path in sorted(wanted) if (request.folder / path).is_file()]
    return replace(request, targets=tuple(there), changed=changed)


def _is_code(path: str) -> bool:
    return not is_test_file(path) and "tests" not in Path(path).parts


def _in_diff(text: str) -> list[str]:
    found: list[str] = []
    path = ""
    for line in text.splitlines():
        if line.startswith("+++ "):
            path = line.removeprefix("+++ ").strip('"\t').removeprefix("b/")
        elif hunk := _HUNK.match(line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            found += [f"{path}:{number}" for number in range(first, first + count)]
    return found


def _in_new_files(repository: Repository) -> list[str]:
    names = repository.names("ls-files", "--others", "--exclude-standard", "--", "*.py")
    return [
        f"{name}:{number}"
        for name in names
        for number, _ in enumerate(read_file(repository.workspace / name).splitlines(), 1)
    ]
