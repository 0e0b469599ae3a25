"""VS Code in a browser: a code-server of this machine, and its window driven by keys.

What is on the screen is read from the page; keys come from the project's own table.
"""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from support.chromium import Page, chromium

from nbkata.keys.core.keys import Platform, System
from nbkata.keys.shell.keymaps import read_keymaps

PLACE = Platform(read_keymaps().ides[0], System.LINUX)
"""Whose keys are pressed: Chromium tells the page that it runs on Linux."""
WAIT_S = 30
OPTIONS = (
    *("--auth=none", "--bind-addr=127.0.0.1:0", "--disable-telemetry", "--disable-update-check"),
    *("--disable-workspace-trust", "--disable-getting-started-override"),
)
OF_THE_USER = {
    "terminal.integrated.gpuAcceleration": "off",  # drawn as text, which can be read
    "files.autoSave": "off",  # as on a desktop
    "workbench.startupEditor": "none",
    "chat.disableAIFeatures": True,
    "workbench.secondarySideBar.defaultVisibility": "hidden",  # it takes a third of the picture
}
"""What is set for the proof; all else is VS Code's default or the repository's."""


class Window:
    """One window of VS Code."""

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self.page, self.pictures = page, pictures

    def wait(self, script: str, what: str) -> str:
        """Until the script's value is something. Raises ``AssertionError``, with a picture."""
        deadline = time.monotonic() + WAIT_S
        while not (value := self.page.run(script)):
            if time.monotonic() > deadline:
                self.picture("stuck")
                raise AssertionError(f"VS Code never showed {what}")
            time.sleep(0.05)  # between two looks: there is nothing to wait on
        return str(value)

    def key(self, action: str, times: int = 1) -> None:
        """Press what the key table says of the action."""
        for _ in range(times):
            self.page.press(read_keymaps().bindings[action, PLACE].keys[0])

    def press(self, *keys: str) -> None:
        """Keys that every text field knows: Home, Shift+End."""
        for key in keys:
            self.page.press(key)

    def choose(self, action: str, typed: str, row: str) -> None:
        """Open a list by its key, type into it, and take the row that says so."""
        self.key(action)
        self.wait(SHOWN % ".quick-input-widget", "the list to choose from")
        self.page.type(typed)
        self.take(row)

    def take(self, row: str) -> None:
        """Of the open list, the row whose text begins so."""
        self.wait(f"{ROWS}.some(row => row.startsWith({row!r}))", f"{row} in the list")
        while not self.page.run(f"{FOCUSED}.startsWith({row!r})"):
            self.press("Down")
        self.press("Enter")

    def command(self, title: str) -> None:
        """By its name in the palette."""
        self.choose("command_palette", title, title)

    def open(self, path: PurePosixPath) -> None:
        """A file of the folder, and no other."""
        self.command("View: Close All Editors")
        self.wait(f"!{ACTIVE}", "all files closed")
        row = path.name if path.parent == PurePosixPath() else f"{path.name} {path.parent}"
        self.choose("open_file_by_name", str(path), row)
        self.wait(f"{ACTIVE} == {path.name!r}", f"{path.name} in a tab")
        self.wait(SHOWN % ".editor-group-container.active .view-line", f"the text of {path.name}")
        self.press("Ctrl+Home")

    def type(self, text: str) -> None:
        """As fingers do, so that the editor may close brackets and have them typed over."""
        for character in text:
            self.page.type(character)

    def line(self, number: int) -> None:
        """Go to a line of the open file."""
        self.press("Ctrl+G")
        self.wait(SHOWN % ".quick-input-widget", "the box for a line's number")
        self.page.type(str(number))
        self.press("Enter")
        self.wait(f"!({SHOWN % '.quick-input-widget'})", "the line")

    def save(self) -> None:
        """What was changed, and wait until the tab says so."""
        self.wait("!!document.querySelector('.tab.active.dirty')", "that the file has changed")
        self.press("Ctrl+S")
        self.wait("!document.querySelector('.tab.active.dirty')", "the file saved")

    def seen(self) -> list[str]:
        """The lines of code that are on the screen, top to bottom."""
        return str(self.page.run(LINES)).splitlines()

    def terminal(self, pattern: str) -> str:
        """The text of the terminal, once it says so."""
        self.wait(f"new RegExp({pattern!r}).test({TERMINAL})", f"/{pattern}/ in the terminal")
        return str(self.page.run(TERMINAL))

    def picture(self, name: str) -> None:
        """The window as a PNG, where pictures are wanted."""
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            shot = self.page.tell("Page.captureScreenshot", format="png")["data"]
            (self.pictures / f"{name}.png").write_bytes(b64decode(shot))


SHOWN = "!!document.querySelector('%s')?.checkVisibility()"
ROWS = (
    "[...document.querySelectorAll('.quick-input-list .monaco-list-row')].map(row => row.ariaLabel)"
)
FOCUSED = "(document.querySelector('.quick-input-list .monaco-list-row.focused')?.ariaLabel ?? '')"
ACTIVE = (
    "document.querySelector('.editor-group-container.active .tab.active')?.dataset.resourceName"
)
LINES = """[...document.querySelectorAll('.editor-group-container.active .view-line')]
    .sort((a, b) => a.offsetTop - b.offsetTop)
    .map(line => line.textContent.replaceAll('\\u00a0', ' ')).join('\\n')"""
TERMINAL = """[...document.querySelectorAll('.xterm-rows > div')]
    .map(row => row.textContent.replaceAll('\\u00a0', ' ').trimEnd()).join('\\n')"""


@contextmanager
def window(command: list[str], folder: Path, pictures: Path | None) -> Iterator[Window]:
    """A fresh VS Code, no extension installed, on a folder; server and browser end with it."""
    with tempfile.TemporaryDirectory(prefix="nbkata-vscode-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        user = home / "data" / "User"
        user.mkdir(parents=True)
        (user / "settings.json").write_text(json.dumps(OF_THE_USER), encoding="utf-8")
        with _server(command, home, folder) as address:
            with chromium(home / "browser", "--window-size=1400,1100") as page:
                page.open(f"{address}/?folder={quote(str(folder))}")
                opened = Window(page, pictures)
                opened.wait(SHOWN % ".monaco-workbench .explorer-folders-view", "the folder")
                yield opened


@contextmanager
def _server(command: list[str], home: Path, folder: Path) -> Iterator[str]:
    """Its address; programs started in its terminals see the package of the folder."""
    places = (f"--user-data-dir={home / 'data'}", f"--extensions-dir={home / 'extensions'}")
    own = {"XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "share")}
    environment = {**os.environ, **own, "PYTHONPATH": str(folder / "src")}
    with subprocess.Popen(
        [*command, *OPTIONS, *places, str(folder)], env=environment, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    ) as server:  # fmt: skip
        try:
            messages = []
            assert server.stdout
            for line in server.stdout:
                messages.append(line)
                if found := re.search(r"listening on (http://\S+?)/?\s*$", line):
                    yield found[1]
                    return
            raise SystemExit("code-server did not start:\n" + "".join(messages))
        finally:
            os.killpg(server.pid, signal.SIGTERM)  # it has forked others, which may outlive it
