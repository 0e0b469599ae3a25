"""An expected failure as a value: what is wrong, where, and the next command."""

from typing import NamedTuple, TypeVar


class Refusal(NamedTuple):
    """What a function returns instead of its result when the input cannot be used.

    The command line prints it as one message and exits with code 2.
    """

    what: str  # one sentence, without the place
    where: str = ""  # the file, and the cell or line in it: ``notebooks/a b.ipynb, cell 7``
    next_step: str = ""  # what to do now: a command or one sentence
    limit: str = ""  # which limit ended a run of the learner's code, if one did: ``timed out``

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        between = "" if self.what.endswith("\n") else " "  # below a listing it begins its own line
        return f"{place}{self.what}" + (f"{between}{self.next_step}" if self.next_step else "")


class Refused(Exception):
    """A command cannot go on: the command line prints the refusal and exits with code 2."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


_Value = TypeVar("_Value")


def or_refuse(value: _Value | Refusal) -> _Value:
    """Return the value; end the command if it is a refusal. For commands alone."""
    if isinstance(value, Refusal):
        raise Refused(value)
    return value
