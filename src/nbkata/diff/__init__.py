"""What differs: steps, workspaces, notebooks."""
