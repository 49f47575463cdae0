"""One module for each kind of format that is written."""
