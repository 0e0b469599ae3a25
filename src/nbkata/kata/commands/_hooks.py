"""What `hooks` and `check --hooks` share: running the workspace's hooks, and showing what they say."""

from collections.abc import Sequence

from nbkata.common.core.refusal import or_refuse
from nbkata.kata.commands._opened import Opened
from nbkata.kata.shell.hooks import Ran, read_hooks, run
from nbkata.terminal import plain


def ran_on_all(found: Opened) -> list[Ran]:
    """The hooks on all files, as a CI server runs them."""
    hooks = or_refuse(read_hooks(found.workspace.path))
    return run(found.workspace, hooks, found.workspace.files())


def show_ran(ran: Sequence[Ran]) -> None:
    """A line for each hook, and what it complains of below."""
    for one in ran:
        sign = ("✓" if one.ok else "✗") if plain.can("✓") else ("ok" if one.ok else "NO")
        plain.show([f"  {plain.coloured(sign, '32' if one.ok else '31')}  {one.hook.name}"])
        if not one.ok:
            plain.show([f"     {line}" for line in one.output.splitlines()])
