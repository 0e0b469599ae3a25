"""Hostile learner code: what turns a light green that should be red, and what never ends."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

from attacks.trial import Trial, left_behind

from nbkata.child.shell.warm import kept_warm
from nbkata.common.core.refusal import Refusal
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.check import check_step, observe
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import Kit, load_kit
from nbkata.kata.shell.warmed import WARMED
from nbkata.kata.shell.workspace import create_workspace

# By name: lines that turn a shape light green if verdicts are made where they run.
SHAPE_FAKES = {
    "skip": "import pytest; pytest.skip('x')",
    "xfail": "import pytest; pytest.xfail('x')",
    "pytest.exit": "import pytest; pytest.exit('x', returncode=0)",
    "os._exit": "import os; os._exit(0)",
    "sys.exit": "import sys; sys.exit(0)",
    "SystemExit": "raise SystemExit",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "kill": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "Function.runtest": "import pytest; pytest.Function.runtest = lambda self: None",
    "every reporter": (
        "import gc; from nbkata.shape_tests.shell import reporter as p; "
        "tell = p.Reporter._tell; "
        "p.Reporter._tell = lambda s, told: tell(s, {**told, **({'ok': True} if 'ok' in told else {})})"
    ),
    "CallInfo": (
        "import _pytest.runner as r; new = r.CallInfo.from_call.__func__; "
        "r.CallInfo.from_call = classmethod(lambda c, f, when, reraise=None: "
        "new(c, (lambda: None) if when == 'call' else f, when, reraise))"
    ),
    "no items": (
        "import gc, pytest; [o.items.clear() for o in gc.get_objects() if isinstance(o, pytest.Session)]"
    ),
    "deselected": (
        "import gc, pytest; [o.items.__delitem__(slice(1, None)) "
        "for o in gc.get_objects() if isinstance(o, pytest.Session)]"
    ),
    "assertions": "import builtins; builtins.AssertionError = type('Never', (Exception,), {})",
    "written report": """
import json, os, pathlib, sys
names = ('test_a', 'test_b')
lines = [{'test': n, 'folder': '{slug}', 'ok': True, 'message': ''} for n in names]
for given in sys.argv:
    if 'report' in given:
        text = ''.join(json.dumps(line) + chr(10) for line in [*lines, {'end': True}])
        pathlib.Path(given.partition('=')[2]).write_text(text)
os._exit(0)""",
    "every open pipe": """
import json, os
line = json.dumps({'test': 'test_a', 'folder': '{slug}', 'ok': True, 'message': ''}) + chr(10)
for number in range(3, 64):
    try:
        os.write(number, line.encode() + b'{"end": true}' + bytes([10]))
    except OSError:
        pass
os._exit(0)""",
}
STEPS = ("06", "07", "08", "09", "10", "11")
# Many a cheat begins only if it is not seen by the behaviour light, or in the middle of a test.
SEES = (
    "",
    "if 'code_driver' not in str(getattr(__import__('__main__'), '__file__', '')): ",
    "if 'PYTEST_CURRENT_TEST' in __import__('os').environ: ",
)


# Without the loop over rows that the text of step 06 gives away: only what its code does is red.
NO_ROWS = (
    """for i, row in df.iterrows():
        titles.append(row["Name"]""",
    """for name in df["Name"]:
        titles.append(name""",
)


# Behind the program: what it gives is wrong from now on.
WRONG = """

_right = train


def train(path):
    results = _right(path)
    return {**results, "accuracy": results["accuracy"] + 1}
"""


def fakes(chance: random.Random, folder: Path) -> Generator[Trial]:
    """At the start of a step, whose shape is red, code that makes a light green; and canned results."""
    kit = load_kit()
    assert not isinstance(kit, Refusal), kit
    workspace = create_workspace(folder / "workspace", kit).path
    source = workspace / "src" / "train.py"
    honest: dict[str, int] = {}
    names = [*SHAPE_FAKES, CANNED]
    with kept_warm(WARMED, remembers=True):  # as in `nbkata watch`: no forest is grown twice
        while True:
            name, step = chance.choice(names), step_of(kit, chance.choice(STEPS))
            before = kit.kata.before(step)
            assert before
            lay_out(kit, before, workspace)
            text = source.read_text("utf-8").replace(*NO_ROWS)
            if step.slug not in honest:
                honest[step.slug] = _reds(kit, step, source, text)[1]
            place, sees = chance.choice(("import", "first", "last")), chance.choice(SEES)
            is_wrong = name == CANNED or chance.random() < 0.3
            if name == CANNED:
                text = canned(kit, step)
            else:
                text = faked(text, SHAPE_FAKES[name], step.slug, sees, place) + WRONG * is_wrong
            behaviour, shape = _reds(kit, step, source, text)
            said = [f"{name}, {place}, {sees or 'always'}, at the start of {step.slug}"]
            said += ["behaviour is green"] if is_wrong and not behaviour else []
            said += ["shape is greener"] if name != CANNED and shape < honest[step.slug] else []
            yield Trial(faked=": ".join(said) if len(said) > 1 else "")


def _reds(kit: Kit, step: Step, source: Path, text: str) -> tuple[int, int]:
    """Why behaviour and shape of a program are red: how many reasons. Many if it is refused."""
    source.write_text(text, "utf-8")
    workspace = source.parents[1]
    verdict = check_step(kit, step, workspace, lambda one: observe(kit, one, workspace, 60))
    if isinstance(verdict, Refusal):
        return MANY, MANY
    behaviour, shape = (
        0 if light.ok else MANY if any(map(ENDED.search, light.messages)) else len(light.messages)
        for light in (verdict.behaviour, verdict.shape)
    )
    return behaviour, shape


# Said once in the place of all that could not be looked at then.
ENDED = re.compile(r"ended Python itself|stopped: |cannot be looked at|could not run")
MANY = 99


def faked(text: str, fake: str, slug: str, sees: str, place: str) -> str:
    """The program with a fake in it: at its ``import``, or ``first`` or ``last`` in train()."""
    code = f"{sees}exec({fake.replace('{slug}', slug).strip()!r}, {{}})"
    if place == "import":
        return f"{text}\n{code}\n"
    where = "    return {" if place == "last" else "def train("
    head, found, tail = text.partition(where)
    assert found, text
    if place == "last":
        return f"{head}    {code}\n{found}{tail}"
    signature, _, body = tail.partition("\n")
    return f"{head}{found}{signature}\n    {code}\n{body}"


CANNED = "canned tables"


def canned(kit: Kit, step: Step) -> str:
    """A program that gives back the golden tables, whatever it is asked."""
    return CANNED_PROGRAM.format(seam=kit.kata.behaviour(step).seam)


# The tables as the learner's own golden record holds them, which is in the workspace.
CANNED_PROGRAM = """
import json
from pathlib import Path

import pandas as pd

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"


def {seam}(path):
    train, test = (pd.read_csv(GOLDEN / f"{{name}}_rows.csv", index_col=0) for name in ("train", "test"))
    return {{
        "X_train": train.drop(columns="Survived").rename_axis(None),
        "X_test": test.drop(columns=["Survived", "Predicted"]).rename_axis(None),
        "Y_train": train["Survived"].rename_axis(None),
        "Y_test": test["Survived"].rename_axis(None),
        "Y_pred": test["Predicted"].to_numpy(),
        **json.loads((GOLDEN / "metrics.json").read_text()),
    }}
"""


def step_of(kit: Kit, number: str) -> Step:
    """A step by its number."""
    step = kit.kata.step(number)
    assert not isinstance(step, Refusal)
    return step


# By name: what train() does and never comes back from, and what it starts.
ENDLESS = {
    "loop": "while True: pass",
    "prints": "while True: print('x' * 10**6)",
    "writes to the terminal's handle": "import os\n    while True: os.write(1, b'x' * 10**5)",
    "children": (
        "import subprocess\n    [subprocess.Popen(['sleep', '300']) for _ in range(20)]\n"
        "    while True: pass"
    ),
    "forks": (
        "import os\n    for _ in range(20):\n        if not os.fork():\n"
        "            while True: pass\n    while True: pass"
    ),
    "children of one that has ended": (
        "import subprocess\n    [subprocess.Popen(['sh', '-c', 'sleep 300 &']) for _ in range(20)]\n"
        "    raise ValueError('x')"
    ),
    "a thread that lingers": (
        "import threading, time\n    threading.Thread(target=time.sleep, args=(300,)).start()\n"
        "    return {}"
    ),
    "an exit handler that lingers": "import atexit, time\n    atexit.register(time.sleep, 300)\n    return {}",
    "deaf to signals": (
        "import signal\n    for number in (1, 2, 15): signal.signal(number, signal.SIG_IGN)\n"
        "    while True: pass"
    ),
}
ENDS = (None, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
"""None: the time limit."""
LIMIT_S, PATIENCE_S = 2, 60


def never_ends(chance: random.Random, folder: Path) -> Generator[Trial]:
    """`nbkata check` of code that never ends, ended by its time limit or by a signal."""
    kit = load_kit()
    assert not isinstance(kit, Refusal), kit
    workspace = create_workspace(folder / "workspace", kit).path
    lay_out(kit, step_of(kit, "05"), workspace)
    temporary, begun = folder / "tmp", workspace / "begun"
    while True:
        temporary.mkdir()
        name, end = chance.choice(list(ENDLESS)), chance.choice(ENDS)
        code = f"def train(path):\n    open({str(begun)!r}, 'w').close()\n    {ENDLESS[name]}\n"
        (workspace / "src" / "train.py").write_text(code, "utf-8")
        begun.unlink(missing_ok=True)
        late = _ended(workspace, temporary, begun, end, chance.random() * 0.5)
        left = [output for output in (late, left_behind(folder)) if output]
        if end != signal.SIGKILL:  # what this leaves, the next start sweeps away
            left += [path.name for path in temporary.iterdir()]
        shutil.rmtree(temporary)
        how = end.name if end else "time limit"
        yield Trial(left=f"{name}, {how}: {', '.join(left)[:400]}" if left else "")


def _ended(
    workspace: Path, temporary: Path, begun: Path, end: signal.Signals | None, after_s: float
) -> str:
    """Check, and end it so many seconds after the code has begun; what is wrong if that is late."""
    command = [sys.executable, "-m", "nbkata", "check", "06", "--timeout", str(LIMIT_S)]
    with subprocess.Popen(
        command,
        cwd=workspace,
        env={
            **os.environ,
            "TMPDIR": str(temporary),
            "NBKATA_CACHE": str(workspace.parent / "cache"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            if end is not None:
                limit = time.monotonic() + PATIENCE_S
                while not begun.exists() and process.poll() is None and time.monotonic() < limit:
                    time.sleep(0.01)
                time.sleep(after_s)
                process.send_signal(end)
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            return f"the check itself went on for {PATIENCE_S} s"
        finally:
            process.kill()
    return ""
