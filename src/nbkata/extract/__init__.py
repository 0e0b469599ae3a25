"""What to extract from a notebook first."""
