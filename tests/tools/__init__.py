"""The development tools that the other tests and `make run` rely on."""
