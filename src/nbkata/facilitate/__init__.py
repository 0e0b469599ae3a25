"""For who leads a workshop: run sheet, and what else a room needs."""
