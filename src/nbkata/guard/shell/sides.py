"""Reading the two sides of a change from git: before and after, as far as the guard needs them."""

from collections.abc import Iterable
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.files import read_file
from nbkata.guard.core.finding import Finding
from nbkata.guard.core.guard import findings
from nbkata.guard.core.paths import is_code, is_net
from nbkata.workspace.shell.git import Repository, run_git


def guard(
    repository: Repository, base: str = "", staged: bool = False, head: str = "HEAD"
) -> tuple[Finding, ...] | Refusal:
    """What got weaker since the last commit; or in what is staged; or since the branch left ``base``.

    The branch is ``head``, whose files are read from git.
    """
    folder = repository.workspace
    old = run_git(folder, "merge-base", "--", base or head, head).stdout.strip()
    if base and not old:
        what = f"git knows no revision {base!r} here, or no commit that it shares with this branch."
        return Refusal(what, str(folder), "git branch --all lists the branches.")
    if not old:  # before the first commit
        return ()
    listed = ("ls-tree", "-r", "--name-only")
    asked: tuple[str, ...] = (old,)
    names: tuple[str, ...] = ("ls-files", "--cached", "--others", "--exclude-standard", "--", ".")
    if base:
        asked, names = (old, head), (*listed, head, ".")
    elif staged:
        asked, names = ("--cached", old), ("ls-files", "--", ".")
    new = set(filter(_counts, repository.names(*names)))
    was = set(filter(_counts, repository.names(*listed, old, ".")))
    differing = repository.names("diff", "--name-only", "--no-renames", "--relative", *asked)
    changed = (set(differing) | (new - was)) & (new | was)
    if not any(map(is_net, changed)):  # nothing can have become weaker; the rest need not be read
        new, was = new & changed, was & changed
    on_disk = not base and not staged
    after = (
        _on_disk(folder, sorted(new))
        if on_disk
        else repository.texts(head if base else "", sorted(new))
    )
    return findings(repository.texts(old, sorted(was)), after)


def _counts(path: str) -> bool:
    return is_code(path) or is_net(path)


def _on_disk(folder: Path, names: Iterable[str]) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            content = read_file(folder / name)
        except OSError:  # deleted, or nothing that can be read
            continue
        found[name] = content.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    return found
