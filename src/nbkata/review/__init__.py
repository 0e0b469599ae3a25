"""Pull requests to review, and how well they were judged."""
