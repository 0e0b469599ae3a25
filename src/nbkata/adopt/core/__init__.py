"""A stranger's notebook on its way to a workspace: what it needs, becomes, and should become."""
