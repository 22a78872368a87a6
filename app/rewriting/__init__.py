"""Rewriting a passage: a separate generation run whose result changes the text only when its owner accepts it."""
