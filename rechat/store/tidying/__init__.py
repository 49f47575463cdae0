"""What keeps the files of a folder tidy: their layout, and what nothing needs any more."""
