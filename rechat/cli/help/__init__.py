"""What helps at the prompt: help, examples, the nearest command, completion."""
