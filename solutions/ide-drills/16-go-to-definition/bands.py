"""The names of the bands."""

OLDEST = "elder"
OTHERS = "younger"
