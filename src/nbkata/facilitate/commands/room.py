"""`nbkata facilitate room`: who is where, who needs somebody first, on a page of the local network."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, Refused, or_refuse
from nbkata.common.shell.locks import Held, do_not_wait, hold
from nbkata.common.shell.paths import shown_path
from nbkata.facilitate.commands._plan import KataOption
from nbkata.facilitate.core.admission import shown_code
from nbkata.facilitate.core.room import Plan
from nbkata.facilitate.shell.room_files import HOME, Room, open_room
from nbkata.kata.shell.kit import FIRST, Kit, load_kit
from nbkata.kata.shell.room import known_mistakes
from nbkata.terminal import screen
from nbkata.workspace.core.room import DEFAULT_PORT


def room(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Serve here.")] = DEFAULT_PORT,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Watch a shared folder: for a Wi-Fi that isolates clients."
        ),
    ] = None,
    kata: KataOption = FIRST,
    from_one_address: Annotated[
        int, typer.Option(min=1, help="People who may join from one network address.")
    ] = 20,
) -> int:
    """Show who is at which step and who needs help, on a page for you. Learners join if they want to.

    What they send is kept in nbkata-room/ here, so that the room may be ended and opened again.
    """
    kit = or_refuse(load_kit(name=kata))
    opened = or_refuse(open_room(Path(HOME), folder))
    lock = opened.home / "lock"
    try:
        lock.touch()
        with hold(lock, do_not_wait):
            return _served(opened, kit, port, from_one_address)
    except KeyboardInterrupt:  # that is how it ends
        return 0
    except Held:
        hint = "End that one first (Ctrl-C), or go to another folder."
        raise Refused(
            Refusal("this room is open already.", shown_path(lock.parent), hint)
        ) from None


def _served(opened: Room, kit: Kit, port: int, from_one_address: int) -> int:
    # pylint: disable-next=import-outside-toplevel # tornado, which --help need not load
    from nbkata.facilitate.shell.room_server import Desk, bound, own_address, serve

    try:
        sockets = bound("127.0.0.1" if opened.shared else "0.0.0.0", port)
    except OSError as error:
        hint = f"Take another one: nbkata facilitate room --port {port % 65535 + 1}"
        raise Refused(Refusal(f"port {port}: {error.strerror}.", "--port", hint)) from None
    address = own_address()
    place = address if port == DEFAULT_PORT else f"{address}:{port}"
    join = str(opened.shared.absolute()) if opened.shared else f"{place} {shown_code(opened.code)}"
    mistakes = {step.slug: dict(known_mistakes(kit, step.slug)) for step in kit.kata.steps}
    desk = Desk(opened, Plan(kit.name, kit.kata.steps, mistakes), from_one_address, join)
    screen.out.print(
        screen.pointers(
            page=f"http://127.0.0.1:{port}/{opened.key}/",
            join=f"nbkata join {join}",
            call="nbkata facilitate call 07",
            kept=f"{shown_path(opened.home)} (delete it when the workshop is over)",
        )
    )
    screen.out.print("  Ctrl-C ends it. The same command opens it again, with all that was sent.")
    with suppress(asyncio.CancelledError):
        asyncio.run(serve(desk, sockets))
    return 0
