"""A person's account as a whole: taken away, deleted with everything, and opened again with a link of the operator."""
