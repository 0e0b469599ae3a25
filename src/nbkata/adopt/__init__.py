"""The learner's own notebook becomes a kata."""
