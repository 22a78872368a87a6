"""For operators: health, metrics, checks at the start, commands, and the import from Node."""
