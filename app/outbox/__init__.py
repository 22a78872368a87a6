"""The outbox: the consequences of a state change are written together with it, and a relay carries them out later."""
