"""What the text of Python code says of its names: who binds them, and which of them are frames."""
