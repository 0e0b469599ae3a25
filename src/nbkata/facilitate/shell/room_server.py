"""The room's server: learners send lines, the facilitator's page gets them as server-sent events.

Tornado: ipykernel brings it anyway, so nothing new is installed or locked. It limits the sizes of headers and bodies
and the time for both, keeps hundreds of connections open in one thread, and flushes a response in parts, which is all
that server-sent events are. Starlette and uvicorn would be two more libraries that do the same.
"""

# pylint: disable=abstract-method # tornado's data_received is for bodies that come in parts

import asyncio
import json
import logging
import re
import secrets
import signal
import socket
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream, StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from nbkata.common.shell.pages import render
from nbkata.facilitate.core.admission import Bucket, Door, full_bucket, typed_code
from nbkata.facilitate.core.room import Plan, room_view
from nbkata.facilitate.shell.room_files import Room, Seat
from nbkata.workspace.core.room import (
    MOST_LINE,
    MOST_LINES,
    MOST_SENT,
    cleaned_name,
    id_of,
    line_in,
    moment_of,
    shifted,
)

# Bytes of a request.
MOST_BODY = MOST_SENT * MOST_LINE + 1_000
MOST_HEADERS = 8_192
MOST_BUFFER = 1_000_000
# Seconds that a request's headers, and its body, may take.
PATIENCE_S = 10
# Open at once: in all, and from one address. 1,024 files are what many systems let a process
# open.
MOST_CONNECTIONS, MOST_FROM_ONE = 700, 300
# From one address.
REQUESTS_AT_ONCE, REQUESTS_A_SECOND = 600, 100
MOST_VIEWERS = 20
# Between two looks at a shared folder and the call; the page gets news twice as often at most.
LOOK_S = 0.5
# The page shows minutes, so it gets news though nothing was sent.
FRESH_S = 30


@dataclass(slots=True)
class Desk:
    """All that the handlers share."""

    room: Room
    plan: Plan
    most_from_one: int
    # What learners type after ``nbkata join``.
    address: str
    joined: Counter[str] = field(default_factory=Counter)
    requests: dict[str, Bucket] = field(default_factory=dict)
    viewers: int = 0
    # Why somebody could not join; the page shows the last.
    refused: str = ""

    def view(self) -> dict[str, Any]:
        """What the page shows now."""
        view = room_view(self.room.people, self.plan, datetime.now(UTC))
        trouble = self.room.trouble or self.refused
        return view | {"call": self.room.call, "join": self.address, "trouble": trouble}

    def is_too_busy(self, address: str) -> bool:
        """Whether an address asks too often."""
        if len(self.requests) > 10 * MOST_CONNECTIONS:
            self.requests.clear()
        bucket = self.requests.get(address) or full_bucket(REQUESTS_AT_ONCE, REQUESTS_A_SECOND)
        left = bucket.taken(1, time.monotonic())
        self.requests[address] = left or bucket
        return left is None


class _Handler(RequestHandler):
    """What all answers have in common."""

    desk: Desk

    def initialize(self, desk: Desk) -> None:
        """Tornado hands over what the application was given."""
        self.desk = desk

    def prepare(self) -> None:
        """Refuse who asks too often."""
        if self.desk.is_too_busy(self.request.remote_ip or ""):
            raise HTTPError(429, reason="Too many requests.")

    def set_default_headers(self) -> None:
        """No answer is kept, guessed at, shown in a frame, or named to another site."""
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")

    def write_error(self, status_code: int, **known: Any) -> None:
        """A sentence for the learner's terminal; never a traceback."""
        error = known.get("exc_info", (None, None))[1]
        reason = error.reason if isinstance(error, HTTPError) else None
        self.finish({"error": reason or "The room cannot use this."})

    def document(self) -> dict[str, Any]:
        """The JSON object that was sent; with its token if it has one that can be one."""
        try:
            found = json.loads(self.request.body)
            if isinstance(found, dict) and 20 <= len(str(found.get("token"))) <= 100:
                return found
        except (ValueError, RecursionError):
            pass
        raise HTTPError(400, reason="This is no message of nbkata's.")

    def count(self, seat: Seat, lines: int) -> None:
        """Refuse what is more than one learner sends: their file would grow without end."""
        left = seat.bucket.taken(lines, time.monotonic())
        if left is None or seat.lines + lines > MOST_LINES:
            raise HTTPError(429, reason="That is more than one learner sends.")
        seat.bucket = left

    def kept(self, change: Callable[[], None]) -> None:
        """Make a change that the room keeps; 507 if the disk takes no more."""
        try:
            change()
            self.desk.room.trouble = ""
        except OSError as error:
            self.desk.room.trouble = f"Nothing can be kept: {error.strerror}."
            self.desk.room.changes += 1
            raise HTTPError(507, reason="The room cannot keep this.") from None


class Greeting(_Handler):
    """For a learner's browser: nothing about anybody."""

    def get(self) -> None:
        """Say how to join."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("This is a room of nbkata. In your workspace: nbkata join HOST CODE\n")


class Join(_Handler):
    """``{"token", "code", "name"}``"""

    def post(self) -> None:
        """Seat those who know the code; a learner who is seated may take another name."""
        desk, document = self.desk, self.document()
        code = typed_code(str(document.get("code", "")))
        if not secrets.compare_digest(code, desk.room.code):
            raise HTTPError(403, reason="That is not the code of this room. Ask for it again.")
        token, name = str(document["token"]), str(document.get("name", ""))
        address = self.request.remote_ip or ""
        seat = desk.room.seats.get(id_of(token))
        if seat is None:
            door = Door(len(desk.room.seats), desk.joined[address], desk.most_from_one)
            if refused := door.refused():
                desk.refused, desk.room.changes = refused, desk.room.changes + 1
                raise HTTPError(429, reason=refused)
            desk.joined[address] += 1
            desk.refused = ""
        elif seat.person.name != cleaned_name(name):
            self.count(seat, 1)
        if seat is None or seat.person.name != cleaned_name(name):
            self.kept(lambda: desk.room.join(token, name))
        self.finish({"joined": True})


class Lines(_Handler):
    """``{"token", "from", "now", "lines"}``: lines from a place on; now by the learner's clock."""

    def post(self) -> None:
        """Keep those that are new, and answer how many are kept."""
        room, document = self.desk.room, self.document()
        seat = room.seats.get(id_of(str(document["token"])))
        if seat is None:
            raise HTTPError(403, reason="This room does not know you. Join it again.")
        self._take(seat, document)
        self.finish({"have": seat.lines, "call": room.call})

    def _take(self, seat: Seat, document: dict[str, Any]) -> None:
        first, texts, there = (document.get(name) for name in ("from", "lines", "now"))
        if not isinstance(first, int) or not isinstance(texts, list) or first > seat.lines:
            return
        new = [line_in(str(text)) for text in texts[:MOST_SENT][max(seat.lines - first, 0) :]]
        arrived, theirs = datetime.now(UTC), moment_of(there)
        ahead = arrived - (theirs or arrived)
        lines = [shifted(line, ahead, arrived) for line in new if line is not None]
        if not lines:
            return
        self.count(seat, len(lines))
        self.kept(lambda: self.desk.room.take(seat, lines))


class Leave(_Handler):
    """``{"token"}``"""

    def post(self) -> None:
        """Delete all that was sent with it."""
        token = str(self.document()["token"])
        self.kept(lambda: self.desk.room.leave(token))
        self.finish({"left": True})


class _ForFacilitator(_Handler):
    """What only who has the key may see."""

    def prepare(self) -> None:
        """Without the key there is nothing here."""
        super().prepare()
        if not secrets.compare_digest(self.path_args[0], self.desk.room.key):
            raise HTTPError(404, reason="There is nothing here.")


class Page(_ForFacilitator):
    """The page itself; what it shows comes by `Events`."""

    def get(self, _: str) -> None:
        """It runs its own script and style, loads nothing, and talks to this server alone."""
        text, rules = _page()
        self.set_header("Content-Security-Policy", rules)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(text)


@cache
def _page() -> tuple[str, str]:
    """The page, and the rules that let it run its own script and style and no others: by their hashes."""
    text = render("facilitate/room.html")
    rules = ["default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"]
    for kind in ("script", "style"):
        (own,) = re.findall(f"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        digest = b64encode(sha256(own.encode("utf-8")).digest()).decode("ascii")
        rules.append(f"{kind}-src 'sha256-{digest}'")
    return text, "; ".join([*rules, "connect-src 'self'"])


class Lower(_ForFacilitator):
    """``{"id"}``"""

    def post(self, _: str) -> None:
        """Take a hand down."""
        with suppress(ValueError, AttributeError):
            identity = str(json.loads(self.request.body).get("id"))
            self.kept(lambda: self.desk.room.lower(identity))
        self.finish({})


class Events(_ForFacilitator):
    """The view as server-sent events: all of it, whenever something has changed."""

    is_open = True

    async def get(self, _: str) -> None:
        """Until the page is closed."""
        if self.desk.viewers >= MOST_VIEWERS:
            raise HTTPError(503, reason="The page is open too often.")
        self.set_header("Content-Type", "text/event-stream")
        self.desk.viewers += 1
        try:
            await self._send()
        except StreamClosedError:
            pass
        finally:
            self.desk.viewers -= 1

    async def _send(self) -> None:
        room, sent, at = self.desk.room, -1, 0.0
        while self.is_open:
            if room.changes != sent or time.monotonic() - at > FRESH_S:
                sent, at = room.changes, time.monotonic()
                self.write(f"data: {json.dumps(self.desk.view())}\n\n")
                await self.flush()
            await asyncio.sleep(LOOK_S)

    def on_connection_close(self) -> None:
        """The page was closed."""
        self.is_open = False


class _Nothing(_Handler):
    """Any other path."""

    def prepare(self) -> None:
        """There are no files to walk through here."""
        super().prepare()
        raise HTTPError(404, reason="There is nothing here.")


class _Server(HTTPServer):
    """A server with at most so many connections."""

    def initialize(self, *arguments: Any, **options: Any) -> None:
        """Tornado's way to make one."""
        super().initialize(*arguments, **options)
        # pylint: disable-next=attribute-defined-outside-init # tornado calls this for __init__
        self.most, self.open = most_connections(), Counter[str]()

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Close a connection that is one too many."""
        self.open[address[0]] += 1
        if self.open.total() > self.most or self.open[address[0]] > MOST_FROM_ONE:
            self.open[address[0]] -= 1
            stream.close()
            return
        super().handle_stream(stream, address)

    def on_close(self, server_conn: Any) -> None:
        """Forget it."""
        super().on_close(server_conn)
        host = server_conn.context.address[0]
        self.open[host] -= 1
        if not self.open[host]:
            del self.open[host]


def most_connections() -> int:
    """`MOST_CONNECTIONS`, or what the system lets this process open, with some files left for the room."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource  # pylint: disable=import-outside-toplevel # POSIX only

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(MOST_CONNECTIONS, max(soft - 60, 60)) if soft > 0 else MOST_CONNECTIONS


def bound(host: str, port: int) -> list[socket.socket]:
    """The open port. Raises ``OSError``."""
    return bind_sockets(port, host, socket.AF_INET)


def own_address() -> str:
    """This machine's address in the local network, as far as it can know it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # for examples only (RFC 5737); a datagram socket sends nothing
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _end_by_signals() -> None:
    """Let Ctrl-C, `kill` and a closed terminal cancel the server, so that it closes what is open.

    An exception out of a signal's handler could end the event loop in the middle of anything. Windows has no such
    handlers: there, asyncio does this for Ctrl-C.
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None, "a coroutine asks"
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            with suppress(NotImplementedError, RuntimeError, ValueError):  # not in a thread
                loop.add_signal_handler(number, task.cancel)


async def serve(desk: Desk, sockets: list[socket.socket]) -> None:
    """Serve a room until this is cancelled."""
    _end_by_signals()
    log = logging.getLogger("tornado")  # what strangers send does not belong on this terminal
    log.addHandler(logging.NullHandler())
    log.propagate = False
    key = r"/([0-9a-f]{20})/"
    shared = {"desk": desk}
    handlers: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [
        (r"/", Greeting, shared),
        (r"/join", Join, shared),
        (r"/lines", Lines, shared),
        (r"/leave", Leave, shared),
        (key, Page, shared),
        (key + "events", Events, shared),
        (key + "lower", Lower, shared),
    ]
    nothing: dict[str, Any] = {"default_handler_class": _Nothing, "default_handler_args": shared}
    server = _Server(
        Application(handlers, **nothing),
        max_header_size=MOST_HEADERS,
        max_body_size=MOST_BODY,
        max_buffer_size=MOST_BUFFER,
        idle_connection_timeout=PATIENCE_S,
        body_timeout=PATIENCE_S,
    )
    server.add_sockets(sockets)
    try:
        while True:
            desk.room.saw(await asyncio.to_thread(desk.room.look))
            await asyncio.sleep(LOOK_S)
    finally:
        server.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(server.close_all_connections(), LOOK_S + 1)
