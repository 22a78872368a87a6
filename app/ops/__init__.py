"""Operations: health, metrics, startup checks, commands, and the import from the Node version."""
