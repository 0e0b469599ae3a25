"""The command line: argv in, one call, exit code out.

Only the module of the command that was asked for is imported, and `--help` imports none: a learner
types these commands a hundred times a day.
"""

import io
import os
import sys
from collections.abc import Iterable
from contextlib import redirect_stdout, suppress

# The commands as the overview groups them, each with its line there.
GROUPS = {
    "Learn": {
        "start": "make the workspace, run the notebook for real, show step 00",
        "status": "where you are: the step, its two lights, what to do next",
        "watch": "both lights after each save; keys for hint, diff, next and undo",
        "guide": "the step's guide, with the keys of your editor",
        "hint": "a hint for the step: each time one that says a little more",
        "check": "run the step's two lights now: behaviour and shape",
        "next": "on to the next step, when both lights are green",
        "solution": "how the step can be solved, once it is green",
        "catch-up": "bring the workspace to the start of a step, and go on from there",
        "reset": "begin the step that you are at again",
        "undo": "bring back your files as they were before the kit wrote them",
        "review": "accept an assistant's pull requests, or send them back",
        "drill": "practise the moves of your IDE, with the keys of yours",
        "assistant": "switch your editor's AI suggestions off or on, in this workspace",
    },
    "Look": {
        "diff": "what differs: two steps, your workspace, a notebook",
        "report": "figures of every step and of your own code, as table and page",
        "hooks": "look at each git commit: format, lint, quick tests",
        "guard": "has a change made the safety net weaker? yours or an assistant's",
    },
    "Your own notebook": {
        "adopt": "plan, script, tests and their strength for your own notebook",
        "record": "run a notebook or script and keep what its names held",
        "compare": "two records, a record and a run, or two branches: what moved first",
        "characterize": "write characterization tests for a notebook or script",
        "strength": "how many planted changes in your code your own tests catch",
        "smells": "find the code smells of notebooks and scripts, by cell and line",
        "purity": "which functions are pure, by text and by calling them again",
        "extract": "what to extract from a notebook or script first, with a picture",
    },
    "Workshops": {
        "join": "let the facilitator see where you are; alone: what was sent",
        "hand": "ask the facilitator to come",
        "leave": "leave the room: what was sent is deleted",
        "facilitate": "for those who lead one: run sheet, and all else a room needs",
    },
    "Authors": {
        "dev": "for authors: prove every step, approve the golden record",
    },
}
# The command `x-y` is the function and module `x_y`.
COMMANDS = [name for group in GROUPS.values() for name in group]

# The rooms of the commands that are not called as their room is.
ROOM_OF = {
    **dict.fromkeys(("start", "status", "guide", "hint", "check", "next", "solution"), "kata"),
    **dict.fromkeys(("catch-up", "reset", "undo", "hooks", "assistant"), "kata"),
    **dict.fromkeys(("join", "hand", "leave"), "facilitate"),
    **{"compare": "report", "drill": "drills", "dev": "authoring"},
}


# Commands that consist of others: the second word names the function and module in their room.
WORDS_OF = {
    "facilitate": {
        "room": "who is where and who needs help, from learners who joined",
        "call": "tell the room at which step it goes on",
        "handbook": "how to lead a workshop: the day before, each step, the end",
        "pack": "all that a room without a network needs, in a folder",
        "preflight": "what the machines of a room lack, from what ./go ready printed on them",
        "run-sheet": "the plan of a workshop: steps, breaks and end times, what to say",
        "clock": "a page for the projector: the step, the time left, the next break",
        "slides": "a page of slides: each step's goal, why, before and after, a question",
        "huddle": "the cards and the agenda of a debt huddle",
        "cohort": "check all workspaces of a course in a sandbox: who is where, what is said most",
        "review": "one of each kind of solution beside the kit's, and comments to send back",
    },
}

SENTENCE = "From a messy notebook to a tested functional core, in small green steps."
FOOT = (
    "nbkata COMMAND -h lists a command's options. Exit codes: 0 all well, 1 a light is red, "
    "2 the input cannot be used."
)

# Commands that are typed most, with the module that runs them where no option is given: without
# typer and rich, which take ten times as long to import as Python takes to start.
QUICK = {"status": "_standing", "hint": "_hinting"}


def main(argv: list[str] | None = None) -> int:
    """Run one command. Returns 0 all well, 1 a light is red, 2 bad input or usage."""
    if argv is None and sys.flags.optimize and "PYTHONOPTIMIZE" in os.environ:
        return _started_again()
    arguments = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):  # a file's name or a value may be no whole text
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        from nbkata.terminal.plain import width  # pylint: disable=import-outside-toplevel

        return _say(overview(width()))
    if arguments[0] == "--version":
        from nbkata import __version__  # pylint: disable=import-outside-toplevel

        return _say(f"nbkata {__version__}")
    if arguments[0] not in COMMANDS:
        return _refuse(_unknown(arguments[0], COMMANDS))
    if len(arguments) == 1 and arguments[0] in QUICK:
        return _run_quickly(arguments[0])
    if arguments[0] in WORDS_OF:
        return _run_word(arguments[0], arguments[1:])
    return _run(arguments[0], module_of(arguments[0]), arguments[1:])


def _started_again() -> int:
    """Without PYTHONOPTIMIZE, here and in all children: it takes help texts and assertions away."""
    command = [sys.executable, *sys.orig_argv[1:]]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONOPTIMIZE"}
    if sys.platform != "win32":
        os.execve(sys.executable, command, environment)
    from subprocess import call  # pylint: disable=import-outside-toplevel # for this alone

    return call(command, env=environment)


def overview(columns: int = 80) -> str:
    """The text of `nbkata --help`, in lines of at most so many columns."""
    from nbkata.terminal.plain import wrapped  # pylint: disable=import-outside-toplevel

    width = max(map(len, COMMANDS))
    lines = []
    for group, commands in GROUPS.items():
        lines.append(f"{group}:")
        for name, line in commands.items():
            lines += wrapped(line, columns, f"  {name:<{width}}  ", " " * (width + 4))
    return "\n".join(
        [
            "Usage: nbkata COMMAND [OPTIONS]",
            "",
            *wrapped(SENTENCE, columns),
            "",
            *lines,
            "",
            *wrapped(FOOT, columns),
        ]
    )


def _say(text: str) -> int:
    try:
        print(text, flush=True)
    except BrokenPipeError as error:
        return _failed("", [], error)
    return 0


def module_of(command: str) -> str:
    """The full name of a command's module."""
    return f"nbkata.{ROOM_OF.get(command, command)}.commands.{command.replace('-', '_')}"


def _run_quickly(name: str) -> int:
    # pylint: disable=import-outside-toplevel # --help goes without
    from importlib import import_module

    from nbkata.common.core.refusal import Refused
    from nbkata.terminal import plain

    try:
        code = int(import_module(f"nbkata.kata.commands.{QUICK[name]}").run())
        sys.stdout.flush()  # here, where a reader that is gone is no mistake of anybody
        return code
    except Refused as error:
        return plain.refuse(error.refusal)
    except Exception as error:  # pylint: disable=broad-exception-caught # the last net
        return _failed(name, [], error)


def _run_word(name: str, arguments: list[str]) -> int:
    words = WORDS_OF[name]
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        from nbkata.terminal.plain import width, wrapped  # pylint: disable=import-outside-toplevel

        longest = max(map(len, words))
        lines = [f"Usage: nbkata {name} WORD [OPTIONS]", ""]
        for word, line in words.items():
            lines += wrapped(line, width(), f"  {word:<{longest}}  ", " " * (longest + 4))
        return _say("\n".join([*lines, "", f"nbkata {name} WORD -h lists a word's options."]))
    if arguments[0] not in words:
        return _refuse(_unknown(arguments[0], words, f"{name} "))
    module = f"nbkata.{name}.commands.{arguments[0].replace('-', '_')}"
    return _run(f"{name} {arguments[0]}", module, arguments[1:])


def _run(name: str, path: str, arguments: list[str]) -> int:
    """Run the function that the module at ``path`` is called by; ``name`` is what was typed."""
    _end_as_by_ctrl_c()
    # pylint: disable=import-outside-toplevel # typer takes 40 ms, which --help need not pay
    import re
    from importlib import import_module

    import typer
    from typer.exceptions import TyperException

    from nbkata.common.core.refusal import Refused
    from nbkata.terminal import plain

    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, context_settings={"help_option_names": ["-h", "--help"]})(
        getattr(import_module(path), path.rpartition(".")[2])
    )
    try:
        if {"-h", "--help"} & set(arguments):
            with redirect_stdout(io.StringIO()) as text:
                app(arguments, prog_name=f"nbkata {name}", standalone_mode=False)
            return _say(_readable(text.getvalue().rstrip("\n")))
        code = app(arguments, prog_name=f"nbkata {name}", standalone_mode=False)
        sys.stdout.flush()  # here, where a reader that is gone is no mistake of anybody
    except TyperException as error:
        near = getattr(
            error, "possibilities", None
        )  # of an unknown option; the message has them too
        what = error.format_message() if near is None else getattr(error, "message", "")
        for parsers, ours in _PARSERS:
            what = re.sub(parsers, ours, what)
        meant = f" Did you mean {near[0]}?" if near else ""
        return _refuse(f"{what.rstrip('.')}.{meant} nbkata {name} -h lists the options.")
    except Refused as error:
        return plain.refuse(error.refusal)
    except Exception as error:  # pylint: disable=broad-exception-caught # the last net
        return _failed(name, arguments, error)
    if code == _INTERRUPTED:
        print(
            "Stopped. Nothing is half-written. nbkata status shows where you are.", file=sys.stderr
        )
        return 2
    return int(code or 0)


# What the parser says of a wrong value, and how a person would say it.
_PARSERS = (
    (r"Value error, |, unable to parse string as an? \w+", ""),
    ("Input should be", "it must be"),
    ("a valid integer", "a whole number"),
    ("greater than or equal to", "at least"),
    ("less than or equal to", "at most"),
)


def _readable(text: str) -> str:
    """Help without the names of Python's types: ``<path>`` in place of ``<list[Path]>``."""
    import re  # pylint: disable=import-outside-toplevel # for help alone

    text = re.sub(r"\]\.\.\.$", "]", text, count=1, flags=re.MULTILINE)
    return re.sub(
        r"<(?:list\[(\w+)\]|int range)>",
        lambda found: f"<{(found[1] or 'number').lower()}>".ljust(len(found[0])),
        text,
    )


def _end_as_by_ctrl_c() -> None:
    """Let `kill` and a closed terminal end the command as Ctrl-C does: all is ended and cleaned up.

    Not a terminal's end under nohup, which is why that was typed.
    """
    import signal  # pylint: disable=import-outside-toplevel

    def interrupt(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_IGN)  # once is enough: the second would stop the cleaning
        raise KeyboardInterrupt

    with suppress(ValueError):  # in a thread, as tests may be
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, interrupt)


def _failed(name: str, arguments: list[str], error: Exception) -> int:
    if os.environ.get("NBKATA_TRACEBACK"):
        raise error
    if isinstance(error, BrokenPipeError):  # `| head` has read enough: no mistake of anybody
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left goes nowhere
        return _READER_GONE
    too_many_digits = isinstance(error, ValueError) and "integer string conversion" in str(error)
    if isinstance(error, (RecursionError, MemoryError)) or too_many_digits:
        return _refuse(
            f"{_deepest_place(arguments) or f'nbkata {name}'}: an expression is nested too deeply, "
            "such as a sum of 1,000 terms, or something is too large, to be read. "
            "Split it, then run the command again."
        )
    return _refuse(
        f"nbkata {name} failed by a mistake of its own ({type(error).__name__}: {error}). "
        "NBKATA_TRACEBACK=1 shows where; please report it."
    )


def _deepest_place(arguments: list[str]) -> str:
    """The file, cell and line that are the likely cause, if the command was given a file."""
    # pylint: disable=import-outside-toplevel # only for what is about to end
    from pathlib import Path

    from nbkata.notebook.shell.deepest import deepest_place

    files = [path for path in map(Path, arguments) if path.suffix in (".ipynb", ".py")]
    return next((deepest_place(path) for path in files if path.is_file()), "")


_INTERRUPTED = 130  # what typer makes of Ctrl-C
_READER_GONE = 1  # what rich makes of a closed pipe


def _unknown(name: str, known: Iterable[str], before: str = "") -> str:
    from difflib import get_close_matches  # pylint: disable=import-outside-toplevel

    near = get_close_matches(name, list(known), n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"There is no command {before + name!r}.{meant} nbkata {before}--help lists them."


def _refuse(message: str) -> int:
    # pylint: disable=import-outside-toplevel # they are small, but --help goes without
    from nbkata.common.core.refusal import Refusal
    from nbkata.terminal.plain import refuse

    with suppress(OSError):  # the terminal may be closed
        refuse(Refusal(message))
    return 2


if __name__ == "__main__":
    sys.exit(main())
