"""The outbox: a state change and its consequences are stored in one write, and a relay carries them out later."""
