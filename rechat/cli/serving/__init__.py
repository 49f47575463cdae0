"""The commands that serve transcripts: `record`, `replay`, `run`."""
