"""git, as far as the kit needs it: a repository for the workspace, and a commit of its files."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbkata.common.core.refusal import Refusal

# A hook of the learner's runs in a commit; it may take its time.
TIMEOUT_S = 120
# Who commits if git does not know the person.
NOBODY = (("user.name", "nbkata learner"), ("user.email", "learner@localhost"))
# Who commits, git's own settings, how far it looks for a repository. The others name a repository,
# an index, templates or logs somewhere else: an outer git sets them for its hooks.
KEPT_VARIABLES = frozenset(
    """GIT_AUTHOR_DATE GIT_AUTHOR_EMAIL GIT_AUTHOR_NAME GIT_CEILING_DIRECTORIES GIT_COMMITTER_DATE
    GIT_COMMITTER_EMAIL GIT_COMMITTER_NAME GIT_CONFIG_COUNT GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
    GIT_CONFIG_PARAMETERS GIT_CONFIG_SYSTEM GIT_DISCOVERY_ACROSS_FILESYSTEM GIT_EXEC_PATH""".split()
)
KEPT_BEGINNINGS = ("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")
# Settings of a person's that would leave a process behind, or refuse a file for its line ends.
OVERRULED = (
    *("-c", "core.fsmonitor=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false"),
    *("-c", "core.safecrlf=false"),
)
# git for Windows knows this name as well.
NO_HOOKS = ("-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True)
class Repository:
    """The one that a workspace belongs to."""

    workspace: Path

    @property
    def changed(self) -> bool:
        """Whether there is something to commit in the workspace."""
        asked = ("status", "--porcelain", "--untracked-files=normal", "--", ".")
        return bool(run_git(self.workspace, *asked).stdout.strip())

    @property
    def hooks(self) -> Path:
        """The folder of its own hooks; those of linked working trees are in the first one's."""
        return self._folder("--git-common-dir") / "hooks"

    @property
    def hooks_in_use(self) -> Path:
        """Where git looks for hooks: another folder if ``core.hooksPath`` says so."""
        return self._folder("--git-path", "hooks")

    @property
    def place(self) -> str:
        """The workspace's path in the repository, with forward slashes; ``.`` if it is all."""
        return (
            run_git(self.workspace, "rev-parse", "--show-prefix").stdout.strip().rstrip("/") or "."
        )

    def staged(self) -> tuple[str, ...]:
        """The files of the workspace that the next commit adds or changes."""
        return self.names("diff", "--cached", "--name-only", "--diff-filter=ACMR", "--relative")

    def names(self, *asked: str) -> tuple[str, ...]:
        """The names that git answers with; of what is staged it asks the index of this commit."""
        answer = run_git(self.workspace, asked[0], "-z", *asked[1:], **self._index())
        return tuple(name for name in answer.stdout.split("\0") if name)

    def texts(self, revision: str, names: Iterable[str]) -> dict[str, str]:
        """The files of these names in a revision; of the index if that is empty. Others are left out."""
        asked = [name for name in names if "\n" not in name]
        environment = without_git_variables(os.environ) | self._index()
        done = subprocess.run(
            ["git", *OVERRULED, "cat-file", "--batch"], cwd=self.workspace, capture_output=True,
            check=False, env=environment, timeout=TIMEOUT_S,
            input="".join(f"{revision}:./{name}\n" for name in asked).encode("utf-8"),
        )  # fmt: skip
        rest, found = done.stdout, {}
        for name in asked:
            head, _, rest = rest.partition(b"\n")
            if head.endswith(b" missing") or not head:
                continue
            size = int(head.rsplit(b" ", 1)[1])
            found[name] = rest[:size].decode("utf-8", "surrogateescape").replace("\r\n", "\n")
            rest = rest[size + 1 :]
        return found

    def _index(self) -> dict[str, str]:
        index = os.path.abspath(os.environ.get("GIT_INDEX_FILE") or "index")
        # git commit FILE has an index of its own, in this repository; others are not for us
        ours = Path(index).parent.resolve() == self._folder("--git-dir").resolve()
        return {"GIT_INDEX_FILE": index} if ours else {}

    def tracked(self) -> tuple[str, ...]:
        """The files of the workspace that git knows."""
        return self.names("ls-files", "--", ".")

    def commit(self, message: str, settings: Sequence[str] = ()) -> str | Refusal:
        """Commit all files of the workspace, and nothing beside them: the commit's short name.

        Not signed: a key that asks for its passphrase has nobody to ask here.
        """
        added = run_git(self.workspace, "add", "--all", "--", ".")
        done = added if added.returncode else self._commit(message, settings)
        if done.returncode:
            text = _message(done) or " ".join(done.stdout.split()) or "it gave no reason"
            hint = "Fix it, then commit yourself: git add -A && git commit"
            if refused := _refused_by(done.stderr):
                text = f"the hook that looks whether {refused}"
                hint = f"nbkata hooks --run says all of it. {hint}"
            return Refusal(f"git did not commit: {text}.", next_step=hint)
        return run_git(self.workspace, "rev-parse", "--short", "HEAD").stdout.strip()

    def _commit(self, message: str, settings: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        who: list[str] = []
        for name, value in NOBODY:
            if not run_git(self.workspace, "config", name).stdout.strip():
                who += ["-c", f"{name}={value}"]
        made = ("commit", "--quiet", "--no-gpg-sign", "-m", message, "--", ".")
        return run_git(self.workspace, *who, *settings, *made)

    def _folder(self, *asked: str) -> Path:
        return self.workspace / run_git(self.workspace, "rev-parse", *asked).stdout.strip()


def repository_of(workspace: Path) -> Repository | Refusal | None:
    """The repository that the workspace's files are in; none if git ignores them there.

    So the kit's own clone, which ignores its ``workspace/``, never gets a learner's files. Refused
    if there is one that git does not open: another person owns it, or its settings are broken.
    """
    if not shutil.which("git"):
        return None
    found = run_git(workspace, "rev-parse", "--is-inside-work-tree", LC_ALL="C")
    if found.returncode and "not a git repository" not in found.stderr:
        what = f"git does not open the repository here: {_message(found)}."
        return Refusal(what, str(workspace), "Fix that, then look: git status")
    if found.stdout.strip() != "true":
        return None
    if run_git(workspace, "check-ignore", "--quiet", str(workspace.resolve())).returncode == 0:
        return None
    return Repository(workspace)


def make_repository(workspace: Path, message: str) -> Repository | Refusal | None:
    """A repository of its own with a first commit; none if it is in one, or without git.

    Nothing of a person's templates goes into it, and their hooks have no say in the first commit.
    """
    if not shutil.which("git"):
        return None
    found = repository_of(workspace)
    if found is not None:
        return found if isinstance(found, Refusal) else None
    if os.path.lexists(workspace / ".git"):
        what = "this leads to no repository that has its files here: no commit was made."
        return Refusal(what, str(workspace / ".git"), "The workspace works without.")
    made = run_git(workspace, "init", "--quiet", "--template=")
    if made.returncode:
        what = f"git init failed: {_message(made)}."
        return Refusal(what, str(workspace), "The workspace works without.")
    repository = Repository(workspace)
    done = repository.commit(message, NO_HOOKS)
    return done if isinstance(done, Refusal) else repository


def without_git_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables for a program that works in a repository of its own choice."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("GIT_") or name in KEPT_VARIABLES or name.startswith(KEPT_BEGINNINGS)
    }


def run_git(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run git there. What an outer git gave its hooks about another repository is not for it."""
    environment = without_git_variables(os.environ)
    environment |= {name: value for name, value in variables.items() if value}
    command = ["git", *OVERRULED, *arguments]
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, check=False, encoding="utf-8",
            errors="replace", stdin=subprocess.DEVNULL, env=environment, timeout=TIMEOUT_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer within {TIMEOUT_S} s")


def _refused_by(output: str) -> str:
    """What the first of the kit's hooks that is red looks for, and the first that it found; or nothing."""
    lines = [line.strip() for line in output.splitlines()]
    red = next((n for n, line in enumerate(lines) if re.match(r"(✗|NO) ", line)), None)
    if red is None:
        return ""
    found = next((one for one in lines[red + 1 :] if one and not one.startswith("***")), "")
    name = lines[red].split(maxsplit=1)[1]
    if not found or re.match(r"(✓|✗|ok|NO) ", found):
        return f"{name} is red"
    return f"{name} is red: {found.rstrip('.')}"


def _message(done: "subprocess.CompletedProcess[str]") -> str:
    """What git complains of, in one line."""
    return " ".join(done.stderr.split()).removeprefix("fatal: ").rstrip(".")
