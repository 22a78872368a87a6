"""Templates: requests for a text with variables, filled in for each use."""
