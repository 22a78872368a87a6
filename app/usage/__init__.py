"""Token usage and cost, with one row for each call to the model."""
