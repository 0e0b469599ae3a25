"""Writes to a workspace that can be undone, snapshots, and the journal."""
