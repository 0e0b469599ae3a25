"""The edges of the age bands."""

EDGES = [0, 12, 20, 40, 64]
