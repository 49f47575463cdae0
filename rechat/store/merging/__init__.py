"""Two versions of a transcript become one: what both branches added to it is joined."""
