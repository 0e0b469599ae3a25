"""Whether a change made the safety net weaker."""
