"""HTTP glue that the blueprints share: envelope, errors, authentication by default, request parsing."""
