"""What a person reads of a folder: conversations, who answers a request, what differs."""
