"""Approvals: lines that say which golden record somebody took as right, and why.

A line holds a digest of all golden files. So a record that was made anew, or edited by hand, without
the act of approving it does not fit the last line.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping

from nbkata.guard.core.paths import APPROVALS, is_golden

HEAD = "# Each line: the digest of the golden files that were approved, and why. nbkata guard reads it.\n"


def digest(files: Mapping[str, str]) -> str:
    """One digest for all golden files among these, the same on every system."""
    found = hashlib.sha256()
    for path in sorted(filter(is_golden, files)):
        text = files[path].replace("\r\n", "\n")
        found.update(f"{path}\0{text}\0".encode("utf-8", "surrogateescape"))
    return found.hexdigest()[:16]


def approval_line(files: Mapping[str, str], why: str) -> str:
    """The line that approves the golden files among these."""
    return f"{digest(files)}  {' '.join(why.split())}\n"


def with_approval(text: str, line: str) -> str:
    """The file of approvals with one more line."""
    return f"{text or HEAD}{line}"


def is_approved_last(files: Mapping[str, str]) -> bool:
    """Whether the last line approves the golden record as it is."""
    return _digests(files)[-1:] == [digest(files)]


def is_approved(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether a new line approves the golden record as it is after."""
    new = Counter(_digests(after)) - Counter(_digests(before))
    return new[digest(after)] > 0


def _digests(files: Mapping[str, str]) -> list[str]:
    lines = files.get(APPROVALS, "").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
