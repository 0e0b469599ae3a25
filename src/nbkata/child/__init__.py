"""Running other people's code in processes of its own: starting, warming, limiting, ending."""
