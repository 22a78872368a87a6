"""Rewriting a passage: a run of its own, whose answer is put into the text only when its owner accepts it."""
