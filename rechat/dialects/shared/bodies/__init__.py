"""What a body is made of: its charset, and events, a form, JSON or an array around an answer."""
