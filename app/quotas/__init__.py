"""Quotas: how much each user may generate and store."""
