"""A whole cohort's workspaces, checked safely and at any size."""
