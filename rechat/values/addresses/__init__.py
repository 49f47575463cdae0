"""Where servers are, as people write it."""
