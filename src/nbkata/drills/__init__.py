"""IDE drills."""
