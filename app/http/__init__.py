"""What all blueprints share: the envelope, errors, authentication by default, limits and request parsing."""
