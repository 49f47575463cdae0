"""Web sockets: Responses asked and answered in messages."""
