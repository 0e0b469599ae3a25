"""Figures of every step, as a table and a page."""
