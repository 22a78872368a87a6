"""Batches: up to 500 requests for texts at once, from JSON or a spreadsheet."""
