"""What keeps a folder of transcripts in order: its layout, its figures, what is left over."""
