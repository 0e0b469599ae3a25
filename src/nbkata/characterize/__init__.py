"""Writing characterization tests."""
