"""What `catch-up` and `reset` show: the step, and what became of each file."""

from rich.text import Text

from nbkata.kata.commands._opened import called
from nbkata.kata.commands._step_lines import step_title
from nbkata.kata.core.kata import Step
from nbkata.kata.shell.catch_up import CaughtUp
from nbkata.kata.shell.kit import Kit
from nbkata.terminal import plain, screen


def show_moved(kit: Kit, step: Step, done: CaughtUp) -> int:
    """The head of the step, file by file what was done, how to go on. Returns the exit code."""
    plain.show(step_title(step, kit.kata))
    if done.base is not None:
        message = (
            f"Your files are nearest to the start of step {done.base.number}: merged from there."
        )
        screen.out.print(f"\n  {message}")
    if done.outcomes:
        screen.out.print(screen.table_of([(o.name, o.message) for o in done.outcomes]))
    if done.snapshot is None:
        screen.out.print("  Nothing to do: your files are as this step starts.\n")
    elif done.outcomes:
        number = done.snapshot.number
        message = f"  {called()} undo brings back what was there (it is kept as number {number})."
        screen.print_hanging(Text(message), 2)
    plain.show(plain.pointers(guide=f"{called()} guide", then=f"{called()} check"))
    return 0
