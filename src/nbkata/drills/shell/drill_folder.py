"""What a drill's test sees: the learner's files, with messages a learner can use."""

import ast
import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from nbkata.common.shell.files import read_file

ANSWER = "answer.txt"


class Mistake(AssertionError):
    """What is not there yet, in words for the learner."""


@dataclass(frozen=True)
class DrillFolder:
    """A drill as the learner works on it, and as the kit gave it."""

    path: Path
    given: Path

    def text(self, name: str) -> str:
        """A file's text; line ends and a byte order mark are the editor's business."""
        try:
            return _text(self.path / name)
        except FileNotFoundError:
            mistake = f"{name} is not in {self.path.name} any more. {_reset()}"
        except UnicodeDecodeError:
            mistake = f"{name} is not UTF-8. Save it as UTF-8, or start again: {_reset()}"
        except OSError as error:
            mistake = f"{name} cannot be read ({error.strerror}). {_reset()}"
        raise Mistake(mistake)

    def original(self, name: str) -> str:
        """The same file as it was given."""
        return _text(self.given / name)

    def tree(self, name: str) -> ast.Module:
        """The file's syntax tree."""
        text = self.text(name)
        try:
            return ast.parse(text)
        except SyntaxError as error:
            line = (error.text or "").strip()
            shown = f": {line}" if line else ""
            raise Mistake(
                f"{name}, line {error.lineno}: Python cannot read this ({error.msg}){shown}. "
                "Undo in the editor, or nbkata drill reset."
            ) from None
        except ValueError as error:  # null bytes
            raise Mistake(f"{name}: Python cannot read this ({error}). {_reset()}") from None

    def load(self, name: str) -> ModuleType:
        """The file imported, beside its neighbours, and nothing left behind."""
        self.tree(name)
        mine = {path.stem for path in self.path.glob("*.py")}
        hidden = {module: sys.modules.pop(module) for module in mine & set(sys.modules)}
        sys.path.insert(0, str(self.path))
        no_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        importlib.invalidate_caches()
        try:
            return importlib.import_module(Path(name).stem)
        except Exception as error:  # pylint: disable=broad-exception-caught # the learner's own
            raise Mistake(f"{name} cannot be imported: {_message(error, self.path)}") from None
        finally:
            sys.dont_write_bytecode = no_bytecode
            sys.path.remove(str(self.path))
            for module in mine:
                sys.modules.pop(module, None)
            sys.modules.update(hidden)

    def call(self, function: Callable[..., Any], *arguments: Any, mistake: str = "") -> Any:
        """Its value; what it raises becomes a message, ``mistake`` in front."""
        try:
            return function(*arguments)
        except Exception as error:  # pylint: disable=broad-exception-caught # the learner's own
            name = getattr(function, "__name__", "the function")
            message = f"{name} stopped with {_message(error, self.path)}"
            raise Mistake(f"{mistake} ({message})" if mistake else message) from None

    @staticmethod
    def tried(function: Callable[..., Any], argument: Any) -> Any:
        """Its value, or none if it raises."""
        try:
            return function(argument)
        except Exception:  # pylint: disable=broad-exception-caught # the learner's own
            return None

    def unchanged(self, name: str, why: str = "") -> None:
        """Fail where a file is no longer the program that was given."""
        if ast.dump(self.tree(name)) != ast.dump(ast.parse(self.original(name))):
            raise Mistake(
                f"{name} should stay as it was. {why or 'This drill needs no change in it.'}"
            )

    def answer(self) -> list[str]:
        """The words of the learner's answer, in lower case; never none."""
        lines = self.text(ANSWER).splitlines()
        message = " ".join(line for line in lines if not line.lstrip().startswith("#"))
        words = message.lower().replace(",", " ").split()
        if not words:
            raise Mistake(f"{ANSWER} has no answer yet. Write it below the line, and save.")
        return words


def _text(path: Path) -> str:
    text = read_file(path).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _reset() -> str:
    return "nbkata drill reset brings it back."


def _message(error: BaseException, folder: Path) -> str:
    """``NameError: name 'np' is not defined (fares.py, line 6)``."""
    line = ""
    frame = error.__traceback__
    while frame is not None:
        file = Path(frame.tb_frame.f_code.co_filename)
        if file.parent == folder:
            line = f" ({file.name}, line {frame.tb_lineno})"
        frame = frame.tb_next
    message = str(error).strip().splitlines()
    return f"{type(error).__name__}{': ' + message[0] if message else ''}{line}"
