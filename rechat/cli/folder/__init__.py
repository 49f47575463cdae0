"""Creates a folder of transcripts and maintains it: findings, layout, statistics, git."""
