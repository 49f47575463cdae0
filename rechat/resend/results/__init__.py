"""What came of asking, in memory and on the disk."""
