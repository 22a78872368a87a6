"""Pieces of content: what is stored, who may do what with it."""
