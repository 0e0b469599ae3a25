"""Both lights after each save."""
