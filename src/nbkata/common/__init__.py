"""What every room may need: refusals, files, locks, the cache, the clock, paths, processes, pages."""
