"""The deck is the first letter of a cabin."""

LETTERS = "ABCDEFGT"
