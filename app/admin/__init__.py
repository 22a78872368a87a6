"""The operators' API: users and their limits, the queue, failures, usage, and an audit log."""
