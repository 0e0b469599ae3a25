"""Runs a script statement by statement and probes after each; sent as text, after the probe's.

Like the probe it stands alone: the script's Python needs no nbkata. Called as
``python DRIVER SCRIPT ANSWERS``; each answer is one line of JSON in the file ANSWERS.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import tokenize
from typing import Any


def drive(path: str, answers: str, probe: Any, versions: Any) -> None:
    """Run the script as ``__main__``; an exception ends it and is told in the last line."""
    with tokenize.open(path) as file:  # in the encoding that it declares
        source = file.read()
    main = sys.modules["__main__"]
    for name in [name for name in vars(main) if not name.startswith("__")]:
        delattr(main, name)
    namespace = vars(main)
    namespace["__file__"] = path
    sys.argv = [path]
    sys.path[0] = os.path.dirname(path)
    with open(answers, "w", encoding="utf-8") as out:
        try:
            for statement in ast.parse(source, path).body:
                code = compile(ast.Module([statement], []), path, "exec")
                exec(code, namespace)  # pylint: disable=exec-used # that is running a script
                # pylint: disable-next=unsupported-membership-test # the kit puts the lines in here
                if STOPS is not None and statement.lineno not in STOPS:
                    continue
                answer = json.loads(probe.changes(namespace, WANTED))
                answer["line"] = statement.lineno
                answer["source"] = ast.get_source_segment(source, statement)
                print(json.dumps(answer), file=out, flush=True)
        except (Exception, SystemExit) as error:  # pylint: disable=broad-exception-caught
            if not isinstance(error, SystemExit) or error.code not in (None, 0):
                line = _line_in(error, path)
                answer = {"raised": f"{type(error).__name__}: {error}", "line": line}
                print(json.dumps(answer), file=out, flush=True)
        print(json.dumps({"versions": json.loads(versions())}), file=out, flush=True)


def _line_in(error: BaseException, path: str) -> int:
    line, frame = getattr(error, "lineno", None) or 1, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == path:
            line = frame.tb_lineno
        frame = frame.tb_next
    return int(line)


WANTED = None
STOPS = None
