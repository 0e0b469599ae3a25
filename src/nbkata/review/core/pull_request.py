"""A pull request of an assistant's: what it says, what it changes, and what is true of it."""

import re
import tomllib
from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why a pull request is sent back."""

    MOVED = "moved"
    BUGFIX = "bugfix"
    LEAK = "leak"
    NET = "net"
    HIDDEN = "hidden"
    BIG = "big"


# As a menu shows them.
MEANING = {
    Reason.MOVED: "a result is not what it was",
    Reason.BUGFIX: "a known bug is fixed on the way",
    Reason.LEAK: "the model sees rows that it is tested on",
    Reason.NET: "a test or the golden record is changed to fit the code",
    Reason.HIDDEN: "an error is swallowed",
    Reason.BIG: "more than one idea: nobody can review it",
}


class PullRequest(NamedTuple):
    """One of them, as its step's folder holds it."""

    number: int
    title: str
    description: str
    on: str  # the slug of the step whose checkpoint it changes
    is_right: bool  # it moves nothing and keeps all lights
    reasons: tuple[Reason, ...]  # those that hit it; none of one that is right
    moves: str  # what the behaviour light says then; empty: nothing that it sees
    why: str  # shown after the answer
    assertion: str  # a test that passes before it and fails with it; none of one that is right
    patch: str
    imports: str  # what assertions of this kata need above them

    @property
    def test_module(self) -> str:
        """Its assertion as a file of tests."""
        return f"{self.imports}\n\n{self.assertion}"

    @property
    def lines(self) -> list[str]:
        """Its description: a paragraph or an item of a list each, with the line ends taken out."""
        parts = re.split(r"\n\n|\n(?=- )", self.description)
        return [part.replace("\n", " ") for part in parts]


def pull_request_from_toml(number: int, text: str, patch: str, imports: str) -> PullRequest:
    """From its two files, and the imports that all share. Raises ``ValueError`` if they are not as they must be."""
    try:
        found = tomllib.loads(text)
        request = PullRequest(
            number=number,
            title=str(found["title"]),
            description=str(found["description"]).strip(),
            on=str(found["on"]),
            is_right=found["right"] is True,
            reasons=tuple(map(Reason, found.get("reasons", ()))),
            moves=str(found.get("moves", "")).strip(),
            why=str(found["why"]).strip(),
            assertion=str(found.get("assertion", "")).strip(),
            patch=patch,
            imports=imports,
        )
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise ValueError(f"pull request {number}: {error}") from error
    if request.is_right == bool(request.reasons) or request.is_right == bool(request.assertion):
        raise ValueError(f"pull request {number}: reasons and an assertion say why it is wrong")
    return request
