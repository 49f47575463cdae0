"""Values to Markdown, in an existing file."""
