"""From an accepted request to a text: schedule, queue, attempts, Gemini, recovery."""
