"""What every command prints with; it knows no kata."""
