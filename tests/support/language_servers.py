"""A small client for language servers and debuggers: the standard library is enough.

Both protocols are JSON with a Content-Length in front. The client applies every edit to the disk,
as an editor would after "save all".
"""

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Json = dict[str, Any]

PATIENCE_S = 60
"""How long an answer may take on a busy machine; most take some milliseconds."""

COMMANDS = {
    "pyrefly": ("pyrefly", "lsp"),
    "pylsp": ("pylsp",),
    "jedi": ("jedi-language-server",),
}
PACKAGES = {
    "pyrefly": "pyrefly",
    "pylsp": "python-lsp-server pylsp-rope python-lsp-black",
    "jedi": "jedi-language-server",
}

PYLSP_SETTINGS = {
    "pylsp": {
        "plugins": {
            **{name: {"enabled": False} for name in ("pycodestyle", "pyflakes", "mccabe")},
            **{name: {"enabled": False} for name in ("autopep8", "yapf", "flake8", "pydocstyle")},
            "black": {"enabled": True},
            "pylint": {"enabled": True},
            "pylsp_rope": {"rename": False},
            "rope_rename": {"enabled": False},
            "jedi_rename": {"enabled": True},
        }
    }
}


class ServerFailed(AssertionError):
    """The server is missing, died or gave no answer: which one, and what to do."""


class Connection:
    """A process that speaks framed JSON on its standard input and output."""

    def __init__(self, name: str, command: list[str], folder: Path) -> None:
        self.name = name
        self.arrived: queue.Queue[Json | None] = queue.Queue()
        self.errors = (folder.parent / f"{name}-stderr.txt").open("w+b")
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with # see stop()
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=with_this_python(),
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                self.arrived.put(None)
                return
            self.arrived.put(json.loads(stream.read(length)))

    def send(self, message: Json) -> None:
        """One message, framed."""
        body = json.dumps(message).encode("utf-8")
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.process.stdin.flush()
        except OSError as error:
            raise self.dead() from error

    def next_message(self) -> Json:
        """What arrives next."""
        try:
            message = self.arrived.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise ServerFailed(f"{self.name} gave no answer within {PATIENCE_S} s.") from None
        if message is None:
            raise self.dead()
        return message

    def dead(self) -> ServerFailed:
        """The message about a server that ended by itself."""
        code = self.process.wait(timeout=PATIENCE_S)
        self.errors.seek(0)
        output = self.errors.read().decode("utf-8", "replace").strip().splitlines()
        last = f" Its last words: {output[-1]}" if output else ""
        again = f"uv pip install {PACKAGES.get(self.name, self.name)}"
        return ServerFailed(f"{self.name} died (exit code {code}).{last} Fix it with: {again}")

    def stop(self) -> None:
        """End it, and everything that reads from it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.reader.join(timeout=5)
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            assert stream is not None
            try:
                stream.close()
            except OSError:  # a pipe to a process that is gone
                pass


def with_this_python() -> dict[str, str]:
    """What an editor gives a server: the environment of the interpreter that was chosen in it.

    Otherwise pyrefly reads the libraries of whichever Python comes first on the PATH.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    own = {"PATH": path, "VIRTUAL_ENV": sys.prefix}
    return {**os.environ, **own, "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1"}


def command_of(name: str) -> list[str]:
    """Where a server is, beside this Python first. Raises with how to install it."""
    program, *arguments = COMMANDS[name]
    beside = shutil.which(program, path=str(Path(sys.executable).parent))
    found = beside or shutil.which(program)
    if not found:
        raise ServerFailed(
            f"The language server {name} is not installed. It comes with the development "
            f"dependencies: ./go test, or uv pip install {PACKAGES[name]}"
        )
    return [found, *arguments]


class LanguageServer:
    """One server on one folder; used as a context manager."""

    def __init__(self, name: str, folder: Path, command: list[str] | None = None) -> None:
        self.name, self.folder = name, folder
        self.connection = Connection(name, command or command_of(name), folder)
        self.last_id = 0
        self.diagnostics: dict[str, list[Json]] = {}
        self.versions: dict[str, int] = {}
        self.applied = 0

    def __enter__(self) -> Self:
        try:
            self._initialize()
        except BaseException:
            self.connection.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.request("shutdown", None)
                self.notify("exit", None)
        finally:
            self.connection.stop()

    def _initialize(self) -> None:
        root = self.folder.as_uri()
        kinds = ["", "quickfix", "refactor", "refactor.extract", "refactor.inline", "source"]
        action = {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": kinds}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        }
        capabilities = {
            "textDocument": {
                "codeAction": action,
                "publishDiagnostics": {},
                "hover": {"contentFormat": ["plaintext", "markdown"]},
                "rename": {},
                "definition": {"linkSupport": False},
                "completion": {"completionItem": {"snippetSupport": False}},
            },
            "workspace": {
                "applyEdit": True,
                "configuration": True,
                "workspaceEdit": {"documentChanges": True},
                "didChangeWatchedFiles": {"dynamicRegistration": True},
            },
        }
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root,
                "workspaceFolders": [{"uri": root, "name": self.folder.name}],
                "capabilities": capabilities,
            },
        )
        self.notify("initialized", {})
        if self.name == "pylsp":
            self.notify("workspace/didChangeConfiguration", {"settings": PYLSP_SETTINGS})
        for path in sorted(self.folder.glob("*.py")):
            self.open(path.name)

    def open(self, name: str) -> None:
        """Tell the server what the file says now."""
        document = {"uri": self.uri(name), "languageId": "python", "version": 1}
        document["text"] = self.text(name)
        self.versions[self.uri(name)] = 1
        self.notify("textDocument/didOpen", {"textDocument": document})

    def settle(self) -> None:
        """Wait until pyrefly has looked at every open file: sooner, it answers from what it knows.

        It tells by publishing diagnostics, empty ones too. The others answer in order.
        """
        while self.name == "pyrefly" and self.diagnostics.keys() < self.versions.keys():
            self._serve(self.connection.next_message())

    def uri(self, name: str) -> str:
        """A file of the folder, as the protocol names it."""
        return (self.folder / name).as_uri()

    def text(self, name: str) -> str:
        """A file of the folder."""
        return (self.folder / name).read_text(encoding="utf-8")

    def notify(self, method: str, params: Any) -> None:
        """A message without an answer."""
        self.connection.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        """A message and its answer; meanwhile the server's own requests are served."""
        if method.startswith("textDocument/"):
            self.settle()
        self.last_id += 1
        wanted = self.last_id
        message = {"jsonrpc": "2.0", "id": wanted, "method": method}
        self.connection.send(message | ({"params": params} if params is not None else {}))
        while True:
            answer = self.connection.next_message()
            if answer.get("id") == wanted and "method" not in answer:
                if "error" in answer:
                    raise ServerFailed(f"{self.name}, {method}: {answer['error']['message']}")
                return answer["result"]
            self._serve(answer)

    def _serve(self, message: Json) -> None:
        method, params = message.get("method"), message.get("params") or {}
        if method == "textDocument/publishDiagnostics":
            uri = params["uri"]
            if (params.get("version") or sys.maxsize) >= self.versions.get(uri, 0):
                self.diagnostics[uri] = params["diagnostics"]  # of the text as it is now
        if "id" not in message or method is None:
            return
        result: Any = None
        if method == "workspace/configuration":
            result = [
                PYLSP_SETTINGS["pylsp"] if item.get("section") == "pylsp" else None
                for item in params["items"]
            ]
        elif method == "workspace/applyEdit":
            self.apply(params["edit"])
            result = {"applied": True}
        self.connection.send({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def at(self, name: str, word: str, method: str, **more: Any) -> Any:
        """Ask about the first place of a word: ``|`` in it is the cursor, else its second letter."""
        where = {"textDocument": {"uri": self.uri(name)}, "position": self.position(name, word)}
        return self.request(f"textDocument/{method}", where | more)

    def position(self, name: str, word: str) -> Json:
        """Line and character of a word's first place."""
        before, cursor, after = word.partition("|")
        offset = self.text(name).index(before + after) + (len(before) if cursor else 1)
        return position_of(self.text(name), offset)

    def span(self, name: str, words: str) -> Json:
        """The range of the first place of some words."""
        start = self.text(name).index(words)
        return {
            "start": position_of(self.text(name), start),
            "end": position_of(self.text(name), start + len(words)),
        }

    def problems(self, name: str, wanted: Callable[[Json], bool]) -> list[Json]:
        """The diagnostics of a file, once one of the wanted kind has arrived."""
        while True:
            found = [d for d in self.diagnostics.get(self.uri(name), []) if wanted(d)]
            if found:
                return found
            self._serve(self.connection.next_message())

    def act(self, name: str, span: Json, title: str, problems: list[Json] | None = None) -> None:
        """Choose the code action whose title begins so, and do what it says."""
        context = {"diagnostics": problems or []}
        params = {"textDocument": {"uri": self.uri(name)}, "range": span, "context": context}
        actions = self.request("textDocument/codeAction", params) or []
        titles = [action["title"] for action in actions]
        chosen = [action for action in actions if action["title"].lower().startswith(title.lower())]
        if not chosen:
            raise ServerFailed(f"{self.name} offers no action {title!r} here, only {titles}")
        action = chosen[0]
        if "edit" not in action and "data" in action:
            action = self.request("codeAction/resolve", action)
        if action.get("edit"):
            self.apply(action["edit"])
            return
        command = action["command"] if isinstance(action.get("command"), dict) else action
        before = self.applied
        asked = {"command": command["command"], "arguments": command.get("arguments", [])}
        self.request("workspace/executeCommand", asked)
        if self.applied == before:
            raise ServerFailed(f"{self.name}: {action['title']!r} changed nothing")

    def apply(self, edit: Json) -> None:
        """Write a workspace edit to the disk and tell the server."""
        self.applied += 1
        by_uri = dict((edit.get("changes") or {}).items())
        for change in edit.get("documentChanges") or []:
            by_uri.setdefault(change["textDocument"]["uri"], []).extend(change["edits"])
        for uri, edits in by_uri.items():
            name = uri.rsplit("/", 1)[1]
            self.write(name, edited(self.text(name), edits))

    def write(self, name: str, text: str) -> None:
        """Save a file and tell the server."""
        (self.folder / name).write_text(text, encoding="utf-8", newline="\n")
        self.diagnostics.pop(self.uri(name), None)
        self.versions[self.uri(name)] += 1
        document = {"uri": self.uri(name), "version": self.versions[self.uri(name)]}
        changes = [{"text": text}]
        params = {"textDocument": document, "contentChanges": changes}
        self.notify("textDocument/didChange", params)
        self.notify("textDocument/didSave", {"textDocument": document, "text": text})


def position_of(text: str, offset: int) -> Json:
    """Of a character. The drills are ASCII, so that every encoding counts alike."""
    before = text[:offset]
    return {"line": before.count("\n"), "character": offset - (before.rfind("\n") + 1)}


def offset_of(text: str, position: Json) -> int:
    """The character at a position; past the end of the text, its end."""
    lines = text.splitlines(keepends=True)
    if position["line"] >= len(lines):
        return len(text)
    return sum(map(len, lines[: position["line"]])) + position["character"]


def edited(text: str, edits: list[Json]) -> str:
    """The text with all edits in it; all of them count in the text as it was."""
    places = [
        (offset_of(text, e["range"]["start"]), offset_of(text, e["range"]["end"]), e["newText"])
        for e in edits
    ]
    for start, end, new in sorted(places, key=lambda place: place[:2], reverse=True):
        text = text[:start] + new + text[end:]
    return text


@contextmanager
def debugger(folder: Path) -> Iterator[Callable[..., Json]]:
    """debugpy's adapter, as both editors drive it; yields ``ask(command, **arguments)``.

    ``ask("wait", event="stopped")`` waits for an event instead.
    """
    connection = Connection("debugpy", [sys.executable, "-m", "debugpy.adapter"], folder)
    sequence = 0
    early: list[Json] = []

    def ask(command: str, **arguments: Any) -> Json:
        nonlocal sequence
        if command == "wait":
            return wait(lambda m: m.get("event") == arguments["event"])
        sequence += 1
        mine = sequence
        message = {"seq": mine, "type": "request", "command": command, "arguments": arguments}
        connection.send(message)
        if command == "launch":  # answered only when the configuration is done
            return {}
        answer = wait(lambda m: m["type"] == "response" and m["request_seq"] == mine)
        assert answer["success"], answer.get("message")
        return dict(answer.get("body") or {})

    def wait(wanted: Callable[[Json], bool]) -> Json:
        for message in list(early):
            if wanted(message):
                early.remove(message)
                return message
        while not wanted(message := connection.next_message()):
            early.append(message)
        return message

    try:
        yield ask
    finally:
        connection.stop()
