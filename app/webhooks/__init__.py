"""Webhooks: events are sent to URLs that users register, signed as Standard Webhooks."""
