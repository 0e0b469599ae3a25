"""Adopting a notebook: the stages that read, run and write."""
