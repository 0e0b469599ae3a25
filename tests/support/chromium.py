"""A real Chromium for tests of pages, driven over its own debugging protocol.

Key events go in where the operating system's would, so the page sees trusted ones. What a tab
keeps for itself (Ctrl+W) is not kept back on this way: no test may claim a reserved key works.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websocket import WebSocket, create_connection

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--remote-debugging-port=0", "--remote-allow-origins=*", "--disable-dev-shm-usage"),
)
START_S = 60
MODIFIERS = {"Alt": 1, "Ctrl": 2, "Meta": 4, "Cmd": 4, "Shift": 8}
CODES = {
    "-": ("Minus", 189), "=": ("Equal", 187), "[": ("BracketLeft", 219), "]": ("BracketRight", 221),
    "\\": ("Backslash", 220), "`": ("Backquote", 192), ".": ("Period", 190), "/": ("Slash", 191), ";": ("Semicolon", 186),
}  # fmt: skip
KEYS = {
    "Up": ("ArrowUp", 38), "Down": ("ArrowDown", 40), "Left": ("ArrowLeft", 37),
    "Right": ("ArrowRight", 39), "Enter": ("Enter", 13), "Escape": ("Escape", 27), "Tab": ("Tab", 9),
    "PageUp": ("PageUp", 33), "PageDown": ("PageDown", 34), "Space": ("Space", 32),
    "Home": ("Home", 36), "End": ("End", 35), "Delete": ("Delete", 46),
    "Shift": ("ShiftLeft", 16), "Ctrl": ("ControlLeft", 17), "Alt": ("AltLeft", 18),
    "Cmd": ("MetaLeft", 91), "Meta": ("MetaLeft", 91), "NumpadAdd": ("NumpadAdd", 107),
    "NumpadSubtract": ("NumpadSubtract", 109), "NumpadDivide": ("NumpadDivide", 111),
}  # fmt: skip
SIGNS = {"NumpadAdd": "+", "NumpadSubtract": "-", "NumpadDivide": "/", "Space": " "}
HELD = {"Ctrl": "Control", "Cmd": "Meta"}


def installed() -> str | None:
    """The browser's path, or none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """One tab."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket, self.last, self.errors = socket, 0, list[str]()

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """One command and its answer; errors of the page are kept."""
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                self.errors.append(json.dumps(message["params"]["exceptionDetails"]))
            if message.get("method") == "Log.entryAdded":
                self.errors.append(message["params"]["entry"]["text"])
            if message.get("id") == self.last:
                assert "error" not in message, message
                return dict(message["result"])

    def open(self, url: str) -> None:
        """Go to a page and wait until it is there."""
        self.tell("Page.navigate", url=url)
        deadline = time.monotonic() + START_S
        while self.run("document.readyState + ' ' + location.href") != f"complete {url}":
            assert time.monotonic() < deadline, f"{url} did not load"

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        done = self.tell("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def text(self, element: str) -> str:
        """What an element says to a reader."""
        return str(self.run(f"document.getElementById({element!r}).innerText"))

    def press(self, keys: str) -> None:
        """``Ctrl+K Ctrl+I``: down and up of every key, modifiers held as a hand does."""
        for chord in keys.split(" "):
            *held, key = chord.split("+") if not chord.endswith("+") else [chord]
            mask = 0
            for name in held:
                mask |= MODIFIERS[name]
                self._key("rawKeyDown", name, mask)
            lone = MODIFIERS.get(key, 0)
            self._key("rawKeyDown", key, mask | lone)
            self._key("keyUp", key, mask)
            for name in reversed(held):
                mask &= ~MODIFIERS[name]
                self._key("keyUp", name, mask)

    def type(self, text: str) -> None:
        """Text into the field that has the focus."""
        self.tell("Input.insertText", text=text)

    def _key(self, kind: str, key: str, mask: int) -> None:
        if key in KEYS:
            code, number = KEYS[key]
            name = SIGNS.get(key) or HELD.get(key) or (code if key not in MODIFIERS else key)
        elif key in CODES:
            (code, number), name = CODES[key], key
        elif len(key) > 1:  # F1 and its like
            code, number, name = key, 111 + int(key[1:]), key
        else:
            code = f"{'Digit' if key.isdecimal() else 'Key'}{key}"
            number, name = ord(key), key if mask & MODIFIERS["Shift"] else key.lower()
        event = {"type": kind, "key": name, "code": code, "modifiers": mask}
        event |= {"windowsVirtualKeyCode": number, "nativeVirtualKeyCode": number}
        if key == "Enter" and kind != "keyUp":  # what submits a form is the text of the key
            event |= {"type": "keyDown", "text": "\r"}
        self.tell("Input.dispatchKeyEvent", **event)


@contextmanager
def chromium(profile: Path, *flags: str) -> Iterator[Page]:
    """A headless browser with a profile of its own, ended in any case."""
    path = installed()
    assert path
    command = [path, *FLAGS, f"--user-data-dir={profile}", *flags, "about:blank"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            socket = create_connection(_address(profile, process), timeout=START_S)
            try:
                page = Page(socket)
                for domain in ("Page", "Runtime", "Log"):
                    page.tell(f"{domain}.enable")
                yield page
            finally:
                socket.close()
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _address(profile: Path, process: "subprocess.Popen[bytes]") -> str:
    """Of the first tab; the browser writes its port into the profile when it is ready."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the browser ended while it started"
        try:
            port = int((profile / "DevToolsActivePort").read_text(encoding="utf-8").split()[0])
            with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=START_S) as answer:
                tabs = [tab for tab in json.load(answer) if tab["type"] == "page"]
            if tabs:
                return str(tabs[0]["webSocketDebuggerUrl"])
        except (OSError, ValueError, IndexError):
            time.sleep(0.05)  # between two looks: there is nothing to wait on
    raise AssertionError("the browser did not start")
