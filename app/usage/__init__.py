"""What the calls to the model cost, with one row for each call."""
