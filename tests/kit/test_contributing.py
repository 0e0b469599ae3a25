"""CONTRIBUTING.md shows the house as it is, and names nothing that is not there.

`python tests/kit/test_contributing.py` draws the picture anew.
"""

import re
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "CONTRIBUTING.md"
PICTURE = re.compile(r"(?<=<!-- rooms -->\n)(.*?)(?=<!-- /rooms -->)", re.DOTALL)


def rooms() -> dict[str, set[str]]:
    """Each room with those that it imports."""
    graph = grimp.build_graph("nbkata", cache_dir=None)
    package = ROOT / "src" / "nbkata"
    found: dict[str, set[str]] = {
        path.name: set() for path in package.iterdir() if (path / "__init__.py").is_file()
    }
    found.pop("shell", None)  # old names, kept for the hooks of older workspaces
    for module in graph.modules:
        room = (module.split(".") + [""])[1]
        for other in graph.find_modules_directly_imported_by(module):
            used = (other.split(".") + [""])[1]
            if room in found and used in found and used != room:
                found[room].add(used)
    return found


def picture() -> str:
    """The rooms from the commands down, an arrow for each import that no other arrow implies."""
    direct = rooms()

    def reached(room: str) -> set[str]:
        return direct[room].union(*(reached(other) for other in direct[room]))

    arrows = [
        f"  {room} --> {other}"
        for room in sorted(direct)
        for other in sorted(direct[room])
        if not any(other in reached(between) for between in direct[room] - {other})
    ]
    return "\n".join(["```mermaid", "flowchart TD", *arrows, "```", ""])


def test_the_picture_of_the_rooms_is_drawn_from_the_imports() -> None:
    shown = PICTURE.search(PAGE.read_text(encoding="utf-8"))
    assert shown and shown[1] == picture(), "run: python tests/kit/test_contributing.py"


def test_every_room_has_its_line_and_every_path_on_the_page_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE)) == sorted(rooms())
    named = re.findall(r"`((?:src|tests|exercises|solutions|benchmarks)/[\w./-]*)`", text)
    assert len(named) > 10
    placeholder = re.compile(r"/(NAME|NN-name)\b")
    assert not [n for n in named if not placeholder.search(n) and not (ROOT / n).exists()]


if __name__ == "__main__":
    old = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(PICTURE.sub(lambda _: picture(), old), encoding="utf-8", newline="\n")
