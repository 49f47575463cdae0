"""What a hand-written conversation says that its author may not have meant, one module a kind."""
