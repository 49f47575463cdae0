"""The questions that transcripts hold, and which of them are asked."""
