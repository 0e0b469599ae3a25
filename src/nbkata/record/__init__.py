"""Recording what code computes, comparing records, finding what is not deterministic."""
