"""Questions on their way: asked, read and kept."""
