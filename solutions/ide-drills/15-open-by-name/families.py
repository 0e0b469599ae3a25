"""How many make a large family."""

LARGE = 5
