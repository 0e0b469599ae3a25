"""`./go`: Python, the environment and what is installed in it, by the standard library alone."""
