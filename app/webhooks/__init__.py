"""Webhooks: what happened is told to addresses that people name, signed as Standard Webhooks."""
