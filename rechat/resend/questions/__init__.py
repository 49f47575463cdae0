"""The questions in transcripts, and which of them are asked."""
