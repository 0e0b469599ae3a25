"""Writing the cheat sheet and the trainer, as pages or as PDF."""

import shutil
import subprocess
from pathlib import Path

from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.pages import render
from nbkata.common.shell.paths import shown_path
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.keys.core.cheat_sheet import GROUPS, legend, lines
from nbkata.keys.core.keys import Keymaps, Platform
from nbkata.keys.core.trainer import trainer_cards
from nbkata.workspace.shell.outputs import Kind, write_output, write_page

# Those that print without a window.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
PRINTING_S = 60


def cheat_sheet(keymaps: Keymaps, place: Platform) -> str:
    """A complete HTML page, one A4 page when printed."""
    return render(
        "keys/cheat_sheet.html",
        title=f"{place.title}: the keys",
        place=place,
        groups=[(title, lines(keymaps, place, group)) for group, title in GROUPS.items()],
        legend=legend(keymaps.of(place), place),
    )


def trainer_page(keymaps: Keymaps, place: Platform) -> str:
    """The trainer, beginning with the keymap of ``place``; it needs no network."""
    return render(
        "keys/trainer.html", title="Shortcut trainer", keymaps=trainer_cards(keymaps, place)
    )


def write_cheat_sheet(path: Path, keymaps: Keymaps, place: Platform) -> Path | Refusal:
    """As ``.html``, or as ``.pdf`` where a Chromium can print it."""
    page = cheat_sheet(keymaps, place)
    if path.suffix.lower() == ".pdf":
        return _print(path, page)
    return write_page(path, page, "the cheat sheet is written as .html or .pdf.")


def write_trainer(path: Path, keymaps: Keymaps, place: Platform) -> Path | Refusal:
    """As ``.html``; ``place`` is the keymap that it begins with."""
    return write_page(path, trainer_page(keymaps, place), "the trainer is written as .html.")


def _print(path: Path, page: str) -> Path | Refusal:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        hint = "Write it as .html and print that from your browser."
        return Refusal("no Chromium is here to print it.", shown_path(path), hint)
    with TemporaryFolder() as folder:
        source, printed = Path(folder, "keys.html"), Path(folder, "keys.pdf")
        source.write_text(page, encoding="utf-8")
        command = [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", f"--user-data-dir={folder}/profile"),
            *("--no-pdf-header-footer", f"--print-to-pdf={printed}", source.as_uri()),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=PRINTING_S, check=False)
            content = printed.read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            hint = "Write it as .html and print that from your browser."
            return Refusal(f"it could not be printed ({error}).", shown_path(path), hint)
    return write_output(path, content, Kind.PRINT) or path
