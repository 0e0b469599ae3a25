"""The names of the groups, for the report."""

OLDEST = "senior"
OTHERS = "adult"
