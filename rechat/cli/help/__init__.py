"""Help at the prompt: help texts, examples, the nearest command, completion."""
