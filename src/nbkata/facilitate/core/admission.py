"""Who may join a room, and how much they may send: what keeps one learner from spoiling it for the others."""

from typing import NamedTuple

# Signs of a code that nobody confuses when it is read out or off a wall.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# 30 ** 8 codes: at 5,000 guesses a second, half of them take two years.
CODE_SIGNS = 8
MOST_PEOPLE = 500


class Bucket(NamedTuple):
    """A token bucket: ``most`` at once, ``a_second`` in the long run."""

    most: float
    a_second: float
    left: float
    # When ``left`` was so, in seconds of any clock that only goes on.
    at: float

    def taken(self, count: float, now: float) -> "Bucket | None":
        """The bucket without so many; None if it does not hold them."""
        left = min(self.most, self.left + (now - self.at) * self.a_second)
        return Bucket(self.most, self.a_second, left - count, now) if left >= count else None


def full_bucket(most: float, a_second: float) -> Bucket:
    """A bucket that nothing was taken from."""
    return Bucket(most, a_second, most, 0.0)


def shown_code(code: str) -> str:
    """As it is read out: ``7QXM-4KTP``."""
    return f"{code[: CODE_SIGNS // 2]}-{code[CODE_SIGNS // 2 :]}"


def typed_code(text: str) -> str:
    """The code that somebody typed, in their way."""
    return "".join(sign for sign in text[:100].upper() if sign in ALPHABET)


class Door(NamedTuple):
    """What is known when somebody wants to join."""

    people: int
    # Who joined from the same address.
    from_one_address: int
    most_from_one: int

    def refused(self) -> str:
        """Why nobody else may join; empty if they may."""
        if self.people >= MOST_PEOPLE:
            return f"The room is full: it holds {MOST_PEOPLE} people."
        if self.from_one_address >= self.most_from_one:
            return (
                f"{self.most_from_one} people joined from your network address. If the room shares "
                "one, the facilitator opens it again with --from-one-address 300."
            )
        return ""
