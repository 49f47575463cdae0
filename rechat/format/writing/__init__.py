"""Values to Markdown, in a file that is there already."""
