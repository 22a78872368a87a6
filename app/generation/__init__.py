"""Generations, from the accepted request to the text: scheduling, attempts, providers, recovery."""
