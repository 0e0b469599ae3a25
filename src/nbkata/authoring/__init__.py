"""For authors: the proof of every step."""
