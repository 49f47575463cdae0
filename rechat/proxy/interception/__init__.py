"""What goes through the proxy to others, and how programs come to it without being told."""
