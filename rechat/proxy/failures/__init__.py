"""What is told of upstreams that fail, and how it is found out."""
