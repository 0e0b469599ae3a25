"""A kata and its steps: lights, check, next, hints, guides, catch-up, hooks."""
