"""The commands for handling a miss."""
