"""Titles that are rare."""

RARE = {"Mlle": "Miss", "Ms": "Miss", "Mme": "Mrs"}
