"""What operators see and do: people, their limits, the queue, failures, and a record of every act."""
