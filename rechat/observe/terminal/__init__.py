"""What people read in a terminal, a pipe or a log: requests, conversations, differences."""
