"""git, as far as the kit needs it: a repository for the workspace, and a commit of its files."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from nbkata.core.refusal import Refusal

TIMEOUT_S = 120
"""A hook of the learner's runs in a commit; it may take its time."""
NOBODY = ("-c", "user.name=nbkata learner", "-c", "user.email=learner@localhost")
"""Who commits where git does not know the person."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The one that a workspace belongs to."""

    workspace: Path

    @property
    def changed(self) -> bool:
        """Whether there is something to commit in the workspace."""
        return bool(_git(self.workspace, "status", "--porcelain", "--", ".").stdout.strip())

    @property
    def hooks(self) -> Path:
        """Where git looks for its hooks."""
        told = _git(self.workspace, "rev-parse", "--git-path", "hooks").stdout.strip()
        return self.workspace / told

    @property
    def place(self) -> str:
        """The workspace's path in the repository, with forward slashes; ``.`` where it is all."""
        return _git(self.workspace, "rev-parse", "--show-prefix").stdout.strip().rstrip("/") or "."

    def staged(self) -> tuple[str, ...]:
        """The files of the workspace that the next commit adds or changes."""
        index = os.environ.get("GIT_INDEX_FILE")  # git commit FILE looks at one of its own
        asked = ("diff", "--cached", "--name-only", "--diff-filter=ACMR", "--relative", "-z")
        told = _git(self.workspace, *asked, index=os.path.abspath(index) if index else "")
        return tuple(name for name in told.stdout.split("\0") if name)

    def commit(self, message: str) -> str | Refusal:
        """Commit all files of the workspace, and nothing beside them: the commit's short name."""
        added = _git(self.workspace, "add", "--all", "--", ".")
        done = added if added.returncode else self._commit(message)
        if done.returncode:
            said = (
                " ".join((done.stderr.strip() or done.stdout.strip()).split()) or "no reason told"
            )
            hint = "Mend it, then commit yourself: git add -A && git commit"
            return Refusal(f"git did not commit: {said}.", next_step=hint)
        return _git(self.workspace, "rev-parse", "--short", "HEAD").stdout.strip()

    def _commit(self, message: str) -> "subprocess.CompletedProcess[str]":
        known = _git(self.workspace, "config", "user.email").stdout.strip()
        who = () if known else NOBODY
        return _git(self.workspace, *who, "commit", "--quiet", "-m", message, "--", ".")


def repository_of(workspace: Path) -> Repository | None:
    """The repository that the workspace's files are in; none where git ignores them there.

    So the kit's own clone, which ignores its ``workspace/``, never gets a learner's files.
    """
    if not shutil.which("git"):
        return None
    if _git(workspace, "rev-parse", "--is-inside-work-tree").stdout.strip() != "true":
        return None
    if _git(workspace, "check-ignore", "--quiet", str(workspace.resolve())).returncode == 0:
        return None
    return Repository(workspace)


def make_repository(workspace: Path, message: str) -> Repository | Refusal | None:
    """A repository of its own with a first commit; none where it is in one, or without git."""
    if not shutil.which("git") or repository_of(workspace) is not None:
        return None
    made = _git(workspace, "init", "--quiet")
    if made.returncode:
        said = " ".join(made.stderr.split())
        return Refusal(f"git init failed: {said}.", str(workspace), "The workspace works without.")
    repository = Repository(workspace)
    done = repository.commit(message)
    return done if isinstance(done, Refusal) else repository


def _git(folder: Path, *arguments: str, index: str = "") -> "subprocess.CompletedProcess[str]":
    """Run git there. What an outer git told its hooks about another repository is not for it."""
    outer = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    if index:
        environment["GIT_INDEX_FILE"] = index
    command = ["git", *arguments]
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, check=False, encoding="utf-8",
            errors="replace", stdin=subprocess.DEVNULL, env=environment, timeout=TIMEOUT_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer within {TIMEOUT_S} s")
