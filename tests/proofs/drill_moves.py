"""How a language server solves each drill: one function a drill, doing what a learner's keys do.

Each takes the server on the drill's folder. Where a person reads and then types, the function reads
what the server answers and types what follows from it.
"""

import difflib
import re
from collections.abc import Callable
from pathlib import Path

from support.language_servers import LanguageServer, debugger

Move = Callable[[LanguageServer], None]


def write_answer(folder: Path, *words: str) -> None:
    """Below the line, as the learner is told."""
    path = folder / "answer.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\n".join(words) + "\n", encoding="utf-8")


def complete_a_call(server: LanguageServer) -> None:
    """Completion after `ports.value_c`, then the brackets."""
    found = server.at("ports.py", "ports.value_c|", "completion")
    items = found["items"] if isinstance(found, dict) else found
    labels = {item["label"].partition("(")[0] for item in items}
    (chosen,) = [label for label in labels if label.startswith("value_c")]
    server.write("ports.py", server.text("ports.py").replace("value_c\n", f"{chosen}()\n"))


def hover_text(server: LanguageServer, name: str, word: str) -> str:
    """What the editor would show over a word."""
    contents = server.at(name, word, "hover")["contents"]
    parts = contents if isinstance(contents, list) else [contents]
    return "\n".join(part if isinstance(part, str) else part["value"] for part in parts)


def read_the_documentation(server: LanguageServer) -> None:
    """Hover over `qcut`; the parameter is the one whose text speaks of unique edges."""
    text = hover_text(server, "fares.py", "qcut").replace("&nbsp;", " ").replace("\\", "")
    parameters = re.split(r"\n\s*[*`]*(\w+)[*`]* ?:", text)
    pairs = zip(parameters[1::2], parameters[2::2], strict=False)
    (answer,) = {name for name, outcome in pairs if "unique" in outcome}
    write_answer(server.folder, answer)


def parameter_hints(server: LanguageServer) -> None:
    """Signature help in the call; each argument goes where its parameter stands."""
    found = server.at("report.py", "survival_rates(|passengers", "signatureHelp")
    signature = found["signatures"][found.get("activeSignature") or 0]
    label = signature["label"]
    shown = [
        p["label"] if isinstance(p["label"], str) else label[slice(*p["label"])]
        for p in signature["parameters"]
    ]
    names = [text.partition(":")[0].partition("=")[0].strip() for text in shown]
    values = {"passengers": "passengers", "by": '"Pclass"', "digits": "2", "at_least": "3"}
    arguments = ", ".join(values[name] for name in names)
    text = server.text("report.py")
    server.write("report.py", text.replace('passengers, 3, 2, "Pclass"', arguments))


def missing_import(server: LanguageServer) -> None:
    """The quick fix on `np`."""
    problems = server.problems("fares.py", lambda problem: "np" in problem["message"])
    server.act("fares.py", problems[0]["range"], "Use common alias: `import numpy as np`", problems)


def lint_warning(server: LanguageServer) -> None:
    """Pylint's message names the mistake; it is fixed as the message advises, then gone."""
    (problem,) = server.problems("missing_ages.py", lambda d: d.get("code") == "W0177")
    line = server.text("missing_ages.py").splitlines()[problem["range"]["start"]["line"]]
    fixed = re.sub(r"(passengers\[\S+\]) == np\.nan", r"\1.isna()", line)
    server.write("missing_ages.py", server.text("missing_ages.py").replace(line, fixed))
    (unused,) = server.problems("missing_ages.py", lambda d: d.get("code") == "W0611")
    assert "numpy" in unused["message"]
    now = server.diagnostics[server.uri("missing_ages.py")]
    assert "W0177" not in {problem.get("code") for problem in now}


def next_problem(server: LanguageServer) -> None:
    """From diagnostic to diagnostic; each name becomes the nearest one of its function."""
    problems = server.problems("scores.py", lambda d: d.get("code") == "E0602")
    lines = server.text("scores.py").splitlines()
    for problem in problems:
        line, name = problem["range"]["start"]["line"], problem["message"].split("'")[1]
        start = max(i for i in range(line) if lines[i].startswith("def "))
        known = set(re.findall(r"\w+", "\n".join(lines[start:line]))) - {name}
        (meant,) = difflib.get_close_matches(name, known, n=1)
        lines[line] = re.sub(rf"\b{name}\b", meant, lines[line])
    server.write("scores.py", "\n".join(lines) + "\n")


def format_with_black(server: LanguageServer) -> None:
    """Format the document."""
    options = {"tabSize": 4, "insertSpaces": True}
    uri = server.uri("titles.py")
    params = {"textDocument": {"uri": uri}, "options": options}
    server.apply({"changes": {uri: server.request("textDocument/formatting", params)}})


def organize_imports(server: LanguageServer) -> None:
    """The source action."""
    server.act("train.py", server.span("train.py", "import sys"), "Organize import")


def rename(server: LanguageServer) -> None:
    """Rename the function where it is defined, in all files."""
    server.apply(server.at("titles.py", "proc", "rename", newName="title_of"))


def extract_variable(server: LanguageServer) -> None:
    """Extract the sum everywhere, then give it its name."""
    words = 'passenger["SibSp"] + passenger["Parch"] + 1'
    title = {"pylsp": "Extract variable including similar", "jedi": "Extract expression into var"}
    server.act("features.py", server.span("features.py", words), title[server.name])
    made_up = re.findall(r"(\w+) = passenger", server.text("features.py"))[0]
    server.apply(server.at("features.py", f"{made_up} =", "rename", newName="family_size"))


def extract_function(server: LanguageServer) -> None:
    """Extract the two lines, then give the function its name."""
    text = server.text("features.py")
    start, end = text.index("title = name"), text.index("\n    alone")
    server.act("features.py", server.span("features.py", text[start:end]), "Extract method")
    made_up = re.findall(r"def (\w+)\(name", server.text("features.py"))[0]
    server.apply(server.at("features.py", f"def |{made_up}", "rename", newName="title_of"))


def inline_variable(server: LanguageServer) -> None:
    """Inline both."""
    for word in ("tmp", "temporary"):
        position = server.position("split.py", f"{word} =")
        server.act("split.py", {"start": position, "end": position}, "Inline")


def go_to_definition(server: LanguageServer) -> None:
    """Four times, from the call in train.py to the word."""
    name = "train.py"
    for word in ("in |prepared(", "[|with_age_band(", ": |age_band(", "return bands.|OLDEST"):
        found = server.at(name, word, "definition")
        place = found[0] if isinstance(found, list) else found
        name = place["uri"].rsplit("/", 1)[1]
    line = server.text(name).splitlines()[place["range"]["start"]["line"]]
    write_answer(server.folder, line.split('"')[1])


def find_usages(server: LanguageServer) -> None:
    """References, and for each the function that it stands in."""
    context = {"includeDeclaration": False}
    found = server.at("ages.py", "def |fill_age", "references", context=context)
    callers = []
    for place in found:
        lines = server.text(place["uri"].rsplit("/", 1)[1]).splitlines()
        line = place["range"]["start"]["line"]
        if lines[line].startswith(("from ", "import ", "def ")):
            continue
        heads = [i for i in range(line) if lines[i].lstrip().startswith("def ")]
        callers.append(lines[heads[-1]].split("def ")[1].partition("(")[0])
    alias = [place for place in found if "report.py" in place["uri"]]
    if alias and "mean_age" not in callers:  # an alias has usages of its own: one key more
        more = server.at("report.py", "as |with_age", "references", context=context)
        lines = server.text("report.py").splitlines()
        for place in more:
            line = place["range"]["start"]["line"]
            if "with_age(" in lines[line]:
                heads = [i for i in range(line) if lines[i].startswith("def ")]
                callers.append(lines[heads[-1]].split("def ")[1].partition("(")[0])
    write_answer(server.folder, *callers)


def fold(server: LanguageServer) -> None:
    """All ranges folded: the headlines are the functions on lines that are still seen."""
    uri = {"textDocument": {"uri": server.uri("train.py")}}
    ranges = server.request("textDocument/foldingRange", uri)
    hidden = {line for r in ranges for line in range(r["startLine"] + 1, r["endLine"] + 1)}
    lines = server.text("train.py").splitlines()
    seen = [line for number, line in enumerate(lines) if number not in hidden]
    write_answer(server.folder, *re.findall(r"def (\w+)", "\n".join(seen)))


def debug(folder: Path) -> None:
    """A breakpoint, three stops, and the value of `guess`."""
    program = folder / "fill_ages.py"
    line = program.read_text(encoding="utf-8").splitlines().index(" " * 12 + "filled.append(guess)")
    with debugger(folder) as ask:
        ask("initialize", adapterID="debugpy", pathFormat="path", linesStartAt1=True)
        ask("launch", program=str(program), cwd=str(folder), console="internalConsole")
        ask("wait", event="initialized")
        ask("setBreakpoints", source={"path": str(program)}, breakpoints=[{"line": line + 1}])
        ask("configurationDone")
        for stop in range(3):
            thread = ask("wait", event="stopped")["body"]["threadId"]
            frame = ask("stackTrace", threadId=thread)["stackFrames"][0]["id"]
            value = ask("evaluate", expression="guess", frameId=frame)["result"]
            if stop < 2:
                ask("continue", threadId=thread)
        ask("disconnect", terminateDebuggee=True)
    write_answer(folder, value)


MOVES: dict[str, tuple[Move, tuple[str, ...]]] = {
    "01-complete-a-call": (complete_a_call, ("pyrefly", "jedi")),
    "02-read-the-documentation": (read_the_documentation, ("pyrefly", "jedi")),
    "03-parameter-hints": (parameter_hints, ("pyrefly", "jedi")),
    "04-missing-import": (missing_import, ("pyrefly",)),
    "05-lint-warning": (lint_warning, ("pylsp",)),
    "06-next-problem": (next_problem, ("pylsp",)),
    "07-format": (format_with_black, ("pylsp",)),
    "08-organize-imports": (organize_imports, ("pylsp",)),
    "11-rename": (rename, ("pyrefly", "jedi")),
    "12-extract-variable": (extract_variable, ("pylsp",)),
    "13-extract-function": (extract_function, ("pylsp",)),
    "14-inline-variable": (inline_variable, ("pylsp", "pyrefly", "jedi")),
    "16-go-to-definition": (go_to_definition, ("pyrefly", "jedi")),
    "17-find-usages": (find_usages, ("pyrefly", "jedi")),
    "18-fold": (fold, ("pylsp",)),
}
"""Which servers solve which drill; the first is the one to rely on, others are witnesses."""

NO_SERVER = {
    "09-move-and-duplicate": "moving lines is the editor's own work: no server is asked",
    "10-multi-cursor": "many cursors are the editor's own work: no server is asked",
    "15-open-by-name": "files are opened by the editor alone: no server is asked",
    "19-split": "splitting is the editor's own work, and the fixing is done by hand",
}
"""Drills whose end state is proven instead, and why."""

DEBUGGER = {"20-debug": debug}
"""Solved by debugpy, which both editors drive."""
