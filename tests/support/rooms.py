"""A room's server for tests: in a thread of this process, asked as learners and their rivals ask it."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.waiting import PATIENCE_S

from nbkata.common.core.refusal import Refusal
from nbkata.facilitate.core.room import Plan
from nbkata.facilitate.shell.room_files import Room, open_room
from nbkata.facilitate.shell.room_server import Desk, bound, serve
from nbkata.kata.core.kata import Step

STEPS = (Step("06-titles", "Titles", 25, "", ()), Step("07-alone", "Alone", 25, "", ()))
PLAN = Plan("till", STEPS, {"06-titles": {"no unit test": "It has no unit test yet."}})


@dataclass
class Served:
    """A room that is open at a port of this machine."""

    room: Room
    desk: Desk
    port: int

    def ask(self, method: str, path: str, document: Any = None) -> tuple[int, Any]:
        """The status, and the answer as JSON if it is some, else as text."""
        body = json.dumps(document).encode() if document is not None else None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        try:
            return response.status, json.loads(text)
        except ValueError:
            return response.status, text

    def send(self, data: bytes) -> bytes:
        """What comes back until the server closes, or has said all within a second."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as raw:
            raw.settimeout(1)
            answer = b""
            try:
                raw.sendall(data)
                while part := raw.recv(65536):
                    answer += part
            except OSError:
                pass
            return answer

    def view(self) -> dict[str, Any]:
        """What the page is told first."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", f"/{self.room.key}/events")
            line = connection.getresponse().readline().decode()
        finally:
            connection.close()
        return dict(json.loads(line.removeprefix("data: ")))


@contextmanager
def served(
    home: Path, shared: Path | None = None, from_one: int = 20, port: int = 0
) -> Iterator[Served]:
    """A room kept at ``home``, open until the end, at this port or a free one."""
    room = open_room(home, shared)
    assert not isinstance(room, Refusal), room
    sockets = bound("127.0.0.1", port)
    port = sockets[0].getsockname()[1]
    desk = Desk(room, PLAN, from_one, f"127.0.0.1:{port}")
    loop = asyncio.new_event_loop()
    task = loop.create_task(serve(desk, sockets))

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            pass
        finally:
            for left in asyncio.all_tasks(loop):
                left.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield Served(room, desk, port)
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(PATIENCE_S)
