"""`nbkata facilitate pack`: all that a room without a network needs, in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from nbkata.common.core.refusal import Refusal, or_refuse
from nbkata.common.shell.paths import shown_path
from nbkata.facilitate.core.pack import PYTHONS, SYSTEMS, USUAL_PYTHONS, wanted_targets
from nbkata.facilitate.shell.pack import Packed, make_pack
from nbkata.kata.shell.kit import kit_root
from nbkata.terminal import plain


def pack(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or an older pack.")],
    system: Annotated[
        list[str] | None, typer.Option(help=f"Only these systems: {', '.join(SYSTEMS)}.")
    ] = None,
    python: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Only these Pythons, of {', '.join(PYTHONS)}; by default {', '.join(USUAL_PYTHONS)}."
        ),
    ] = None,
) -> int:
    """Fill a folder with the clone, the packages, the hand-outs and their checksums.

    A learner copies it and runs ./go --from DIR, without any network. The packages come from the
    index that pip is set to here; all systems together need about 2 GB.
    """
    targets = or_refuse(wanted_targets(system or [], python or []))
    try:
        packed = make_pack(folder, kit_root(), targets)
    except OSError as error:
        place = Path(error.filename) if isinstance(error.filename, str) else folder
        what = f"it cannot be written ({error.strerror})."
        return plain.refuse(Refusal(what, shown_path(place), "Name a folder that you may write."))
    return _show(or_refuse(packed), folder)


def _show(packed: Packed, folder: Path) -> int:
    short = [target for target in packed.targets if target.missing]
    plain.show(
        [
            *(f"The index has no wheel of {', '.join(it.missing)} for {it}." for it in short),
            f"Packed for {len(packed.targets) - len(short)} of {len(packed.targets)} systems and "
            f"Pythons: {shown_path(folder)}, {packed.size_bytes / 1e6:,.0f} MB.",
            *plain.pointers(then=f"./go --from {shown_path(folder)}"),
        ]
    )
    if packed.has_uncommitted:
        plain.note("Changes that you have not committed are not in it.")
    return 1 if short else 0
