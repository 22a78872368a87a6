"""What operators see and do: health, metrics, checks at the start, commands, the import from Node."""
