"""Where texts come from: the interface, and one file for each model provider."""
