"""Pure functions and frozen dataclasses: no I/O, clock, randomness, environment or printing."""
