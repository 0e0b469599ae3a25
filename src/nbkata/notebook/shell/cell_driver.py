"""Runs cells in a Python that has no ipykernel: plain Python, without IPython's commands.

Started with pipes, as `python -m nbkata.notebook.shell.cell_driver`. Each request and its answer is one line of
JSON: ``{"run": SOURCE}`` gives the cell's outputs, and how it failed; ``{"ask": [CODE, EXPRESSION]}`` gives the
expression's value as ``repr`` shows it.
"""

import ast
import builtins
import contextlib
import getpass
import io
import json
import os
import re
import sys
from importlib import import_module
from typing import Any

# Commands of IPython without which a cell does the same; others are errors of syntax.
_WITHOUT = re.compile(
    r"^[ \t]*%(?:matplotlib|config|load_ext|reload_ext|autoreload)\b.*$|^%%?time(?=\s)",
    re.MULTILINE,
)


class StdinNotImplementedError(RuntimeError):
    """As ipykernel calls it: nobody is there to answer."""


def drive() -> None:
    """Answer until the input closes; the cells' names are those of ``__main__``."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    main = sys.modules["__main__"]
    for name in [name for name in vars(main) if not name.startswith("__")]:
        delattr(main, name)
    for name in ("__file__", "__spec__", "__package__", "__loader__", "__cached__"):
        vars(main).pop(name, None)
    sys.argv = [""]
    setattr(builtins, "input", _ask_nobody)
    setattr(getpass, "getpass", _ask_nobody)
    for line in requests:
        request = json.loads(line)
        names = vars(main)
        answer = _run(names, request["run"]) if "run" in request else _ask(names, *request["ask"])
        print(json.dumps(answer), file=answers, flush=True)


def _ask_nobody(*_: object, **__: object) -> str:
    raise StdinNotImplementedError("nobody is there to answer")


def _run(names: dict[str, Any], source: str) -> dict[str, Any]:
    shown: list[dict[str, Any]] = []
    printed = {"stdout": io.StringIO(), "stderr": io.StringIO()}

    def display(*values: Any, **_: Any) -> None:
        shown.extend(_output("display_data", value) for value in values)

    setattr(builtins, "display", display)
    answer: dict[str, Any] = {"failed": None}
    with (
        contextlib.redirect_stdout(printed["stdout"]),
        contextlib.redirect_stderr(printed["stderr"]),
    ):
        try:
            body = _parsed(source)
            last = body.body.pop() if body.body and _shows(body.body[-1], source) else None
            exec(compile(body, "<cell>", "exec"), names)  # pylint: disable=exec-used # a cell
            if isinstance(last, ast.Expr):
                code = compile(ast.Expression(last.value), "<cell>", "eval")
                value = eval(code, names)  # pylint: disable=eval-used
                names["_"] = value
                if value is not None:
                    shown.append(_output("execute_result", value))
        except BaseException as error:  # pylint: disable=broad-exception-caught # SystemExit, too
            answer["failed"] = [type(error).__name__, str(error), _line_of(error)]
        if "matplotlib.pyplot" in sys.modules:  # as Jupyter does after each cell
            sys.modules["matplotlib.pyplot"].close("all")
    streams = [
        {"output_type": "stream", "name": name, "text": stream.getvalue()}
        for name, stream in printed.items()
        if stream.getvalue()
    ]
    return {**answer, "outputs": [*streams, *shown]}


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source, "<cell>")
    except SyntaxError:
        return ast.parse(_WITHOUT.sub("", source), "<cell>")


def _shows(statement: ast.stmt, source: str) -> bool:
    return isinstance(statement, ast.Expr) and not source.rstrip().endswith(";")


def _output(kind: str, value: Any) -> dict[str, Any]:
    data = {"text/plain": repr(value)}
    return {"output_type": kind, "data": data, "metadata": {}} | (
        {"execution_count": None} if kind == "execute_result" else {}
    )


def _line_of(error: BaseException) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == "<cell>":
        return error.lineno
    frame = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<cell>":
            return frame.tb_lineno
        frame = frame.tb_next
    return None


def _ask(names: dict[str, Any], code: str, expression: str) -> dict[str, Any]:
    try:
        exec(code, names)  # pylint: disable=exec-used # the kit's own
        value = eval(expression, names)  # pylint: disable=eval-used
        return {"answer": repr(value)}
    except Exception as error:  # pylint: disable=broad-exception-caught # the answer says it
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    # As a module of its own: the names of __main__ are the notebook's.
    import_module("nbkata.notebook.shell.cell_driver").drive()
