"""What was asked of the model, and what it cost: one row for each call."""
