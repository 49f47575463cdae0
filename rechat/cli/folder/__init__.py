"""What makes a folder of transcripts and keeps it in order: its findings, layout, figures, git."""
