"""Code smells: their checkers, catalogue, pages, and the pylint plugin."""
