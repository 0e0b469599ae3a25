"""Noticing that a learner saved something: by looking, again and again.

Looking works the same on every system, on network folders, under WSL and in containers, where the
systems' own notices do not arrive; an editor that writes by renaming, or that saves each second,
makes no difference. It is paced so that it takes less than a hundredth of a core, and more often while somebody is at work.
"""

import hashlib
import json
import math
import time
from pathlib import Path

from nbkata.common.shell.walk import walk
from nbkata.watch.core.watching import Change, Content, Files, change_between, is_watched

# Between two looks, at least.
PAUSE_S, PAUSE_AT_WORK_S = 0.08, 0.02
# Of a core, that looking may take.
SHARE, SHARE_AT_WORK = 0.005, 0.03
# For so long after a save the next one is likely to come.
AT_WORK_S = 60
# A file that is being written is read once it has stayed as it is for so long.
SETTLED_S = 0.02
MOST_WAITED_S = 0.5
# Of a larger file the size and time of change stand for the content.
DIGESTED_BYTES = 32 * 1024 * 1024

_Stamp = tuple[int, int, int]


class WatchedFiles:
    """The files of one workspace, as they were last looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stamps: dict[str, _Stamp] = {}
        self.contents: dict[str, Content] = {}
        self.pause_s = PAUSE_S
        self.saved_at = -math.inf
        """On the monotonic clock."""
        self._look(self._stamps())

    def change(self, while_running: bool) -> Change:
        """What has changed since the last call; waits until who writes is done."""
        stamps = self._stamps()
        if stamps == self.stamps:
            return Change()
        end = time.monotonic() + MOST_WAITED_S
        while time.monotonic() < end:
            time.sleep(SETTLED_S)
            later = self._stamps()
            if later == stamps:
                break
            stamps = later
        self.saved_at = time.monotonic()
        before: Files = dict(self.contents)
        self._look(stamps)
        return change_between(before, self.contents, while_running)

    def _look(self, stamps: dict[str, _Stamp]) -> None:
        contents = {}
        for name, stamp in stamps.items():
            if self.stamps.get(name) == stamp and name in self.contents:
                contents[name] = self.contents[name]
                continue
            found = _content(self.folder / name, stamp)
            if found is not None:
                contents[name] = found
        self.stamps, self.contents = stamps, contents

    def _stamps(self) -> dict[str, _Stamp]:
        started = time.thread_time()
        found = {
            one.name: (one.stat.st_mtime_ns, one.stat.st_size, one.stat.st_ino)
            for one in walk(self.folder, is_watched)
            if not one.is_folder
        }
        at_work = time.monotonic() - self.saved_at < AT_WORK_S
        pause_s, share = (PAUSE_AT_WORK_S, SHARE_AT_WORK) if at_work else (PAUSE_S, SHARE)
        self.pause_s = max(pause_s, (time.thread_time() - started) / share)
        return found


def _content(path: Path, stamp: _Stamp) -> Content | None:
    if stamp[1] > DIGESTED_BYTES:
        return Content(repr(stamp))
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if path.suffix == ".ipynb":
        try:
            return _of_notebook(json.loads(data))
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # no notebook (any more): as it is
    return Content(_digest(data))


def _of_notebook(document: dict[str, object]) -> Content:
    cells = document["cells"]
    assert isinstance(cells, list)
    code = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    shown = [(cell.get("outputs"), cell.get("execution_count")) for cell in cells]
    return Content(_digest(repr(code).encode()), _digest(repr(shown).encode()))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
