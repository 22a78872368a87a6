"""Templates: generation requests with variables that are filled in for each use."""
