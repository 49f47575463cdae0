"""The environment of programs that `rechat run` starts, which directs their requests here."""
