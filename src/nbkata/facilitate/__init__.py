"""For those who lead a workshop: run sheet, and all else a room needs."""
