"""Socket.IO connections, the event log, live text, and server-sent event streams."""
