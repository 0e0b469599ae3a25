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


class Slip(AssertionError):
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
            slip = f"{name} is not in {self.path.name} any more. {_reset()}"
        except UnicodeDecodeError:
            slip = f"{name} is not UTF-8. Save it as UTF-8, or start again: {_reset()}"
        except OSError as error:
            slip = f"{name} cannot be read ({error.strerror}). {_reset()}"
        raise Slip(slip)

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
            raise Slip(
                f"{name}, line {error.lineno}: Python cannot read this ({error.msg}){shown}. "
                "Undo in the editor, or nbkata drill undo."
            ) from None
        except ValueError as error:  # null bytes
            raise Slip(f"{name}: Python cannot read this ({error}). {_reset()}") from None

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
            raise Slip(f"{name} cannot be imported: {_told(error, self.path)}") from None
        finally:
            sys.dont_write_bytecode = no_bytecode
            sys.path.remove(str(self.path))
            for module in mine:
                sys.modules.pop(module, None)
            sys.modules.update(hidden)

    def call(self, function: Callable[..., Any], *arguments: Any, slip: str = "") -> Any:
        """Its value; what it raises becomes a message, ``slip`` in front."""
        try:
            return function(*arguments)
        except Exception as error:  # pylint: disable=broad-exception-caught # the learner's own
            name = getattr(function, "__name__", "the function")
            said = f"{name} stopped with {_told(error, self.path)}"
            raise Slip(f"{slip} ({said})" if slip else said) from None

    @staticmethod
    def tried(function: Callable[..., Any], argument: Any) -> Any:
        """Its value, or none where it raises."""
        try:
            return function(argument)
        except Exception:  # pylint: disable=broad-exception-caught # the learner's own
            return None

    def unchanged(self, name: str, why: str = "") -> None:
        """Fail where a file is no longer the program that was given."""
        if ast.dump(self.tree(name)) != ast.dump(ast.parse(self.original(name))):
            raise Slip(
                f"{name} should stay as it was. {why or 'This drill needs no change in it.'}"
            )

    def answer(self) -> list[str]:
        """The words of the learner's answer, in lower case; never none."""
        lines = self.text(ANSWER).splitlines()
        said = " ".join(line for line in lines if not line.lstrip().startswith("#"))
        words = said.lower().replace(",", " ").split()
        if not words:
            raise Slip(f"{ANSWER} has no answer yet. Write it below the line, and save.")
        return words


def _text(path: Path) -> str:
    text = read_file(path).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _reset() -> str:
    return "nbkata drill reset brings it back."


def _told(error: BaseException, folder: Path) -> str:
    """``NameError: name 'np' is not defined (fares.py, line 6)``."""
    line = ""
    frame = error.__traceback__
    while frame is not None:
        file = Path(frame.tb_frame.f_code.co_filename)
        if file.parent == folder:
            line = f" ({file.name}, line {frame.tb_lineno})"
        frame = frame.tb_next
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}{': ' + said[0] if said else ''}{line}"
