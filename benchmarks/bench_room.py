"""A room of 200 learners: whether its page is current, what it takes of a core, and whether a line gets lost.

    python benchmarks/bench_room.py [--people 200] [--seconds 60] [--folder]

Each learner has a folder of their own and sends a line every five seconds, by the code that `nbkata check` sends by.
One page is open; each line holds a number, so that the time until the page shows it can be taken. After half the time
the server is killed (kill -9) and started again two seconds later. At last the lines in the room's files are counted
against those that the learners kept. ``--folder``: the same by a shared folder.
"""

import argparse
import http.client
import json
import math
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.kata.shell.kit import FIRST
from nbkata.workspace.core.room import RoomLine, id_of, line_in
from nbkata.workspace.shell.room import PATIENCE_S, Membership, join, report, sent_lines

EVERY_S = 5.0
# How long the killed server stays away.
AWAY_S = 2.0
TARGET_LAG_S, TARGET_CORES = 2.0, 1.0
START_S = 60


@dataclass
class Measured:
    """What one run gave; times in seconds."""

    sent: int = 0
    kept: int = 0
    # How long each line held its check up, with a server that answered.
    waits: list[float] = field(default_factory=list)
    # The same, when it did not.
    away: list[float] = field(default_factory=list)
    # From sending to the page, for what was sent while there was a server.
    lags: list[float] = field(default_factory=list)
    cores: float = 0.0

    @property
    def lost(self) -> int:
        """Lines that learners kept and the room has not, or has twice."""
        return self.sent - self.kept


class Learner:
    """One who sends."""

    def __init__(self, number: int, folder: Path, member: Membership) -> None:
        self.workspace = folder / f"dojo-{number}"
        (self.workspace / ".nbkata").mkdir(parents=True)
        self.member, self.count = member, 0

    def send(self, measured: Measured, sent_at: dict[tuple[str, int], float]) -> None:
        """One line; in ``sent_at``, when, if the room had it at once."""
        self.count += 1
        began = time.monotonic()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        line = RoomLine(now, FIRST, "06-titles", self.count % 3 > 0, False, 1.0, self.count)
        answer = report(self.workspace, line)
        waited = time.monotonic() - began
        if isinstance(answer, Refusal):
            measured.away.append(waited)
        else:
            measured.waits.append(waited)
            sent_at[self.member.name, self.count] = began


class Server:
    """The room in a process of its own, as a facilitator starts it."""

    def __init__(self, folder: Path, shared: Path | None, people: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = folder
        self.command = [sys.executable, "-m", "nbkata", "facilitate", "room"]
        self.command += ["--port", str(self.port), "--from-one-address", str(people)]
        self.command += ["--folder", str(shared)] if shared else []
        self.cpu_s = 0.0
        self.process = self.start()

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it, and wait until it answers."""
        # pylint: disable-next=consider-using-with # it is killed, which is what is measured
        self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=subprocess.DEVNULL)
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self.process
            time.sleep(0.05)
        raise AssertionError("the room did not open")

    def kill(self) -> None:
        """End it as a power cut does, and count what it took of a processor."""
        self.process.kill()
        if sys.platform == "win32":
            self.process.wait()
            return
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = status
        self.cpu_s += usage.ru_utime + usage.ru_stime

    def kept(self) -> dict[str, str]:
        """What its ``room.json`` holds."""
        path = self.folder / "nbkata-room" / "room.json"
        return dict(json.loads(path.read_text(encoding="utf-8")))


def watch_page(server: Server, seen: dict[tuple[str, int], float], end: threading.Event) -> None:
    """Note when the page shows a learner's line, as a browser does that comes back by itself."""
    while not end.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        try:
            connection.request("GET", f"/{server.kept()['key']}/events")
            events = connection.getresponse()
            while not end.is_set():
                line = events.readline()
                if not line:
                    break
                if line.startswith(b"data: "):
                    now = time.monotonic()
                    for row in json.loads(line[6:])["rows"]:
                        for dot in row["dots"]:
                            seen.setdefault((dot["who"], dot["hints"]), now)
        except (OSError, ValueError, http.client.HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()


def run(people: int, seconds: float, every_s: float = EVERY_S, folder: bool = False) -> Measured:
    """A room for so long, with a kill at half time."""
    measured, end = Measured(), threading.Event()
    sent_at: dict[tuple[str, int], float] = {}
    seen: dict[tuple[str, int], float] = {}
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        shared = home / "shared" if folder else None
        if shared:
            shared.mkdir()
        server = Server(home, shared, people)
        page = threading.Thread(target=watch_page, args=(server, seen, end))
        try:
            learners = [_joined(number, home, server, shared) for number in range(people)]
            page.start()
            began = time.monotonic()
            threads = [
                threading.Thread(
                    target=_keep_sending, args=(learner, every_s, seconds, measured, sent_at)
                )
                for learner in learners
            ]
            for thread in threads:
                thread.start()
            time.sleep(seconds / 2)
            away_from = time.monotonic() - 1  # what was sent just before may be shown just after
            server.kill()
            time.sleep(AWAY_S)
            server.start()
            away_to = time.monotonic()
            for thread in threads:
                thread.join()
            for learner in learners:
                learner.send(measured, {})  # what the dead server missed goes with it
            time.sleep(TARGET_LAG_S + 1)
            end.set()
            server.kill()
            measured.cores = server.cpu_s / (time.monotonic() - began)
            page.join()
        finally:
            end.set()
            server.process.kill()
        kept = shared or home / "nbkata-room" / "people"
        for learner in learners:
            text = (kept / f"{id_of(learner.member.token)}.jsonl").read_text(encoding="utf-8")
            lines = [line for line in map(line_in, text.splitlines()) if line is not None]
            assert [line.hints for line in lines] == list(range(1, learner.count + 1))
            measured.kept += len(lines)
            measured.sent += len(sent_lines(learner.workspace)) - 1
    shown = {key: at for key, at in sent_at.items() if not away_from <= at <= away_to}
    measured.lags = [seen.get(key, math.inf) - at for key, at in shown.items()]
    return measured


def _joined(number: int, home: Path, server: Server, shared: Path | None) -> Learner:
    token = f"a-learner-of-the-benchmark-{number:04}"
    place = Membership(token, f"L{number}", "127.0.0.1", server.port)
    if shared:
        place = Membership(token, f"L{number}", folder=str(shared))
    learner = Learner(number, home, place)
    answer = join(learner.workspace, place, server.kept()["code"])
    assert not isinstance(answer, Refusal), answer
    return learner


def _keep_sending(
    learner: Learner,
    every_s: float,
    seconds: float,
    measured: Measured,
    sent_at: dict[tuple[str, int], float],
) -> None:
    end = time.monotonic() + seconds
    time.sleep(random.uniform(0, every_s))
    while time.monotonic() < end:
        began = time.monotonic()
        learner.send(measured, sent_at)
        time.sleep(max(0.0, began + every_s - time.monotonic()))


def main() -> int:
    """Print what was measured; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description="A room of many learners, killed at half time.")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--folder", action="store_true", help="by a shared folder")
    options = parser.parse_args()
    found = run(options.people, options.seconds, folder=options.folder)
    late = sum(lag > TARGET_LAG_S for lag in found.lags)
    print(f"{options.people} learners, {options.seconds:.0f} s, a line each {EVERY_S:.0f} s")
    counts = f"kept {found.kept}, lost {found.lost}, shown too late {late}"
    print(f"lines sent {found.sent}, {counts}")
    for name, values in (
        ("page shows it after", found.lags),
        ("a check waits", found.waits),
        ("a check waits, no server", found.away),
    ):
        if values:
            worst, middle = max(values), statistics.median(values)
            print(f"{name:25} median {middle:.3f} s, worst {worst:.3f} s, {len(values)} lines")
    print(f"the server takes          {found.cores:.2f} cores")
    print(f"targets: lost 0; page {TARGET_LAG_S} s; {TARGET_CORES} core; wait {PATIENCE_S} s")
    return 0 if not found.lost and not late and found.cores < TARGET_CORES else 1


if __name__ == "__main__":
    sys.exit(main())
