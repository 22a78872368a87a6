"""The outbox: what follows from a state change is written with the change, and carried out afterwards by one relay."""
