"""Socket.IO: who may connect, and what is sent to whom."""
