"""Bindings, modules and frames, from the tree alone."""
