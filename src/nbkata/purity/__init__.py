"""Which functions are pure: by their text, and by calling them again."""
