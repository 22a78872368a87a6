"""How much each person may generate and store."""
