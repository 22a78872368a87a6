"""What a text keeps of its brief, and what else about it deserves a look: pure functions, no network, no storage."""
