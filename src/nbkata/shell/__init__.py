"""Everything that touches the world: files, kernels, processes."""
