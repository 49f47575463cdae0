"""The results of asking, in memory and on the disk."""
