"""`nbkata watch --debug`: a client that attaches once is stopped at its breakpoints, save after save.

The client speaks the Debug Adapter Protocol, as VS Code does with "Attach to watch".
"""

import json
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from nbkata.child.shell.debugger import DEBUG, DebugPort, open_port
from nbkata.kata.core.kata import Behaviour, Subject
from nbkata.kata.shell.run_code import CodeRun, run_code

TEXT = "def train(path):\n    accuracy = 7\n    return {'accuracy': accuracy}\n"
SEAM = Behaviour(
    "04-characterize", Subject.SEAM, "src/train.py", "", {"accuracy": "accuracy"}, "train", "no.csv"
)
PATIENCE_S = 60


class Client:
    """One session of a debugger: what VS Code is on the other side of the port."""

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self.answers = self.line.makefile("rb")
        self.sent = 0

    def ask(self, command: str, wait_for: str = "", **arguments: Any) -> dict[str, Any]:
        """The body of the answer, or of the event that is waited for."""
        self.sent += 1
        request = {"seq": self.sent, "type": "request", "command": command, "arguments": arguments}
        text = json.dumps(request).encode()
        self.line.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
        return self.hear(wait_for or command)

    def hear(self, name: str) -> dict[str, Any]:
        """The body of the next message of that name."""
        while True:
            length = 0
            while line := self.answers.readline().strip():
                _, _, value = line.partition(b":")
                length = int(value)
            message = json.loads(self.answers.read(length))
            if name in (message.get("event"), message.get("command")):
                assert message.get("success", True), message
                return message.get("body") or {}

    def attach(self, stop_in: Path | None = None, line: int = 0, **how: Any) -> None:
        """As an editor does: the breakpoints first, then go."""
        self.ask("initialize", adapterID="debugpy")
        self.ask("attach", wait_for="initialized", **how)
        if stop_in:
            breakpoints = [{"line": line}]
            self.ask("setBreakpoints", source={"path": str(stop_in)}, breakpoints=breakpoints)
        self.ask("configurationDone", wait_for="attach")

    def close(self) -> None:
        """Leave."""
        self.answers.close()
        self.line.close()


@pytest.fixture(name="free", scope="module")
def fixture_free() -> int:
    """A number that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number: int = taken.getsockname()[1]
    return number


@pytest.fixture(name="port", scope="module")
def fixture_port(free: int) -> Iterator[DebugPort]:
    port = open_port(free)
    assert isinstance(port, DebugPort)
    yield port
    port.end()
    assert DEBUG not in os.environ


@pytest.fixture(name="workspace")
def fixture_workspace(tmp_path: Path) -> Path:
    path = tmp_path / "a b"
    (path / "src").mkdir(parents=True)
    (path / "src" / "train.py").write_text(TEXT, encoding="utf-8")
    return path


def test_a_breakpoint_is_hit_at_the_next_run_and_nobody_attached_holds_nothing_up(
    port: DebugPort, workspace: Path
):
    ran = run_code(SEAM, workspace, PATIENCE_S)
    assert isinstance(ran, CodeRun), ran
    editor = Client(port.number)
    editor.attach(connect={"host": "127.0.0.1", "port": port.number})
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(run_code, SEAM, workspace, PATIENCE_S)
        began = editor.hear("debugpyAttach")
        assert not run.done()
        session = Client(began["connect"]["port"])
        session.attach(
            workspace / "src" / "train.py", 3,
            connect=began["connect"], subProcessId=began["subProcessId"],
        )  # fmt: skip
        stopped = session.hear("stopped")
        assert stopped["reason"] == "breakpoint"
        frame = session.ask("stackTrace", threadId=stopped["threadId"], levels=1)["stackFrames"][0]
        assert (frame["name"], frame["line"]) == ("train", 3)
        answer = session.ask("evaluate", expression="accuracy * 6", frameId=frame["id"])
        assert answer["result"] == "42"
        session.ask("continue", threadId=stopped["threadId"])
        assert isinstance(run.result(), CodeRun)
    session.close()
    editor.close()


def test_a_port_that_is_taken_is_refused_with_another(port: DebugPort):
    assert str(open_port(port.number)) == (
        f"port {port.number} is not free (Address already in use). Take another: "
        f"--debug {port.number + 1}, and the same in .vscode/launch.json."
    )
    assert DEBUG in os.environ
