"""The tools of development, as the other tests and `make run` rely on them."""
