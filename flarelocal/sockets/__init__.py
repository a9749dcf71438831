"""WebSocket connections: within the process, and to the network."""
