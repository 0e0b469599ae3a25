"""What the exercises' tests ask, and the pytest plugin that lets them."""
