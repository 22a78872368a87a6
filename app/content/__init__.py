"""Pieces of content: what is stored, and who may do what with it."""
