"""What a program that `rechat run` starts is told, so that its requests come here."""
