"""`nbkata facilitate huddle`: the kit's cards and the room's."""

from pathlib import Path

import pytest
from conftest import Nbkata

MESSY = 'password = "hunter2hunter2"\nimport os\nprint("a")\n'


@pytest.fixture(name="nbkata")
def fixture_nbkata(nbkata_inside: Nbkata) -> Nbkata:
    """In this process: none of these tests asks how one begins and ends."""
    return nbkata_inside


@pytest.fixture(autouse=True)
def fixture_files(tmp_path: Path) -> None:
    (tmp_path / "a b.py").write_text(MESSY, encoding="utf-8")
    (tmp_path / "own.txt").write_text("3 20 Nobody <b>knows</b> the input\n", encoding="utf-8")
    (tmp_path / "bad.txt").write_text("Nobody knows\n", encoding="utf-8")


def test_the_rooms_cards_hang_among_the_kits(nbkata: Nbkata):
    done = nbkata("facilitate", "huddle", ".", "--cards", "own.txt")
    assert done.returncode == 0, done.stderr
    first, low = done.stdout.index("  comes first"), done.stdout.index("  low-hanging fruit")
    assert first < done.stdout.index("secret-in-code: A password") < low
    assert low < done.stdout.index("  20 min  Nobody <b>knows</b> the input")


def test_the_cards_to_print_leave_room_for_more(nbkata: Nbkata, tmp_path: Path):
    done = nbkata("facilitate", "huddle", "a b.py", "--cards", "own.txt", "--html", "cards.html")
    assert done.stdout.startswith(f"Wrote {tmp_path / 'cards.html'}\n"), done.stderr
    page = (tmp_path / "cards.html").read_text(encoding="utf-8")
    assert "Nobody &lt;b&gt;knows&lt;/b&gt; the input" in page
    assert page.count('<li class="blank">') == 4


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["gone.ipynb"], "gone.ipynb: there is no such file."),
        (["a b.py", "--cards", "gone.txt"], "gone.txt: there is no such file."),
        (["a b.py", "--cards", "bad.txt"], "bad.txt: line 1 is no card: Nobody knows. Write lines"),
    ],
)
def test_what_cannot_be_used_is_named(arguments: list[str], complaint: str, nbkata: Nbkata):
    done = nbkata("facilitate", "huddle", *arguments)
    assert done.returncode == 2 and complaint in " ".join(done.stderr.split()), done.stderr
