"""HTTP infrastructure: blueprints, the envelope, errors, rate limits, request parsing, the reference, connections."""
