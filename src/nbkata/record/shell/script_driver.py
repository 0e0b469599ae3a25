"""Runs a script statement by statement and probes after each: ``python -m ... REQUEST``, as JSON.

Each answer is one line of JSON in the file that the request names.
"""

import ast
import json
import os
import sys
import tokenize
from importlib import import_module
from typing import Any

from nbkata.child.shell.bounds import bound, explained
from nbkata.record.shell import probe


def drive(request: dict[str, Any]) -> None:
    """Run the script as ``__main__``; an exception ends it and is the last line."""
    exec(request["at_start"], {})  # pylint: disable=exec-used # seeds of the caller
    bound(request["memory_gb"])
    path, seen = request["script"], probe.Probe()
    with tokenize.open(path) as file:  # in the encoding that it declares
        source = file.read()
    main = sys.modules["__main__"]
    for name in [name for name in vars(main) if not name.startswith("__")]:
        delattr(main, name)
    namespace = vars(main)
    namespace["__file__"] = path
    sys.argv = [path]
    sys.path[0] = os.path.dirname(path)
    with open(request["answers"], "w", encoding="utf-8") as out:
        try:
            for statement in ast.parse(source, path).body:
                code = compile(ast.Module([statement], []), path, "exec")
                exec(code, namespace)  # pylint: disable=exec-used # that is running a script
                if request["stops"] and statement.lineno not in request["stops"]:
                    continue
                answer = json.loads(seen.changes(namespace, request["names"]))
                answer["line"] = statement.lineno
                answer["source"] = ast.get_source_segment(source, statement)
                print(json.dumps(answer), file=out, flush=True)
        except (Exception, SystemExit) as error:  # pylint: disable=broad-exception-caught
            if not isinstance(error, SystemExit) or error.code not in (None, 0):
                kind, line = type(error).__name__, _line_in(error, path)
                answer = {"raised": f"{kind}: {explained(kind, str(error))}", "line": line}
                print(json.dumps(answer), file=out, flush=True)
        print(json.dumps({"versions": json.loads(probe.versions())}), file=out, flush=True)


def _line_in(error: BaseException, path: str) -> int:
    line, frame = getattr(error, "lineno", None) or 1, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == path:
            line = frame.tb_lineno
        frame = frame.tb_next
    return int(line)


if __name__ == "__main__":
    # As a module of its own: the names of __main__ are the script's.
    import_module("nbkata.record.shell.script_driver").drive(json.loads(sys.argv[1]))
