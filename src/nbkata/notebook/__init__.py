"""Reading texts and notebooks, running notebooks."""
