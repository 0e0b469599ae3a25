"""Fixtures and learner-friendly failure reports for the shape tests."""
