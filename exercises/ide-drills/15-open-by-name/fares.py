"""The edges of the fare bands."""

EDGES = [0, 8, 14, 31]
